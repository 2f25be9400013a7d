"""The people's pages: who may open them, what they do, what they show once."""

from collections.abc import Callable

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import actions
from accounts.models import ApiToken, Invitation, User
from accounts.views.demo import SALT, ticket_for
from tests.people import PASSWORD, person

SignIn = Callable[[User], Client]


@pytest.fixture
def administrator(db: None) -> User:
    return person("administrator")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["people", "profile", "home"])
def test_a_stranger_is_sent_to_sign_in(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.django_db
def test_people_are_the_administrators_business(signed_in: SignIn, curator: User) -> None:
    assert signed_in(curator).get(reverse("people")).status_code == 403
    assert signed_in(curator).post(reverse("invite"), {}).status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_the_list_of_people_costs_the_same_however_many(
    signed_in: SignIn, administrator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(8):
        person("author", "rater")
    client = signed_in(administrator)
    with django_assert_num_queries(6):
        client.get(reverse("people"))


@pytest.mark.django_db
def test_an_invitation_leads_from_link_to_home(signed_in: SignIn, administrator: User) -> None:
    page = signed_in(administrator).post(
        reverse("invite"), {"email": "new@example.org", "roles": ["author"]}
    )
    link = str(page.context["link"])
    newcomer = Client()
    answer = newcomer.post(link, {"name": "New", "password": PASSWORD})
    assert answer.url == reverse("home")
    assert newcomer.get(reverse("home")).status_code == 200
    assert Client().get(link).status_code == 410


@pytest.mark.django_db
def test_inviting_somebody_who_is_here_says_so(signed_in: SignIn, administrator: User) -> None:
    page = signed_in(administrator).post(
        reverse("invite"), {"email": administrator.email, "roles": ["author"]}
    )
    assert page.status_code == 422
    assert "has an account already" in page.content.decode()


@pytest.mark.django_db
def test_a_withdrawn_invitation_disappears(signed_in: SignIn, administrator: User) -> None:
    invitation, _ = actions.invite(
        by=None, email="x@example.org", roles=["author"], at=timezone.now()
    )
    client = signed_in(administrator)
    client.post(reverse("withdraw_invitation", args=[invitation.pk]))
    assert b"x@example.org is withdrawn" in client.get(reverse("people")).content


@pytest.mark.django_db
def test_a_token_is_shown_once_and_revoked(signed_in: SignIn, engineer: User) -> None:
    client = signed_in(engineer)
    page = client.post(reverse("new_token"), {"name": "script", "scope": "read", "days": "7"})
    token = str(page.context["token"])
    assert token in page.content.decode()
    assert token not in client.get(reverse("profile")).content.decode()
    client.post(reverse("revoke_token", args=[ApiToken.objects.get().token_key]))
    assert not ApiToken.objects.exists()


@pytest.mark.django_db
def test_nobody_revokes_anothers_token(signed_in: SignIn, engineer: User, curator: User) -> None:
    actions.create_token(by=None, user=engineer, scope="read")
    key = ApiToken.objects.get().token_key
    assert signed_in(curator).post(reverse("revoke_token", args=[key])).status_code == 404
    assert ApiToken.objects.exists()


@pytest.mark.django_db
def test_a_profile_takes_no_more_than_its_fields(signed_in: SignIn, rater: User) -> None:
    signed_in(rater).post(
        reverse("profile"),
        {"name": "Neu", "language": "de", "country": "de", "email": "boss@example.org"},
    )
    changed = User.objects.get(pk=rater.pk)
    assert (changed.name, changed.country, changed.email) == ("Neu", "DE", rater.email)


@pytest.mark.django_db
@pytest.mark.parametrize("route", ["/you/signup/", "/you/passkey/signup/"])
def test_sign_up_is_closed(client: Client, route: str) -> None:
    client.post(route, {"email": "x@example.org", "password1": PASSWORD})
    assert not User.objects.exists()


@pytest.mark.django_db
def test_signing_in_by_e_mail_works_whatever_its_case(client: Client) -> None:
    actions.create_user(by=None, email="Ada@example.org", name="A", roles=[], password=PASSWORD)
    client.post(reverse("account_login"), {"login": "aDA@example.org", "password": PASSWORD})
    assert client.get(reverse("home")).status_code == 200


@pytest.mark.django_db
def test_a_demo_link_opens_only_a_demo_and_only_for_its_people(
    client: Client, settings: Settings
) -> None:
    guest = actions.create_user(
        by=None, email="s@example.org", name="S", roles=["rater"], is_sample=True
    )
    real = person("curator")
    link = reverse("demo_sign_in", args=[ticket_for(guest)])
    assert client.get(link).status_code == 404
    settings.DEMO = True
    assert client.get(reverse("demo_sign_in", args=[ticket_for(real)])).status_code == 404
    forged = signing.dumps(guest.pk, salt=SALT, key="another")
    assert client.get(reverse("demo_sign_in", args=[forged])).status_code == 404
    assert client.get(link).url == reverse("home")


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["?q=%00", "?%00=1"])
def test_a_nul_in_the_address_is_a_400(signed_in: SignIn, rater: User, query: str) -> None:
    assert signed_in(rater).get(reverse("home") + query).status_code == 400


@pytest.mark.django_db
def test_a_nul_in_a_form_is_a_400(signed_in: SignIn, rater: User) -> None:
    answer = signed_in(rater).post(reverse("profile"), {"name": "a\x00b", "language": "en"})
    assert answer.status_code == 400


@pytest.mark.django_db
def test_pages_of_people_are_never_cached(signed_in: SignIn, rater: User) -> None:
    assert signed_in(rater).get(reverse("home"))["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_the_content_policy_lets_nothing_inline(client: Client) -> None:
    policy = client.get(reverse("support"))["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy and "object-src 'none'" in policy
