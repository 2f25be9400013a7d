"""Proving again who one is, for one act: the password typed just now, or a passkey used for it.

Nothing is remembered: a proof serves the act that it was given for, and no other.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from fido2.webauthn import UserVerificationRequirement

from accounts.models import User
from gate.text import BadText, read_json

SESSION_KEY = "proof.challenge"
CHALLENGE_SECONDS = 300


class NotProved(Exception):
    """Nothing was signed."""

    http_status = 422


class TooManyTries(NotProved):
    """Somebody may be guessing."""

    http_status = 429


@dataclass(frozen=True)
class Ways:
    """How a person can prove who they are."""

    password: bool
    passkey: bool

    def __bool__(self) -> bool:
        return self.password or self.passkey


def ways(user: User) -> Ways:
    """At most one query."""
    return Ways(password=user.has_usable_password(), passkey=_keys(user).exists())


def challenge(request: HttpRequest, user: User, *, purpose: str, at: datetime) -> dict[str, Any]:
    """What the browser asks the passkey to sign; kept in the session for `purpose`, once."""
    options, state = webauthn.get_server().authenticate_begin(
        credentials=webauthn.get_credentials(user),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    until = at.timestamp() + CHALLENGE_SECONDS
    request.session[SESSION_KEY] = {"purpose": purpose, "until": until, "state": state}
    return dict(options)


def by_password(request: HttpRequest, user: User, password: str) -> None:
    """Returns where the password is the person's; else `NotProved`. At most ten tries a minute."""
    if not user.has_usable_password():
        raise NotProved(_("Your account has no password. Sign with your passkey, on the page."))
    if not password:
        raise NotProved(_("Type your password to sign. Nothing was signed yet."))
    _count(request, user)
    if not user.check_password(password):
        raise NotProved(_("This is not your password. Nothing was signed; type it again."))


def by_passkey(
    request: HttpRequest, user: User, credential: str, *, purpose: str, at: datetime
) -> None:
    """Returns where a passkey of this person signed this purpose's challenge; else `NotProved`."""
    _count(request, user)
    asked = request.session.pop(SESSION_KEY, None)
    if not asked or asked["purpose"] != purpose or asked["until"] < at.timestamp():
        raise NotProved(
            _("The passkey was asked too long ago, or for something else. Use it again.")
        )
    key = _key_behind(user, credential, asked["state"])
    if key is None:
        raise NotProved(
            _("This passkey does not open your account. Nothing was signed; try again.")
        )
    key.record_usage()


def _key_behind(user: User, credential: str, state: dict[str, Any]) -> Authenticator | None:
    try:
        said = read_json(credential, where=_("The passkey's answer"))
        webauthn.parse_authentication_response(said)
        known = webauthn.get_credentials(user)
        used = webauthn.get_server().authenticate_complete(state, known, said)
    except (BadText, ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return webauthn.get_authenticator_by_credential_id(user, used.credential_id)


def _keys(user: User) -> Any:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)


def _count(request: HttpRequest, user: User) -> None:
    """Shared with allauth's own page that asks for the password again."""
    if not ratelimit.consume(request, action="reauthenticate", user=user):
        raise TooManyTries(_("Too many tries. Nothing was signed; wait a minute and try again."))
