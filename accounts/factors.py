"""Second factors: whether a person has one, and whether this very sign-in used it."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User


def has_one(user: User) -> bool:
    """Recovery codes alone are none: they stand in for a factor. One query."""
    return _own(user).exists()


def was_used(request: HttpRequest, user: User) -> bool:
    """Whether the session was opened or confirmed with a factor that the person still has."""
    records = get_authentication_records(request, user)
    used = [record.get("id") for record in records if record.get("method") == "mfa"]
    return bool(used) and Authenticator.objects.filter(user=user, pk__in=used).exists()


def place_to_confirm(user: User) -> str:
    """Where the person confirms with a factor of theirs."""
    has_code = _own(user).filter(type=Authenticator.Type.TOTP).exists()
    return reverse("mfa_reauthenticate" if has_code else "mfa_reauthenticate_webauthn")


def _own(user: User) -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return found.exclude(type=Authenticator.Type.RECOVERY_CODES)
