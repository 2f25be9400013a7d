"""People come in by invitation only, once, in time, for their own address."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import actions
from accounts.models import ApiToken, AuditEvent, Invitation, User
from tests.people import PASSWORD

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


def accepted(token: str, at: datetime = AT) -> User:
    return actions.accept_invitation(token=token, name="Ada", password=PASSWORD, at=at)


@pytest.mark.django_db
def test_an_invitation_makes_an_account_with_its_roles() -> None:
    _, token = actions.invite(by=None, email="Ada@Example.org", roles=["author", "reviewer"], at=AT)
    user = accepted(token)
    assert (user.email, user.roles) == ("ada@example.org", {"author", "reviewer"})
    assert user.check_password(PASSWORD)


@pytest.mark.django_db
def test_an_invitation_works_once() -> None:
    _, token = actions.invite(by=None, email="ada@example.org", roles=["author"], at=AT)
    accepted(token)
    with pytest.raises(actions.NotPossible, match="used, withdrawn or has expired"):
        accepted(token)


@pytest.mark.django_db
def test_an_invitation_expires_after_seven_days() -> None:
    _, token = actions.invite(by=None, email="ada@example.org", roles=["author"], at=AT)
    with pytest.raises(actions.NotPossible):
        accepted(token, AT + timedelta(days=7))
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_withdrawn_invitation_does_not_open(curator: User) -> None:
    invitation, token = actions.invite(by=None, email="a@example.org", roles=["author"], at=AT)
    actions.withdraw_invitation(by=curator, invitation=invitation, at=AT)
    with pytest.raises(actions.NotPossible):
        accepted(token)


@pytest.mark.django_db
def test_only_the_digest_of_an_invitation_is_kept() -> None:
    _, token = actions.invite(by=None, email="ada@example.org", roles=["author"], at=AT)
    stored = Invitation.objects.values().get()
    assert token not in str(stored)


@pytest.mark.django_db
def test_a_weak_password_leaves_the_invitation_open() -> None:
    _, token = actions.invite(by=None, email="ada@example.org", roles=["author"], at=AT)
    with pytest.raises(Exception, match="too short"):
        actions.accept_invitation(token=token, name="Ada", password="short", at=AT)
    assert accepted(token).name == "Ada"


@pytest.mark.django_db
def test_an_address_has_one_account_whatever_its_case(author: User) -> None:
    with pytest.raises(actions.NotPossible, match="has an account"):
        actions.create_user(by=None, email=author.email.upper(), name="X", roles=[])


@pytest.mark.django_db
def test_an_unknown_role_is_named_with_what_is_allowed() -> None:
    with pytest.raises(actions.NotPossible, match="'boss' is not known"):
        actions.create_user(by=None, email="x@example.org", name="X", roles=["boss"])


@pytest.mark.django_db
def test_a_token_is_kept_as_a_digest_and_expires(engineer: User) -> None:
    token = actions.create_token(by=None, user=engineer, scope="read", days=3)
    stored = ApiToken.objects.get()
    assert token.startswith("pss_") and token not in str(stored.__dict__)
    assert stored.expiry is not None


@pytest.mark.django_db
@pytest.mark.parametrize(("scope", "days"), [("all", 3), ("read", 0), ("read", 91)])
def test_a_token_with_a_wrong_scope_or_life_is_refused(
    engineer: User, scope: str, days: int
) -> None:
    with pytest.raises(actions.NotPossible):
        actions.create_token(by=None, user=engineer, scope=scope, days=days)


@pytest.mark.django_db
def test_the_audit_trail_refuses_to_be_changed() -> None:
    actions.record(by=None, verb="looked", target="something")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(verb="never looked")
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb FROM accounts_auditevent")
        assert cursor.fetchall() == [("looked",)]
