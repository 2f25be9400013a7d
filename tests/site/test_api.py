"""The REST root: strict in what it takes, closed to strangers, described by a schema."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.models import User

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def with_token(user: User, scope: str) -> dict[str, str]:
    token = actions.create_token(by=None, user=user, scope=scope)
    return {"Authorization": f"Token {token}"}


PLACES = [
    "domains",
    "strategies",
    "pairs",
    "versions",
    "prompt-sets",
    "prompts",
    "endpoints",
    "models",
    "conditions",
    "runs",
    "completions",
    "rubrics",
    "studies",
    "assignments",
    "ratings",
    "judges",
    "verdicts",
    "releases",
]


def test_the_schema_describes_every_place_of_the_contract(
    signed_in: SignIn, researcher: User
) -> None:
    answer = signed_in(researcher).get(reverse("schema"), {"format": "json"})
    paths = json.loads(answer.content)["paths"]
    named = {path.removeprefix("/api/v1/").split("/")[0] for path in paths}
    assert named >= {*PLACES, "comparisons"}


def test_the_docs_page_asks_no_foreign_host(signed_in: SignIn, researcher: User) -> None:
    page = signed_in(researcher).get(reverse("api-docs"))
    assert page.status_code == 200
    assert b"http://" not in page.content and b"https://" not in page.content
    assert "unsafe" not in page["Content-Security-Policy"]


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_closed_to_strangers(client: Client, place: str) -> None:
    assert client.get(f"/api/v1/{place}/").status_code in (401, 403, 405)


@pytest.mark.parametrize("place", ["pairs", "runs", "studies", "releases"])
@pytest.mark.parametrize(
    "query", ["author__password__startswith=p", "_connector=OR 1=1", "ordering=password", "x=1"]
)
def test_unknown_query_parameters_are_refused(
    signed_in: SignIn, curator: User, place: str, query: str
) -> None:
    answer = signed_in(curator).get(f"/api/v1/{place}/?{query}")
    assert answer.status_code == 400
    assert "Unknown query parameter" in answer.content.decode()


@pytest.mark.parametrize(
    "body", ["[" * 5000, '{"name": "\\u0000"}', '{"name": "\\ud800"}', "NaN", "{", b"\xff\xfe"]
)
def test_a_body_that_cannot_be_kept_is_a_400(
    signed_in: SignIn, engineer: User, body: str | bytes
) -> None:
    answer = signed_in(engineer).post(
        "/api/v1/conditions/", data=body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert "The body" in answer.json()["detail"]


def test_a_token_opens_what_its_scope_and_its_owner_may(client: Client, engineer: User) -> None:
    read = with_token(engineer, "read")
    assert client.get("/api/v1/runs/", headers=read).status_code == 200
    assert client.post("/api/v1/conditions/", {}, headers=read).status_code == 403
    rate = with_token(engineer, "rate")
    assert client.get("/api/v1/runs/", headers=rate).status_code == 403


def test_a_token_in_the_address_is_no_token(client: Client, engineer: User) -> None:
    token = actions.create_token(by=None, user=engineer, scope="read")
    assert client.get("/api/v1/runs/", {"token": token}).status_code in (401, 403)


def test_a_token_of_somebody_switched_off_is_refused(client: Client, engineer: User) -> None:
    headers = with_token(engineer, "read")
    User.objects.filter(pk=engineer.pk).update(is_active=False)
    assert client.get("/api/v1/runs/", headers=headers).status_code == 401


def test_health_needs_nobody(client: Client) -> None:
    assert client.get("/livez").json() == {"alive": True}
    assert client.get("/readyz").json() == {"ready": True}
