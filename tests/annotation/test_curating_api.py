"""Flags, differences, rooms and guesses by REST: the actions of the pages, and whose each is."""

from typing import Any

import pytest
from django.test import Client

from annotation.actions import guesses, raters, rooms, studies, submission
from annotation.models import Flag, Guess, Room
from tests.annotation.made import AT, lease, ratings, study
from tests.annotation.test_adjudication import differing, scale_of
from tests.people import person

pytestmark = pytest.mark.django_db
__all__ = ["differing"]


def send(client: Client, path: str, body: Any = None) -> Any:
    return client.post(f"/api/v1/{path}", body or {}, content_type="application/json")


def get(client: Client, path: str) -> Any:
    return client.get(f"/api/v1/{path}")


@pytest.fixture
def browsers(rater, curator, signed_in) -> tuple[Client, Client]:
    return signed_in(rater), signed_in(curator)


def test_a_flag_is_raised_answered_and_settled_by_rest(browsers, rater, signed_in) -> None:
    mine, theirs = browsers
    held = lease(study(1), rater)
    body = {"assignment": held.pk, "kind": "other", "text": ""}
    assert send(mine, "flags/", body).status_code == 422
    made = send(mine, "flags/", body | {"text": "It is cut off."})
    assert (made.status_code, made.json()["notes"][0]["by"]) == (201, "rater")
    place = f"flags/{made.json()['id']}/"
    assert send(theirs, place + "note/", {"text": "Ask spring-kind."}).status_code == 422
    said = send(theirs, place + "note/", {"text": "Rate what is there."}).json()
    assert [note["by"] for note in said["notes"]] == ["rater", "curator"]
    assert send(theirs, place + "resolve/").json()["is_open"] is False
    assert get(theirs, "flags/?open=true").json()["results"] == []
    assert get(theirs, "flags/?open=perhaps").status_code == 400
    assert send(mine, place + "note/", {"text": "It is not."}).json()["is_open"] is True
    stranger = signed_in(person("rater"))
    assert get(stranger, "flags/").json()["results"] == []
    assert get(stranger, place).status_code == 404
    assert send(stranger, "flags/", body | {"kind": "unclear"}).status_code == 404
    assert Flag.objects.count() == 1


def test_what_raters_differ_on_is_read_and_settled_by_rest(differing, curator, browsers) -> None:
    _, client = browsers
    place = f"differences/?study={differing.pk}"
    found = get(client, place).json()
    first = found["differences"][0]
    assert (found["n_open"], first["low"], first["high"], first["is_own"]) == (2, 1, 5, False)
    body = {
        "study": differing.pk,
        "completion": first["completion"],
        "criterion": scale_of(differing).key,
        "value": 3,
        "note": "The anchor of 3 says it.",
    }
    assert send(client, "differences/", body | {"value": 9}).status_code == 422
    made = send(client, "differences/", body)
    assert (made.status_code, made.json()["criterion"]) == (201, body["criterion"])
    assert send(client, "differences/", body).status_code == 409
    assert get(client, place).json()["n_open"] == 1
    settled = get(client, f"differences/settled/?study={differing.pk}").json()["results"]
    assert [row["value"] for row in settled] == [3]
    studies.edit(by=curator, study=differing, hides_agreement=True)
    assert get(client, place).status_code == 409


def test_a_room_is_made_voted_in_and_closed_by_rest(browsers, rater, signed_in) -> None:
    _, curated = browsers
    made = study(2)
    people = [rater, person("rater")]
    clients = [signed_in(each) for each in people]
    for each in people:
        lease(made, each)
    ids = [raters.of(each).pk for each in people]
    body = {"study": made.pk, "name": "First", "items": [1], "raters": ids}
    assert send(curated, "rooms/", body | {"items": [7]}).status_code == 422
    room = send(curated, "rooms/", body).json()
    place = f"rooms/{room['id']}/"
    inside = get(clients[0], place).json()
    assert (inside["agreement"], len(inside["people"]), len(inside["criteria"])) == (None, 1, 4)
    item = inside["items"][0]["id"]
    for client, value in zip(clients, (1, 4), strict=True):
        assert get(client, f"{place}items/{item}/").json()["votes"] is None
        sent = {"item": item, "ratings": ratings(made, grounding=value)}
        assert send(client, place + "vote/", sent | {"ratings": []}).status_code == 422
        assert send(client, place + "vote/", sent).status_code == 200
    shown = get(clients[0], f"{place}items/{item}/").json()
    assert sum(bar["n"] for bar in shown["votes"][0]["first"]) == 2
    assert send(clients[0], place + "say/", {"item": item, "text": "I read it so."}).json()
    assert send(clients[0], place + "close/").status_code == 403
    assert send(curated, place + "again/").json()["state"] == "again"
    assert send(curated, place + "close/").json()["state"] == "closed"
    lines = {each["criterion"]: each for each in get(curated, place).json()["agreement"]}
    assert lines["grounding"]["before"]["percent"]["value"] == 0
    stranger = signed_in(person("rater"))
    assert get(stranger, "rooms/").json()["results"] == []
    assert get(stranger, place).status_code == 404
    assert Room.objects.get().notes.count() == 1


def test_the_last_question_is_asked_once_and_only_at_the_end(browsers, rater, curator) -> None:
    client, _ = browsers
    made = study(1)
    guesses.name_arms(by=curator, study=made, labels=["Ours", "Another"])
    held = lease(made, rater)
    place = f"guesses/?study={made.pk}"
    assert get(client, place).status_code == 409
    submission.submit(
        assignment=held, rater=held.rater, token=held.token, key="k", ratings=ratings(made),
        preference="A", at=AT,
    )  # fmt: skip
    asked = get(client, place).json()
    assert [label["name"] for label in asked["labels"]] == ["Another", "Ours"]
    (question,) = asked["questions"]
    assert set(question) == {"assignment", "messages", "language", "text"}
    sent = {"study": made.pk, "guesses": {}}
    assert send(client, "guesses/", sent).status_code == 422
    sent["guesses"] = {question["assignment"]: "1"}
    assert send(client, "guesses/", sent).json() == {"n": 1}
    assert send(client, "guesses/", sent).status_code == 409
    assert Guess.objects.count() == 1


def test_lists_cost_the_same_for_many(browsers, rater, django_assert_num_queries) -> None:
    mine, theirs = browsers
    held = lease(study(3), rater)
    for kind in ("unclear", "broken", "personal"):
        send(mine, "flags/", {"assignment": held.pk, "kind": kind, "text": kind})
    with django_assert_num_queries(5):  # session, user, roles, flags, notes
        assert len(get(theirs, "flags/").json()["results"]) == 3
    who = [raters.of(rater), raters.of(person("rater"))]
    for name in ("one", "two"):
        rooms.make(
            by=person("curator"), study=held.study, name=name,
            items=[held.item], raters=who,
        )  # fmt: skip
    with django_assert_num_queries(4):
        assert len(get(mine, "rooms/").json()["results"]) == 2
