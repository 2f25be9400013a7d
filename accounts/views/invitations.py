"""The way in: an invitation becomes an account, once."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms import AcceptForm
from accounts.models import Invitation

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """A name and a password, then the person is signed in."""
    invitation = Invitation.objects.usable(token=token, at=timezone.now())
    if invitation is None:
        return render(request, "accounts/invitation_gone.html", status=410)
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.accept_invitation(token=token, at=timezone.now(), **form.cleaned_data)
        except actions.NotPossible:
            return render(request, "accounts/invitation_gone.html", status=410)
        login(request, user, backend=BACKEND)
        return redirect("home")
    status = 422 if form.is_bound else 200
    context = {"form": form, "email": invitation.email}
    return render(request, "accounts/accept.html", context, status=status)
