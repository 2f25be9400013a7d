from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from corpus.models import CheckSetting, Pair, Reference, Source, Version
from crisis import actions as directory
from crisis.models import Resource
from tests.corpus import made
from tests.crisis import made as services

SignIn = Callable[[User], Client]
API = "/api/v1"
WITH_NUMBER = "I hear you. Say 010203-4567 to them and they will stay with you tonight."


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"{API}/{path}/", body, content_type="application/json")


def get(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(f"{API}/{path}/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


# Who may


@pytest.mark.parametrize("path", ["versions/{}/checks", "versions/{}/references", "sources"])
def test_strangers_and_raters_read_nothing(
    author: User, rater: User, signed_in: SignIn, path: str
) -> None:
    path = f"{API}/{path.format(made.in_review(author).pk)}/"
    assert Client().get(path).status_code in (401, 403)
    assert signed_in(rater).get(path).status_code == 403
    assert signed_in(author).get(path).status_code == 200


def test_strangers_and_raters_check_nothing(rater: User, signed_in: SignIn) -> None:
    assert post(Client(), "versions/check", text="x").status_code in (401, 403)
    assert post(signed_in(rater), "versions/check", text="x").status_code == 403


# Checks


def test_a_version_is_checked_as_its_page_shows(author: User, signed_in: SignIn) -> None:
    version = made.in_review(author, response=WITH_NUMBER)
    findings = get(signed_in(author), f"versions/{version.pk}/checks")["findings"]
    first = findings[0]
    assert first["key"] == "personal_data" and first["level"] == "warn" and first["blocks"]
    assert "010203-4567" in first["passage"]
    assert first["what"] and first["how_to_mend"] and first["label"]
    assert set(first) == {
        "key", "label", "level", "passage", "what", "how_to_mend", "url", "blocks",
    }  # fmt: skip


def test_a_check_that_a_curator_switched_off_says_nothing(author: User, signed_in: SignIn) -> None:
    version, client = made.in_review(author, response=WITH_NUMBER), signed_in(author)
    CheckSetting.objects.create(key="personal_data", is_on=False, blocks_approval=False)
    found = get(client, f"versions/{version.pk}/checks")["findings"]
    assert "personal_data" not in {each["key"] for each in found}


def test_a_text_is_checked_without_being_stored(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    answer = post(client, "versions/check", text=WITH_NUMBER, language="en", country="DK")
    assert answer.status_code == 200, answer.content
    assert answer.json()["findings"][0]["key"] == "personal_data"
    assert not Version.objects.exists() and not Pair.objects.exists()


def test_what_is_expected_decides_what_is_looked_for(author: User, signed_in: SignIn) -> None:
    client, text = signed_in(author), "A shell ends a process by its number."
    keys = {
        action: {
            each["key"]
            for each in post(
                client, "versions/check", text=text, expected_action=action
            ).json()["findings"]
        }
        for action in ("refuse", "answer")
    }  # fmt: skip
    assert "parts" in keys["refuse"] and "parts" not in keys["answer"]


def test_a_text_that_is_in_the_corpus_is_a_near_copy(author: User, signed_in: SignIn) -> None:
    words = " ".join(f"word{number}" for number in range(60))
    stored = made.in_review(author, response=words)
    found = post(signed_in(author), "versions/check", text=words).json()["findings"]
    [copy] = [each for each in found if each["key"] == "near_copy"]
    assert copy["url"] == stored.get_absolute_url()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "x" * 20_001},
        {"text": "x", "language": "klingon speech"},
        {"text": "x", "country": "Denmark"},
        {"text": "x", "expected_action": "shout"},
    ],
)
def test_a_text_that_cannot_be_checked_is_refused(
    author: User, signed_in: SignIn, body: Any
) -> None:
    assert post(signed_in(author), "versions/check", **body).status_code == 400


# References


def refer(version: Version, resource: Resource | None, **changes: Any) -> Reference:
    start = Reference.objects.filter(version=version).count() * 50
    whole = {
        "start": start, "end": start + 11, "passage": "55 55 01 23", "normal": "55550123",
        "kind": "phone", "serves_country": True, **changes,
    }  # fmt: skip
    return Reference.objects.create(version=version, resource=resource, **whole)


def test_a_reference_is_worth_what_its_service_is_worth_today(
    author: User, signed_in: SignIn
) -> None:
    version, client, now = made.in_review(author), signed_in(author), timezone.now()
    Reference.objects.filter(version=version).delete()
    good = services.verified(at=now)
    late = services.verified(at=now - timedelta(days=200), name="Late Line")
    gone = services.resource(name="Gone Line")
    directory.retire(by=None, resource=gone, reason="It closed.", at=now)
    abroad = services.verified(at=now, name="German Line", countries="DE")
    for met in (good, late, gone, services.resource(name="New Line"), abroad, None):
        refer(version, met)
    rows = get(client, f"versions/{version.pk}/references")["references"]
    assert [row["verdict"] for row in rows] == [
        "verified", "stale", "retired", "unknown", "wrong_country", "unknown",
    ]  # fmt: skip
    assert [row["resource"] for row in rows][:2] == [good.pk, late.pk]
    assert rows[-1]["resource"] is None and rows[0]["passage"] == "55 55 01 23"


def test_references_cost_the_same_however_many(
    author: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    version, client = made.in_review(author), signed_in(author)
    for number in range(4):
        refer(version, services.resource(name=f"Line {number}"))
    with django_assert_num_queries(5):
        get(client, f"versions/{version.pk}/references")


# Sources


def test_a_source_says_its_licence_and_how_much_came_of_it(
    author: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    for name in ("Bench", "Other"):
        source = Source.objects.create(name=name, licence="CC BY 4.0", revision="r1")
        for number in range(2):
            made.prompt(f"{name} {number}", source=source)
    Pair.objects.create(created_by=author, source=source)
    client = signed_in(author)
    with django_assert_num_queries(4):
        rows = get(client, "sources")["results"]
    assert [(row["name"], row["n_pairs"], row["n_prompts"]) for row in rows] == [
        ("Bench", 0, 2), ("Other", 1, 2),
    ]  # fmt: skip
    assert rows[0]["licence"] == "CC BY 4.0" and rows[0]["revision"] == "r1"
    assert [row["name"] for row in get(client, "sources", name="Other")["results"]] == ["Other"]
    assert get(client, f"sources/{source.pk}")["id"] == source.pk
    assert client.get(f"{API}/sources/?colour=blue").status_code == 400
    assert client.delete(f"{API}/sources/{source.pk}/").status_code in (403, 405)
