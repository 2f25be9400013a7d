"""One-click sign-in for the sample's people. It exists on a demo only; elsewhere it is a 404."""

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.invitations import BACKEND

SALT, PASSWORD_SALT = "accounts.demo", "accounts.demo.password"
MAX_AGE_S = 24 * 60 * 60


def ticket_for(user: User) -> str:
    """What the printed link carries: signed, for this person, for a day."""
    return signing.dumps(user.pk, salt=SALT)


def password() -> str:
    """What the sample's people sign with: the same at every start, guessed by nobody else."""
    words = salted_hmac(PASSWORD_SALT, "", algorithm="sha256").hexdigest()
    return "-".join(("sample", words[:4], words[4:8], words[8:12]))


@require_safe
def sign_in(request: HttpRequest, ticket: str) -> HttpResponse:
    """Sign in as a person of the sample."""
    if not settings.DEMO:
        raise Http404
    try:
        pk = signing.loads(ticket, salt=SALT, max_age=MAX_AGE_S)
    except signing.BadSignature as error:
        raise Http404 from error
    user = get_object_or_404(User, pk=pk, is_sample=True, is_active=True)
    login(request, user, backend=BACKEND)
    return redirect("home")
