"""Who may open what: every address and method of the site against every role, as one table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.journeys.routes import Route, routes
from tests.journeys.world import World, build
from tests.people import person

ROLES = (
    *("anonymous", "author", "reviewer", "rater"),
    *("curator", "engineer", "researcher", "administrator"),
)

TABLE = (Path(__file__).parent / "authorization.txt").read_text()


def rows() -> dict[tuple[str, str], tuple[str, ...]]:
    """(address, method) -> what each role is told."""
    kept = (line for line in TABLE.splitlines() if line.strip() and not line.startswith("#"))
    lines = [line.split() for line in kept]
    return {(name, method): tuple(told) for name, method, *told in lines}


def test_the_table_has_a_row_for_every_address_and_method() -> None:
    there = {(route.name, method) for route in routes() for method in route.methods}
    known = set(rows())
    assert not there - known, "say in authorization.txt who may open these"
    assert not known - there, "take these out of authorization.txt: they are not there any more"
    assert {len(told) for told in rows().values()} == {len(ROLES)}


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> World:
    monkeypatch.setattr("generation.bell._send", lambda *message: None)
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    return build()


@pytest.mark.sqlite  # roles are looked at before any database is asked
def test_everybody_is_told_what_the_table_says(world: World) -> None:
    table = rows()
    wrong = [
        f"{route.name} {method}: {told} to {role}, not {table[route.name, method][at]}"
        for at, role in enumerate(ROLES)
        for route in routes()
        for method in route.methods
        if (route.name, method) in table
        and table[route.name, method][at] != (told := kind(ask(world, role, route, method)))
    ]
    assert not wrong, "\n".join(wrong)


# Somebody else of the very same role: what belongs to one person is not there for another.
OWN = """
corpus:edit            GET  author hid
corpus:save            POST author hid
corpus:upload          GET  curator hid
corpus:discard_upload  POST curator hid
annotation:submit      POST rater  hid
annotation:skip        POST rater  hid
annotation:flag_item   GET  rater  hid
annotation:reply_to_flag POST rater hid
annotation:room        GET  rater  hid
annotation:room_item   POST rater  hid
annotation:draft       POST rater  hid
annotation:undo        POST rater  hid
annotation:practice_item POST rater hid
api:version-detail     PUT  author no
api:version-submit     POST author no
api:version-withdraw   POST author no
api:assignment-detail  GET  rater  hid
api:assignment-draft   PUT  rater  hid
api:assignment-submit  POST rater  hid
api:assignment-skip    POST rater  hid
api:assignment-undo    POST rater  hid
api:flag-detail        GET  rater  hid
api:flag-note          POST rater  hid
api:room-detail        GET  rater  hid
api:room-vote          POST rater  hid
"""


def test_one_persons_work_is_closed_to_another_of_the_same_role(world: World) -> None:
    others = {role: person(role) for role in ("author", "curator", "rater")}
    by_name = {route.name: route for route in routes()}
    wrong = []
    for line in OWN.strip().splitlines():
        name, method, role, told = line.split()
        mine = kind(ask(world, role, by_name[name], method, by=world.people[role]))
        theirs = kind(ask(world, role, by_name[name], method, by=others[role]))
        if mine not in ("ok", "fix") or theirs != told:
            wrong.append(f"{line}: {mine} to its person, {theirs} to another")
    assert not wrong, "\n".join(wrong)


def ask(
    world: World, role: str, route: Route, method: str, by: User | None = None
) -> HttpResponseBase:
    """The answer to an empty request; whatever it changes is taken back."""
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        if role != "anonymous":
            client.force_login(by or world.people[role])
        send = getattr(client, method.lower())
        if method == "GET":
            answer = send(address(world, route))
        elif route.path.startswith("/api/"):
            body = {"token": "t", "lock_version": 1} if by else {}
            key = {"Idempotency-Key": "k"}
            answer = send(address(world, route), body, content_type="application/json", headers=key)
        else:
            answer = send(address(world, route), {"csrfmiddlewaretoken": "any"})
        transaction.set_rollback(True)
    return answer


def address(world: World, route: Route) -> str:
    """With the arguments of an object that is there; what nobody has is called 1."""
    known = world.places.get(route.name, {})
    needed = set(arguments(route.path))
    if route.name.startswith("api:") and needed and not known:
        kinds = [kind for kind in world.objects if route.name[4:].startswith(f"{kind}-")]
        known = dict.fromkeys(needed, world.objects[max(kinds, key=len)])
    return reverse(route.name, kwargs={name: known.get(name, "1") for name in needed} or None)


def arguments(path: str) -> Iterator[str]:
    for part in path.replace("(?P", "").split("<")[1:]:
        yield part.split(">")[0].split(":")[-1]


def kind(answer: HttpResponseBase) -> str:
    """The word of the table."""
    match answer.status_code:
        case 401:
            return "door"
        case 302 if "/you/login/" in answer.headers["Location"]:
            return "door"
        case 200 | 201 | 204 | 301 | 302:
            return "ok"
        case 400 | 409 | 410 | 422:
            return "fix"
        case 403:
            return "no"
        case 404:
            return "hid"
    return str(answer.status_code)
