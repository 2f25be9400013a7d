"""The administration opens to administrators who used a second factor, and shows no secret."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import quote
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.models import ApiToken, AuditEvent, Invitation, User, token_digest
from annotation.models import Rating
from psychosafe_site.admin import site
from tests.journeys.routes import routes
from tests.people import PASSWORD, person

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOME = "/admin/"
USERS = "/admin/accounts/user/"
SignIn = Callable[[User], Client]


@pytest.fixture
def administrator(db: None) -> User:
    made = person("administrator", name="Ada Administrator")
    made.set_password(PASSWORD)
    made.save()
    return made


def with_factor(user: User) -> Authenticator:
    secret = generate_totp_secret()
    found: Authenticator = TOTP.activate(user, secret).instance
    return found


def code_of(factor: Authenticator) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(factor.data["secret"], counter)))


@pytest.fixture
def inside(administrator: User) -> Client:
    """Signed in as people do: the password, then the code."""
    return enter(administrator, with_factor(administrator))


def enter(user: User, factor: Authenticator) -> Client:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(factor)})
    assert answer.status_code == 302
    return client


# The door


def test_strangers_sign_in_where_everybody_does(client: Client, db: None) -> None:
    answer = client.get(USERS)
    assert answer.headers["Location"] == f"/you/login/?next={USERS}"


def test_there_is_no_other_way_to_sign_in(client: Client, db: None) -> None:
    for place in ("login/", "logout/", "password_change/", "autocomplete/"):
        assert client.get(HOME + place).status_code == 404


@pytest.mark.parametrize(
    "role", ["author", "reviewer", "rater", "curator", "engineer", "researcher"]
)
def test_nobody_else_comes_in_whatever_factor_they_have(role: str, db: None) -> None:
    user = person(role)
    user.set_password(PASSWORD)
    user.save()
    client = enter(user, with_factor(user))
    assert {client.get(place).status_code for place in places()} == {403}


def test_an_administrator_without_a_factor_is_asked_to_set_one_up(
    administrator: User, signed_in: SignIn
) -> None:
    answer = signed_in(administrator).get(HOME, follow=True)
    assert answer.redirect_chain == [(reverse("mfa_index"), 302)]
    assert "The administration needs a second factor" in answer.content.decode()


def test_recovery_codes_alone_are_no_factor(administrator: User, signed_in: SignIn) -> None:
    RecoveryCodes.activate(administrator)
    answer = signed_in(administrator).get(HOME)
    assert answer.headers["Location"] == reverse("mfa_index")


def test_a_session_that_did_not_use_the_factor_is_asked_for_it(
    administrator: User, client: Client
) -> None:
    client.post(reverse("account_login"), {"login": administrator.email, "password": PASSWORD})
    factor = with_factor(administrator)  # set up after the sign-in, which knew the password alone
    asked = client.get(USERS).headers["Location"]
    assert asked == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2Faccounts%2Fuser%2F"
    answer = client.post(asked, {"code": code_of(factor), "next": USERS})
    assert answer.headers["Location"] == USERS
    assert client.get(USERS).status_code == 200


def test_who_came_in_by_password_and_code_is_inside(inside: Client) -> None:
    assert inside.get(HOME).status_code == 200


def test_a_factor_that_was_taken_away_opens_nothing_any_more(
    inside: Client, administrator: User
) -> None:
    Authenticator.objects.filter(user=administrator).delete()
    assert inside.get(HOME).headers["Location"] == reverse("mfa_index")
    with_factor(administrator)  # a new one, which this session has not used
    assert reverse("mfa_reauthenticate") in inside.get(HOME).headers["Location"]


def test_a_session_cannot_borrow_the_factor_of_somebody_else(
    inside: Client, administrator: User, signed_in: SignIn
) -> None:
    other = person("administrator")
    with_factor(other)
    client = signed_in(other)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = inside.session[AUTHENTICATION_METHODS_SESSION_KEY]
    session.save()
    assert client.get(HOME).status_code == 302


def test_an_administrator_who_lost_the_role_is_out_at_once(
    inside: Client, administrator: User
) -> None:
    actions.set_roles(by=None, user=administrator, roles=["author"])
    assert inside.get(HOME).status_code == 403


# What is there


def places() -> list[str]:
    """Every address of the administration, with ids of nothing."""
    named = [route.name for route in routes() if route.name.startswith("admin:")]
    assert len(named) > 15
    return [reverse(name, kwargs=arguments(name)) for name in named]


def arguments(name: str) -> dict[str, str]:
    if name == "admin:app_list":
        return {"app_label": "accounts"}
    return {"object_id": "1"} if name.endswith("_change") else {}


def lists() -> list[str]:
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in site._registry
    ]


def test_every_list_and_every_row_opens_with_a_known_number_of_queries(
    inside: Client, administrator: User, curator: User, django_assert_max_num_queries: Any
) -> None:
    fill(administrator)
    for place in [HOME, "/admin/accounts/", "/admin/jsi18n/", *lists()]:
        with django_assert_max_num_queries(13):
            assert inside.get(place).status_code == 200, place
    for model, rows in site._registry.items():
        if len(rows.get_urls()) > 1 and (found := model._default_manager.first()):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
            assert inside.get(reverse(name, args=[quote(found.pk)])).status_code == 200


def fill(administrator: User) -> str:
    """Somebody with a token and a factor, and an open invitation; gives the invitation's secret."""
    someone = person("author", name="Noor Author")
    with_factor(someone)
    actions.create_token(by=someone, user=someone, scope="read", name="Notebook")
    _, token = actions.invite(by=administrator, email="x@example.org", roles=["author"], at=AT)
    return token


def test_no_page_says_a_secret(inside: Client, administrator: User) -> None:
    token = fill(administrator)
    secrets = {
        token,
        token_digest(token),
        ApiToken.objects.get().digest,
        *(factor.data["secret"] for factor in Authenticator.objects.all()),
        *User.objects.values_list("password", flat=True),
    }
    said = "".join(inside.get(place).content.decode() for place in lists())
    said += "".join(
        inside.get(reverse(f"admin:accounts_{kind}_change", args=[quote(row.pk)])).content.decode()
        for kind, model in (("user", User), ("invitation", Invitation))
        for row in model._default_manager.all()
    )
    assert "Notebook" in said
    assert not [secret for secret in secrets if secret in said]


def test_nothing_that_people_wrote_or_rated_is_there() -> None:
    shown = {model._meta.label for model in site._registry}
    assert shown == {
        *("accounts.User", "accounts.Invitation", "accounts.ApiToken", "accounts.AuditEvent"),
        *("mfa.Authenticator", "corpus.Source", "corpus.Upload"),
        *("generation.Endpoint", "generation.Run", "judging.JudgeRun"),
    }
    assert Rating not in site._registry


def test_nothing_is_added_changed_or_deleted_by_a_form_of_its_own(
    inside: Client, administrator: User
) -> None:
    event = AuditEvent.objects.all()[0]
    address = reverse("admin:accounts_auditevent_change", args=[quote(event.pk)])
    assert inside.post(address, {"verb": "nothing"}).status_code == 403
    for place in lists():
        assert inside.get(f"{place}add/").status_code == 404
        assert inside.post(place, {"action": "delete_selected"}).status_code in (200, 302, 403)
    event.refresh_from_db()
    assert event.verb != "nothing"
    names = {route.name for route in routes() if route.name.startswith("admin:")}
    assert not [name for name in names if name.endswith(("_add", "_delete", "_history"))]


def test_what_an_id_looks_like_does_not_hide_its_row(inside: Client) -> None:
    """Django's admin reads "_3A" in an address as ":", so links to a row write it otherwise."""
    event = AuditEvent.objects.create(id="abc_3Adefghijklmnopqrs", verb="told", target="somebody")
    link = reverse("admin:accounts_auditevent_change", args=[quote(event.pk)])
    assert event.pk not in link
    assert link in inside.get(HOME).content.decode()
    assert inside.get(link).status_code == 200


# What an administrator does


def change(inside: Client, user: User, **said: Any) -> Any:
    address = reverse("admin:accounts_user_change", args=[quote(user.pk)])
    return inside.post(address, said)


def test_roles_are_set_and_stand_in_the_trail(inside: Client, administrator: User) -> None:
    someone = person("author")
    answer = change(inside, someone, is_active="on", roles=["author", "reviewer"])
    assert answer.status_code == 302
    assert User.objects.get(pk=someone.pk).roles == {"author", "reviewer"}
    event = AuditEvent.objects.get(verb="roles set", target=someone.email, by=administrator)
    assert event.note == "author, reviewer"
    assert not LogEntry.objects.exists()


def test_a_closed_account_is_out_everywhere_at_once(
    inside: Client, administrator: User, signed_in: SignIn
) -> None:
    someone = person("author")
    browser = signed_in(someone)
    actions.create_token(by=someone, user=someone, scope="read")
    assert change(inside, someone, roles=["author"]).status_code == 302
    assert not User.objects.get(pk=someone.pk).is_active
    assert browser.get("/").status_code == 302
    assert not ApiToken.objects.exists()
    verbs = set(AuditEvent.objects.filter(by=administrator).values_list("verb", flat=True))
    assert {"account closed", "signed out everywhere", "tokens revoked"} <= verbs


def test_nobody_locks_themselves_out(inside: Client, administrator: User) -> None:
    answer = change(inside, administrator, roles=["author"])
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "You cannot lock yourself out." in page
    assert "You cannot give up the administration yourself." in page
    administrator.refresh_from_db()
    assert administrator.is_active
    with pytest.raises(actions.NotPossible):
        actions.set_roles(by=administrator, user=administrator, roles=["author"])


def test_a_lost_factor_is_taken_away_once_it_is_confirmed(
    inside: Client, administrator: User, signed_in: SignIn
) -> None:
    someone = person("curator", name="Locked Out")
    with_factor(someone)
    browser = signed_in(someone)
    chosen = {"action": "reset_factors", "_selected_action": [someone.pk]}
    asked = inside.post(USERS, chosen)
    assert "Locked Out" in asked.content.decode()
    assert Authenticator.objects.filter(user=someone).exists()
    assert inside.post(USERS, {**chosen, "confirmed": "yes"}).status_code == 302
    assert not Authenticator.objects.filter(user=someone).exists()
    assert browser.get("/").status_code == 302
    assert AuditEvent.objects.filter(verb="second factors taken away", by=administrator).exists()


def test_ones_own_factors_are_not_taken_away_here(inside: Client, administrator: User) -> None:
    chosen = {"action": "reset_factors", "_selected_action": [administrator.pk]}
    inside.post(USERS, {**chosen, "confirmed": "yes"})
    assert Authenticator.objects.filter(user=administrator).exists()


def test_an_invitation_is_withdrawn(inside: Client, administrator: User) -> None:
    fill(administrator)
    made = Invitation.objects.get()
    place = reverse("admin:accounts_invitation_changelist")
    inside.post(place, {"action": "withdraw", "_selected_action": [made.pk]})
    made.refresh_from_db()
    assert made.withdrawn_at


def test_only_administrators_are_led_there(signed_in: SignIn, administrator: User) -> None:
    link = f'href="{HOME}"'
    assert link in signed_in(administrator).get("/").content.decode()
    assert link in signed_in(administrator).get(reverse("people")).content.decode()
    assert link not in signed_in(person("curator")).get("/").content.decode()


# In a browser


def test_the_pages_keep_to_the_content_security_policy(
    open_page: Callable[..., Any], live_server: Any, transactional_db: None, settings: Any
) -> None:
    for name in ("SESSION", "CSRF"):  # the live server speaks HTTP, as on one's own machine
        setattr(settings, f"{name}_COOKIE_SECURE", False)
        setattr(settings, f"{name}_COOKIE_NAME", f"studio_{name.lower()}")
    made = person("administrator")
    made.set_password(PASSWORD)
    made.save()
    client = enter(made, with_factor(made))
    fill(made)
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = open_page(width=width, scheme=scheme)
        cookies = [(name, each.value) for name, each in client.cookies.items() if each.value]
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies]
        )
        row = reverse("admin:accounts_user_change", args=[quote(made.pk)])
        for place in [HOME, *lists(), row]:
            answer = page.goto(place)
            assert answer.status == 200, place
            assert page.locator("#site-name").is_visible()
