from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.actions import create_token
from accounts.models import User
from corpus import actions
from corpus.models import Comment, CommentEvent, Version
from tests.corpus import made
from tests.people import person

SignIn = Callable[[User], Client]
API = "/api/v1"


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"{API}/{path}/", body, content_type="application/json")


def results(client: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"{API}/{path}/", query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def program(user: User, scope: str) -> Client:
    token = create_token(by=None, user=user, scope=scope)
    return Client(headers={"Authorization": f"Token {token}"})


@pytest.fixture
def version(author: User) -> Version:
    return made.in_review(author)


@pytest.fixture
def request_(version: Version, reviewer: User) -> Comment:
    return actions.comment(
        by=reviewer, version=version, body="Name a service.", kind="request", is_blocking=True
    )


# Who may


def test_strangers_raters_and_readers_begin_nothing(
    version: Version, rater: User, researcher: User, signed_in: SignIn
) -> None:
    path = f"versions/{version.pk}/threads"
    assert post(Client(), path, body="x").status_code in (401, 403)
    assert post(signed_in(rater), path, body="x").status_code == 403
    assert post(signed_in(researcher), path, body="x").status_code == 403
    assert Client().get(f"{API}/{path}/").status_code in (401, 403)
    assert signed_in(rater).get(f"{API}/threads/").status_code == 403
    assert not Comment.objects.exists()


def test_a_token_that_reads_does_not_write(
    version: Version, request_: Comment, reviewer: User
) -> None:
    reads, writes = program(reviewer, "read"), program(reviewer, "write")
    assert len(results(reads, "threads")) == 1
    assert post(reads, f"versions/{version.pk}/threads", body="x").status_code == 403
    assert post(reads, f"threads/{request_.pk}/answer", body="x").status_code == 403
    assert not CommentEvent.objects.exists() and Comment.objects.count() == 1
    assert post(writes, f"versions/{version.pk}/threads", body="x").status_code == 201
    assert post(writes, f"threads/{request_.pk}/answer", body="x").status_code == 201


# Beginning and reading


def test_a_blocking_request_is_made_on_words_of_the_version(
    version: Version, reviewer: User, signed_in: SignIn
) -> None:
    answer = post(
        signed_in(reviewer), f"versions/{version.pk}/threads", body="Warmer.", kind="request",
        is_blocking=True, passage="scaring him",
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert said["version"] == version.pk and isinstance(said["id"], str)
    assert (said["state"], said["passage"], said["is_blocking"]) == ("open", "scaring him", True)
    assert said["moves"] == ["reply", "addressed", "resolved"] and said["events"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"body": " "}, 400),
        ({"body": "x", "kind": "order"}, 400),
        ({"body": "x", "is_blocking": True}, 422),
        ({"body": "x", "passage": "words that stand nowhere"}, 422),
    ],
)
def test_a_remark_that_cannot_be_is_refused(
    version: Version, reviewer: User, signed_in: SignIn, body: Any, status: int
) -> None:
    answer = post(signed_in(reviewer), f"versions/{version.pk}/threads", **body)
    assert answer.status_code == status
    assert not Comment.objects.exists()


def test_an_author_does_not_block_their_own_approval(
    version: Version, author: User, signed_in: SignIn
) -> None:
    answer = post(
        signed_in(author), f"versions/{version.pk}/threads", body="x", kind="request",
        is_blocking=True,
    )  # fmt: skip
    assert answer.status_code == 403


def test_a_new_version_takes_over_what_was_asked_of_the_old(
    version: Version, request_: Comment, author: User, reviewer: User, signed_in: SignIn
) -> None:
    actions.comment(by=reviewer, version=version, body="Good.")
    actions.request_changes(by=reviewer, version=version, reason="See above.", at=made.AT)
    newer = actions.start_new_version(by=author, pair=version.pair, at=made.AT)
    client = signed_in(author)
    [handed_on] = results(client, f"versions/{newer.pk}/threads")
    assert handed_on["id"] == request_.pk and handed_on["version"] == version.pk
    assert len(results(client, f"versions/{version.pk}/threads")) == 2


# Answering and moving


def test_a_request_is_addressed_reopened_and_resolved(
    request_: Comment, author: User, reviewer: User, signed_in: SignIn
) -> None:
    path, writes, reads = (
        f"threads/{request_.pk}/answer", signed_in(author), signed_in(reviewer),
    )  # fmt: skip
    assert post(writes, path, body="Which one?").json()["state"] == "open"
    assert post(writes, path, move="addressed").json()["state"] == "addressed"
    assert post(writes, path, move="addressed").status_code == 409
    assert post(writes, path, move="resolved").status_code == 403
    assert post(reads, path, move="reopened").status_code == 422
    assert post(reads, path, move="reopened", body="It is not there.").json()["state"] == "open"
    last = post(reads, path, move="resolved", body="Now it is.").json()
    assert last["state"] == "resolved" and last["moves"] == ["reply", "reopened"]
    assert [(each["move"], each["author"]) for each in last["events"]] == [
        ("reply", author.name), ("addressed", author.name), ("reopened", reviewer.name),
        ("resolved", reviewer.name),
    ]  # fmt: skip
    assert post(reads, path, move="withdrawn").status_code == 400
    assert post(reads, "threads/unknown/answer", body="x").status_code == 404


def test_somebody_elses_request_is_not_resolved_by_a_second_author(
    request_: Comment, signed_in: SignIn
) -> None:
    other = signed_in(person("author"))
    assert post(other, f"threads/{request_.pk}/answer", move="resolved").status_code == 403
    assert not CommentEvent.objects.exists()


# Lists


def test_threads_are_chosen_by_version_pair_kind_and_state(
    version: Version, request_: Comment, author: User, reviewer: User, signed_in: SignIn
) -> None:
    client, other = signed_in(author), made.in_review(author)
    met = actions.comment(by=reviewer, version=other, body="Shorter.", kind="request")
    actions.answer(by=author, comment=met, move="addressed")
    plain = actions.comment(by=reviewer, version=other, body="Good.")
    ids = {
        name: [row["id"] for row in results(client, "threads", **query)]
        for name, query in {
            "version": {"version": version.pk}, "pair": {"pair": other.pair_id},
            "kind": {"kind": "comment"}, "open": {"state": "open", "kind": "request"},
            "addressed": {"state": "addressed"}, "resolved": {"state": "resolved"},
        }.items()
    }  # fmt: skip
    assert ids == {
        "version": [request_.pk], "pair": [met.pk, plain.pk], "kind": [plain.pk],
        "open": [request_.pk], "addressed": [met.pk], "resolved": [],
    }  # fmt: skip
    actions.answer(by=reviewer, comment=met, move="reopened", body="Still long.")
    assert len(results(client, "threads", state="open", kind="request")) == 2


@pytest.mark.parametrize("query", ["colour=blue", "state=lost", "kind=order"])
def test_an_unknown_filter_is_refused(author: User, signed_in: SignIn, query: str) -> None:
    assert signed_in(author).get(f"{API}/threads/?{query}").status_code == 400


def test_threads_cost_the_same_however_many(
    version: Version, reviewer: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    for number in range(4):
        said = actions.comment(by=reviewer, version=version, body=f"No. {number}", kind="request")
        actions.answer(by=reviewer, comment=said, body="And?")
    client = signed_in(reviewer)
    with django_assert_num_queries(5):
        assert len(results(client, "threads")) == 4
    with django_assert_num_queries(6):
        assert len(results(client, f"versions/{version.pk}/threads")) == 4
