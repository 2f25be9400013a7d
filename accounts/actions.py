"""Everything that changes people: users, roles, invitations, tokens; and the audit trail."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext

from accounts.models import ApiToken, AuditEvent, Grant, Invitation, User, token_digest
from accounts.roles import SCOPES, Role
from gate.text import accept


class NotPossible(Exception):
    """The action is refused; the message is for the person who asked."""

    http_status = 409


def record(*, by: User | None, verb: str, target: str, note: str = "") -> None:
    """Append to the audit trail."""
    AuditEvent.objects.create(by=by, verb=verb, target=target[:120], note=note)


@transaction.atomic
def create_user(
    *,
    by: User | None,
    email: str,
    name: str,
    roles: Iterable[str],
    password: str | None = None,
    is_sample: bool = False,
) -> User:
    """A new person with their roles. Without a password they cannot sign in by one."""
    email = accept(email.strip().lower(), where=gettext("The e-mail address"), limit=254)
    if User.objects.filter(email__iexact=email).exists():
        raise NotPossible(gettext("%(email)s has an account already.") % {"email": email})
    user = User(
        email=email, name=accept(name, where=gettext("The name"), limit=120), is_sample=is_sample
    )
    if password is not None:
        validate_password(password, user)
    user.set_password(password)
    user.save(force_insert=True)
    set_roles(by=by, user=user, roles=roles)
    return user


@transaction.atomic
def set_sample_password(*, password: str) -> None:
    """The sample's people sign with it. Quick when it is theirs already."""
    people = list(User.objects.filter(is_sample=True).order_by("email"))
    is_theirs = bool(people) and people[0].check_password(password)
    for user in people:
        if not (is_theirs and user.has_usable_password()):
            user.set_password(password)
            user.save(update_fields=["password"])


@transaction.atomic
def set_roles(*, by: User | None, user: User, roles: Iterable[str]) -> None:
    """Exactly these roles from now on."""
    wanted = {_role(role) for role in roles}
    if by and by.pk == user.pk and Role.ADMINISTRATOR in user.roles - wanted:
        raise NotPossible(
            gettext("You cannot give up the administration. Another administrator can.")
        )
    user.grants.exclude(role__in=wanted).delete()
    Grant.objects.bulk_create(
        [Grant(user=user, role=role) for role in wanted], ignore_conflicts=True
    )
    user.__dict__.pop("roles", None)
    user.__dict__.pop("permissions", None)
    record(by=by, verb="roles set", target=user.email, note=", ".join(sorted(wanted)))


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        allowed = ", ".join(Role.values)
        raise NotPossible(
            gettext("Role %(role)s is not known. Use one of: %(roles)s.")
            % {"role": repr(name), "roles": allowed}
        ) from None


@transaction.atomic
def invite(
    *, by: User | None, email: str, roles: Iterable[str], at: datetime
) -> tuple[Invitation, str]:
    """An invitation and its token. The token is shown once and never kept."""
    email = accept(email.strip().lower(), where=gettext("The e-mail address"), limit=254)
    if User.objects.filter(email__iexact=email).exists():
        raise NotPossible(gettext("%(email)s has an account already.") % {"email": email})
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email,
        roles=",".join(sorted(_role(role) for role in roles)),
        token_digest=token_digest(token),
        invited_by=by,
        expires_at=at + timedelta(days=settings.INVITATION_DAYS),
    )
    record(by=by, verb="invited", target=email, note=invitation.roles)
    return invitation, token


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str, at: datetime) -> User:
    """Turn an invitation into an account. It works once, for its own address, until it expires."""
    invitation = Invitation.objects.usable(token=token, at=at)
    claimed = invitation and Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, withdrawn_at=None
    ).update(accepted_at=at)
    if not invitation or not claimed:
        raise NotPossible(
            gettext("This invitation was used, withdrawn or has expired. Ask for a new one.")
        )
    return create_user(
        by=invitation.invited_by,
        email=invitation.email,
        name=name,
        roles=invitation.roles.split(","),
        password=password,
    )


@transaction.atomic
def withdraw_invitation(*, by: User, invitation: Invitation, at: datetime) -> None:
    """The link no longer works."""
    done = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=at
    )
    if not done:
        raise NotPossible(gettext("This invitation was already used or withdrawn."))
    record(by=by, verb="invitation withdrawn", target=invitation.email)


@transaction.atomic
def create_token(
    *, by: User | None, user: User, scope: str, days: int | None = None, name: str = ""
) -> str:
    """A REST token: returned once, kept as a digest, good for at most settings.TOKEN_DAYS days."""
    if scope not in SCOPES:
        raise NotPossible(
            gettext("Scope %(scope)s is not known. Use one of: %(scopes)s.")
            % {"scope": repr(scope), "scopes": ", ".join(SCOPES)}
        )
    days = settings.TOKEN_DAYS if days is None else days
    if not 1 <= days <= settings.TOKEN_DAYS:
        raise NotPossible(
            gettext("A token lives 1 to %(most)s days, not %(days)s.")
            % {"most": settings.TOKEN_DAYS, "days": days}
        )
    _, token = ApiToken.objects.create(
        user=user, expiry=timedelta(days=days), prefix="pss_", scope=scope, name=name[:80]
    )
    record(by=by, verb="token created", target=user.email, note=f"{scope}, {days} days")
    return str(token)


@transaction.atomic
def revoke_token(*, by: User, token: ApiToken) -> None:
    """The token stops working with the next request."""
    token.delete()
    record(by=by, verb="token revoked", target=by.email, note=token.name)


@transaction.atomic
def change_profile(*, by: User, name: str, profession: str, country: str, language: str) -> None:
    """A person's own details."""
    User.objects.filter(pk=by.pk).update(
        name=name, profession=profession, country=country, language=language
    )


@transaction.atomic
def set_active(*, by: User, user: User, is_active: bool) -> None:
    """Let a person in again, or keep them out: then their sessions and tokens end at once."""
    if user.pk == by.pk and not is_active:
        raise NotPossible(gettext("You cannot lock yourself out. Another administrator can."))
    if not User.objects.filter(pk=user.pk, is_active=not is_active).update(is_active=is_active):
        return
    record(by=by, verb="account opened" if is_active else "account closed", target=user.email)
    user.is_active = is_active
    if not is_active:
        end_sessions(by=by, user=user)
        revoke_tokens(by=by, user=user)


@transaction.atomic
def reset_factors(*, by: User, user: User) -> int:
    """Take away the second factors of somebody who lost them; who holds a session signs in anew."""
    if user.pk == by.pk:
        raise NotPossible(
            gettext("Change your own factors on your page, where they are asked for.")
        )
    n = int(Authenticator.objects.filter(user=user).delete()[0])
    record(by=by, verb="second factors taken away", target=user.email, note=str(n))
    end_sessions(by=by, user=user)
    return n


@transaction.atomic
def end_sessions(*, by: User, user: User) -> int:
    """Sign the person out everywhere. Reads every session: they do not say whose they are."""
    theirs = [
        session.pk
        for session in Session.objects.iterator(chunk_size=500)
        if session.get_decoded().get(SESSION_KEY) == user.pk
    ]
    for start in range(0, len(theirs), 500):
        Session.objects.filter(pk__in=theirs[start : start + 500]).delete()
    record(by=by, verb="signed out everywhere", target=user.email, note=str(len(theirs)))
    return len(theirs)


@transaction.atomic
def revoke_tokens(*, by: User, user: User) -> int:
    """All their programs are locked out."""
    n = int(ApiToken.objects.filter(user=user).delete()[0])
    record(by=by, verb="tokens revoked", target=user.email, note=str(n))
    return n
