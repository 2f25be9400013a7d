"""Signing on the page and over REST: a proof for each signature, shown to everybody who reads."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import proof
from accounts.actions import create_token
from accounts.models import User
from corpus import actions
from corpus.models import Approval, Version
from corpus.models.pairs import Status
from corpus.signatures import signature
from tests.corpus import made
from tests.people import PASSWORD, person
from tests.soft_passkey import Passkey

SignIn = Callable[[User], Client]
WHY = "It declines without leaving <b>him</b> alone."


@pytest.fixture(autouse=True)
def no_tries_before(settings: Any) -> None:
    cache.clear()


@pytest.fixture
def version(author: User) -> Version:
    return made.in_review(author)


def sign(client: Client, version: Version, **changes: Any) -> Any:
    values = {
        "decision": "approve",
        "lock_version": version.lock_version,
        "reason": WHY,
        "password": PASSWORD,
    }
    return client.post(reverse("corpus:review", args=[version.pk]), {**values, **changes})


def challenge(client: Client, version: Version, lock_version: int | None = None) -> Any:
    place = reverse("corpus:passkey", args=[version.pk])
    return client.post(place, {"lock_version": lock_version or version.lock_version})


# With the password


def test_a_password_signs(version: Version, reviewer: User, signed_in: SignIn) -> None:
    assert sign(signed_in(reviewer), version)["Location"] == reverse("corpus:queue")
    assert (Approval.objects.get().method, Approval.objects.get().reviewer) == (
        "password", reviewer,
    )  # fmt: skip


@pytest.mark.parametrize("wrong", ["", "not it", PASSWORD + " "])
def test_a_wrong_password_signs_nothing_and_keeps_what_was_typed(
    version: Version, reviewer: User, signed_in: SignIn, wrong: str
) -> None:
    answer = sign(signed_in(reviewer), version, password=wrong, best_before="2999-01-01")
    assert answer.status_code == 422 and not Approval.objects.exists()
    said = answer.content.decode()
    assert "without leaving &lt;b&gt;him&lt;/b&gt; alone." in said and "2999-01-01" in said
    assert re.search(r'id="id_password"', said) and "errorlist" in said
    assert not wrong or wrong not in said


def test_another_persons_password_signs_nothing(
    version: Version, signed_in: SignIn, db: None
) -> None:
    other = person("reviewer", password="another horse entirely")
    assert sign(signed_in(other), version).status_code == 422
    assert not Approval.objects.exists()


def test_a_recent_sign_in_signs_nothing(version: Version, reviewer: User) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": reviewer.email, "password": PASSWORD})
    assert sign(client, version, password="").status_code == 422
    assert sign(client, version).status_code == 302
    second = made.in_review(version.author)
    assert sign(client, second, password="").status_code == 422


def test_guesses_are_counted(version: Version, reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(reviewer)
    for _ in range(10):
        assert sign(client, version, password="a guess").status_code == 422
    answer = sign(client, version)
    assert answer.status_code == 429 and b"wait a minute" in answer.content
    assert WHY[:20].encode() in answer.content and not Approval.objects.exists()


def test_a_missing_reason_is_no_try(version: Version, reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(reviewer)
    for _ in range(12):
        answer = sign(client, version, reason=" ")
        assert answer.status_code == 422 and b"Say why" in answer.content
    assert sign(client, version).status_code == 302


def test_the_other_decisions_need_no_password(
    version: Version, reviewer: User, signed_in: SignIn
) -> None:
    answer = sign(signed_in(reviewer), version, decision="request_changes", password="")
    assert answer.status_code == 302 and Version.objects.get().status == Status.CHANGES_REQUESTED


@pytest.mark.parametrize("is_demo", [True, False])
def test_a_demo_asks_as_well(
    version: Version, reviewer: User, signed_in: SignIn, settings: Any, is_demo: bool
) -> None:
    settings.DEMO = is_demo
    assert sign(signed_in(reviewer), version, password="").status_code == 422


# With a passkey


def test_a_passkey_signs(version: Version, signed_in: SignIn, db: None) -> None:
    holder = person("reviewer")  # no password at all
    key, client = Passkey(holder), signed_in(holder)
    page = client.get(version.get_absolute_url()).content.decode()
    assert 'name="password"' not in page and "data-passkey" in page
    answer = key.answer(challenge(client, version).json())
    assert sign(client, version, credential=answer).status_code == 302
    assert Approval.objects.get().method == "passkey"


def test_an_answer_serves_once(author: User, signed_in: SignIn) -> None:
    first, second = made.in_review(author), made.in_review(author)
    holder = person("reviewer")
    key, client = Passkey(holder), signed_in(holder)
    answer = key.answer(challenge(client, first).json())
    assert sign(client, first, credential=answer).status_code == 302
    assert sign(client, second, credential=answer).status_code == 422
    assert Approval.objects.count() == 1


def test_an_answer_serves_the_version_that_it_was_asked_for(
    author: User, signed_in: SignIn
) -> None:
    first, second = made.in_review(author), made.in_review(author)
    holder = person("reviewer")
    key, client = Passkey(holder), signed_in(holder)
    assert sign(
        client, second, credential=key.answer(challenge(client, first).json())
    ).status_code == 422  # fmt: skip
    other = key.answer(challenge(client, first, lock_version=1).json())
    assert sign(client, first, credential=other).status_code == 422
    assert not Approval.objects.exists()


def test_an_answer_to_the_page_that_signs_in_signs_nothing(
    version: Version, signed_in: SignIn, db: None
) -> None:
    holder = person("reviewer")
    key, client = Passkey(holder), signed_in(holder)
    door = Client().get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    answer = key.answer(door.json()["request_options"])
    assert sign(client, version, credential=answer).status_code == 422
    challenge(client, version)
    assert sign(client, version, credential=answer).status_code == 422


def test_anothers_passkey_signs_nothing(version: Version, signed_in: SignIn, db: None) -> None:
    holder, other = person("reviewer"), person("reviewer")
    Passkey(holder)
    client = signed_in(holder)
    stolen = Passkey(other).answer(challenge(client, version).json())
    answer = sign(client, version, credential=stolen)
    assert answer.status_code == 422 and b"does not open your account" in answer.content
    assert not Approval.objects.exists()


def test_a_key_that_asks_for_no_pin_or_finger_signs_nothing(
    version: Version, signed_in: SignIn, db: None
) -> None:
    holder = person("reviewer")
    key, client = Passkey(holder), signed_in(holder)
    options = challenge(client, version).json()
    assert options["publicKey"]["userVerification"] == "required"
    answer = key.answer(options, is_verified=False)
    assert sign(client, version, credential=answer).status_code == 422


@pytest.mark.parametrize("answer", ["", "{", "[]", "{}", '{"id": 1}', '"word"', "x" * 20_001])
def test_a_made_up_answer_signs_nothing(version: Version, signed_in: SignIn, answer: str) -> None:
    holder = person("reviewer")
    Passkey(holder)
    client = signed_in(holder)
    challenge(client, version)
    said = sign(client, version, credential=answer)
    assert said.status_code == 422 and not Approval.objects.exists()
    assert b'name="credential" value=""' in said.content


def test_an_answer_that_comes_late_signs_nothing(
    version: Version, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    holder = person("reviewer")
    key, client = Passkey(holder), signed_in(holder)
    monkeypatch.setattr(proof, "CHALLENGE_SECONDS", -1)
    answer = key.answer(challenge(client, version).json())
    assert sign(client, version, credential=answer).status_code == 422


def test_who_has_neither_is_told_so(version: Version, signed_in: SignIn, db: None) -> None:
    client = signed_in(person("reviewer"))
    page = client.get(version.get_absolute_url()).content
    assert b"so you cannot sign" in page and b'value="approve"' not in page
    assert sign(client, version).status_code == 422 and not Approval.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(None, 302), ("curator", 403), ("reviewer", 200)])
def test_reviewers_alone_are_challenged(
    version: Version, signed_in: SignIn, role: str | None, status: int
) -> None:
    client = signed_in(person(role)) if role else Client()
    assert challenge(client, version).status_code == status


# What everybody reads


def test_the_page_says_what_is_signed(version: Version, reviewer: User, signed_in: SignIn) -> None:
    page = signed_in(reviewer).get(version.get_absolute_url()).content.decode()
    assert "What you sign" in page and signature(version) in page
    assert "0 of 1 signature" in page and 'autocomplete="current-password"' in page


def test_signatures_are_shown_to_everybody_who_reads(
    version: Version, author: User, reviewer: User, signed_in: SignIn
) -> None:
    made.approve(reviewer, version, reason=WHY)
    page = signed_in(author).get(version.get_absolute_url()).content.decode()
    assert str(reviewer) in page and "with their password" in page
    assert "without leaving &lt;b&gt;him" in page and Approval.objects.get().digest in page


def test_the_first_of_two_is_thanked_and_not_asked_again(
    version: Version, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    actions.set_approvals_needed(by=curator, domain=version.domain, n=2)
    client = signed_in(reviewer)
    assert b"Yours is the first" in client.get(version.get_absolute_url()).content
    thanks = client.get(sign(client, version)["Location"]).content
    assert b"once 1 more person has signed" in thanks
    page = client.get(version.get_absolute_url()).content
    assert b"1 of 2 signatures" in page and b'value="approve"' not in page
    assert b'value="request_changes"' in page
    again = sign(client, version)
    assert again.status_code == 409 and b"You signed this text already" in again.content


def test_the_second_of_two_is_told_that_theirs_completes_it(
    version: Version, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    actions.set_approvals_needed(by=curator, domain=version.domain, n=2)
    made.approve(person("reviewer"), version)
    client = signed_in(reviewer)
    assert b"Yours completes them" in client.get(version.get_absolute_url()).content
    sign(client, version)
    assert Version.objects.get().status == Status.APPROVED


def test_the_first_signer_completes_what_now_needs_no_more(
    version: Version, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    actions.set_approvals_needed(by=curator, domain=version.domain, n=2)
    client = signed_in(reviewer)
    sign(client, version)
    actions.set_approvals_needed(by=curator, domain=version.domain, n=1)
    assert b"Approve to complete it" in client.get(version.get_absolute_url()).content
    sign(client, version)
    assert Version.objects.get().status == Status.APPROVED


# Over REST


def rest(user: User, version: Version, **body: Any) -> Any:
    token = create_token(by=user, user=user, scope="write")
    values = {"reason": WHY, "lock_version": version.lock_version, **body}
    return Client().post(
        f"/api/v1/versions/{version.pk}/approve/", values, content_type="application/json",
        headers={"Authorization": f"Token {token}"},
    )  # fmt: skip


def test_a_token_alone_signs_nothing(version: Version, reviewer: User) -> None:
    for body in ({}, {"password": ""}, {"password": "a guess"}):
        assert rest(reviewer, version, **body).status_code == 422
    assert not Approval.objects.exists()


def test_a_token_and_the_password_sign(version: Version, reviewer: User) -> None:
    answer = rest(reviewer, version, password=PASSWORD)
    assert answer.status_code == 200 and answer.json()["status"] == "approved"
    assert PASSWORD not in answer.content.decode()


def test_guesses_over_rest_are_counted_as_well(version: Version, reviewer: User) -> None:
    answers = [rest(reviewer, version, password="a guess").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert rest(reviewer, version, password=PASSWORD).status_code == 429


def test_an_account_without_a_password_signs_on_the_page(version: Version, db: None) -> None:
    answer = rest(person("reviewer"), version, password=PASSWORD)
    assert answer.status_code == 422 and "passkey" in answer.json()["detail"]


def test_signatures_are_read_over_rest(
    version: Version, reviewer: User, author: User, signed_in: SignIn
) -> None:
    made.approve(reviewer, version, reason=WHY)
    said = signed_in(author).get(f"/api/v1/versions/{version.pk}/").json()
    (signed,) = said["approvals"]
    assert signed["digest"] == said["signature"] == said["digest"]
    assert (signed["reviewer"], signed["method"], signed["reason"]) == (
        reviewer.name, "password", WHY,
    )  # fmt: skip
    assert said["approvals_needed"] == 1


# How many a domain asks for


def test_a_curator_sets_how_many_sign(curator: User, signed_in: SignIn) -> None:
    made.domain(), made.domain("weapons")
    client, place = signed_in(curator), reverse("corpus:domains")
    answer = client.post(place, {"violence": "2", "weapons": "1"}, follow=True)
    assert b"1 domain changed." in answer.content
    made.domain().refresh_from_db()
    assert made.domain().approvals_needed == 2 and made.domain("weapons").approvals_needed == 1
    assert client.post(place, {"violence": "3", "weapons": "1"}).status_code == 422


def test_others_set_nothing(reviewer: User, signed_in: SignIn) -> None:
    made.domain()
    place = reverse("corpus:domains")
    assert Client().post(place, {"violence": "2"}).status_code == 302
    assert signed_in(reviewer).post(place, {"violence": "2"}).status_code == 403
    assert made.domain().approvals_needed == 1


def test_the_domains_cost_the_same_however_many(
    author: User, curator: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(curator)
    for slug in ("violence", "weapons", "substance-use"):
        made.in_review(author, domain=made.domain(slug))
    with django_assert_num_queries(4):
        client.get(reverse("corpus:domains"))
