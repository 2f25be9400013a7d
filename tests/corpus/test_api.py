from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from corpus import actions, conversation
from corpus.models import Pair, PromptSet, Version
from tests.corpus import made
from tests.people import PASSWORD, person

SignIn = Callable[[User], Client]
API = "/api/v1"


def get(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(f"{API}/{path}/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def post(client: Client, path: str, body: Any = None) -> Any:
    return client.post(f"{API}/{path}/", body or {}, content_type="application/json")


def put(client: Client, version: Version, **body: Any) -> Any:
    return client.put(f"{API}/versions/{version.pk}/", body, content_type="application/json")


# Who may


@pytest.mark.parametrize(
    "path", ["domains", "strategies", "pairs", "versions", "prompt-sets", "prompts"]
)
def test_strangers_and_raters_read_nothing(rater: User, signed_in: SignIn, path: str) -> None:
    assert Client().get(f"{API}/{path}/").status_code in (401, 403)
    assert signed_in(rater).get(f"{API}/{path}/").status_code == 403


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("pairs", "reviewer"),
        ("prompt-sets", "researcher"),
        ("versions/{}/submit", "reviewer"),
        ("versions/{}/withdraw", "reviewer"),
        ("versions/{}/approve", "curator"),
        ("versions/{}/request-changes", "author"),
        ("versions/{}/reject", "engineer"),
        ("versions/{}/comment", "researcher"),
    ],
)
def test_who_may_not_write_does_not(author: User, signed_in: SignIn, path: str, role: str) -> None:
    version = made.in_review(author)
    path = path.format(version.pk)
    assert post(Client(), path, {"body": "x"}).status_code in (401, 403)
    assert post(signed_in(person(role)), path, {"body": "x"}).status_code == 403
    assert Pair.objects.count() == 1 and Version.objects.get().status == "in_review"
    assert not PromptSet.objects.exists()


@pytest.mark.parametrize("path", ["pairs", "versions", "prompts", "prompt-sets", "domains"])
def test_an_unknown_query_parameter_is_refused(curator: User, signed_in: SignIn, path: str) -> None:
    answer = signed_in(curator).get(f"{API}/{path}/?colour=blue")
    assert answer.status_code == 400 and "Known here" in str(answer.json())


# Pairs and versions


def test_a_pair_is_written_saved_and_sent(author: User, signed_in: SignIn) -> None:
    client, strategy = signed_in(author), made.strategy()
    begun = post(client, "pairs", {"messages": [{"role": "user", "content": "He laughed."}]})
    assert begun.status_code == 201 and begun.json()["status"] == "draft"
    version = Version.objects.get(pk=begun.json()["id"])
    early = post(client, f"versions/{version.pk}/submit")
    assert early.status_code == 422 and "No risk domain" in early.json()["detail"]
    saved = put(
        client, version, lock_version=1, domain="violence", strategy=strategy.slug,
        expected_action="refuse", response=" Stay. ", country="DK",
    )  # fmt: skip
    assert saved.status_code == 200, saved.content
    assert (saved.json()["lock_version"], saved.json()["response"]) == (2, " Stay. ")
    assert saved.json()["messages"] == [{"role": "user", "content": "He laughed."}]
    assert post(client, f"versions/{version.pk}/submit").json()["status"] == "in_review"
    assert post(client, f"versions/{version.pk}/withdraw").json()["status"] == "draft"


def test_a_draft_saved_elsewhere_is_a_conflict(author: User, signed_in: SignIn) -> None:
    version, client = made.draft(author), signed_in(author)
    assert put(client, version, lock_version=1, response="One").status_code == 200
    assert put(client, version, lock_version=1, response="Two").status_code == 409
    assert put(client, version, response="Two").status_code == 400
    assert put(signed_in(person("author")), version, lock_version=2).status_code == 404
    assert Version.objects.get().response == "One"


@pytest.mark.parametrize(
    "body",
    [
        {"country": "denmark"},
        {"language": "no such"},
        {"messages": [{"role": "system", "content": "x"}]},
        {"messages": "x"},
        {"response": "a\u0000b"},
        {"domain": "selfharm"},
        [],
    ],
)
def test_a_draft_that_cannot_be_is_refused(author: User, signed_in: SignIn, body: Any) -> None:
    assert post(signed_in(author), "pairs", body or [1]).status_code in (400, 422)
    assert not Pair.objects.exists()


def test_a_reviewer_decides_by_what_was_read(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    version, client = made.in_review(author), signed_in(reviewer)
    path = f"versions/{version.pk}"
    assert post(client, f"{path}/reject").status_code == 422
    assert (
        post(
            client, f"{path}/approve", {"lock_version": 1, "reason": "Warm.", "password": PASSWORD}
        ).status_code
        == 409
    )
    assert post(client, f"{path}/comment", {"body": "Good"}).status_code == 201
    answer = post(
        client,
        f"{path}/approve",
        {"lock_version": 2, "best_before": "2999-01-01", "reason": "Warm.", "password": PASSWORD},
    )
    assert answer.json()["status"] == "approved" and answer.json()["best_before"] == "2999-01-01"
    read = get(client, path)
    assert read["decided_by"] == reviewer.name and read["comments"][0]["body"] == "Good"
    assert post(client, f"{path}/request-changes", {"reason": "x"}).status_code == 409


def test_an_author_does_not_approve_over_rest(signed_in: SignIn, db: None) -> None:
    both = person("author", "reviewer", password=PASSWORD)
    path = f"versions/{made.in_review(both).pk}/approve"
    answer = post(signed_in(both), path, {"reason": "Warm.", "password": PASSWORD})
    assert answer.status_code == 403 and "somebody else" in answer.json()["detail"]


def test_pairs_are_filtered_by_their_newest_version(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    client, first = signed_in(author), made.approved(author, reviewer)
    made.draft(author, domain=made.domain("weapons"), language="da")
    assert len(get(client, "pairs")["results"]) == 2
    [found] = get(client, "pairs", status="approved")["results"]
    assert found["id"] == first.pair.pk and found["latest"]["id"] == first.pk
    assert len(get(client, "pairs", domain="weapons", language="da")["results"]) == 1
    assert get(client, "pairs", domain="weapons", status="approved")["results"] == []
    assert len(get(client, "versions", pair=first.pair.pk)["results"]) == 1
    assert get(client, f"pairs/{first.pair.pk}")["latest"]["status"] == "approved"


def test_lists_cost_the_same_however_long(
    author: User, reviewer: User, curator: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(curator)
    for number in range(3):
        made.approved(author, reviewer, messages=conversation.single(f"Case {number}"))
    made.prompt_set(3)
    costs = {
        "pairs": 5, "versions": 4, "prompts": 4, "prompt-sets": 4, "domains": 6, "strategies": 5,
    }  # fmt: skip
    for path, n in costs.items():
        with django_assert_num_queries(n, info=path):
            client.get(f"{API}/{path}/")


def test_pages_are_followed_by_cursor(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    for _ in range(5):
        made.draft(author)
    first = get(client, "versions", page_size=3)
    second = client.get(first["next"]).json()
    ids = [row["id"] for row in first["results"] + second["results"]]
    assert len(set(ids)) == 5 and second["next"] is None


# Taxonomy, prompts and sets


def test_domains_and_strategies_name_each_other(author: User, signed_in: SignIn) -> None:
    client, strategy = signed_in(author), made.strategy()
    [domain] = get(client, "domains")["results"]
    assert domain["strategies"] == [strategy.slug]
    assert domain["categories"] == [{"slug": "threats", "name": "Threats"}]
    assert get(client, f"strategies/{strategy.slug}")["domains"] == ["violence"]


def test_a_set_is_made_of_prompts_or_of_approved_pairs(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    client, version = signed_in(curator), made.approved(author, reviewer)
    from_pairs = post(client, "prompt-sets", {"name": "Spring", "domains": []})
    assert from_pairs.status_code == 201 and from_pairs.json()["n_prompts"] == 1
    ids = [made.prompt("b").pk, version.prompt_id, made.prompt("a").pk]
    by_hand = post(client, "prompt-sets", {"name": "By hand", "prompts": ids}).json()
    entries = get(client, f"prompt-sets/{by_hand['id']}/entries")["results"]
    assert [entry["prompt"]["id"] for entry in entries] == ids
    assert {row["id"] for row in get(client, "prompts", prompt_set="by-hand")["results"]} == set(
        ids
    )
    assert len(get(client, "prompts", domain="violence")["results"]) == 1
    assert get(client, "prompt-sets", slug="spring")["results"][0]["name"] == "Spring"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "Spring"}, 400),
        ({"name": "Spring", "prompts": [], "domains": []}, 400),
        ({"name": "Spring", "prompts": []}, 409),
        ({"name": "Spring", "prompts": ["unknown"]}, 400),
        ({"name": "Made prompts", "domains": []}, 409),
        ({"name": "!", "domains": []}, 409),
    ],
)
def test_a_set_that_cannot_be_is_refused(
    author: User, reviewer: User, curator: User, signed_in: SignIn, body: Any, status: int
) -> None:
    made.approved(author, reviewer), made.prompt_set(1)
    assert post(signed_in(curator), "prompt-sets", body).status_code == status
    assert PromptSet.objects.count() == 1


def test_the_schema_names_every_place(curator: User, signed_in: SignIn) -> None:
    schema = signed_in(curator).get("/api/schema/?format=json").json()
    for path in ("pairs", "versions/{id}/request-changes", "prompt-sets/{id}/entries", "domains"):
        assert f"/api/v1/{path}/" in schema["paths"]


def test_a_new_version_is_written_on_the_page_and_read_here(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    first = made.approved(author, reviewer)
    second = actions.start_new_version(by=author, pair=first.pair, at=made.AT)
    assert get(signed_in(author), f"pairs/{first.pair.pk}")["latest"]["id"] == second.pk
