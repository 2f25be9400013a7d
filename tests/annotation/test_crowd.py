"""Many raters at once: places are never given twice, and nobody is sent away too early."""

from collections import Counter
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from annotation.actions import allocation, quota, raters, submission
from annotation.models import Assignment, Item, Preference, Rater, Rating, Study
from tests.annotation.made import AT, ratings, study
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)


def rate_until_told_to_stop(of: Study, rater: Rater, ends: list[object]) -> None:
    """Ask and submit until there is no item; what went wrong is kept for the test."""
    try:
        sent = ratings(of)
        while True:
            found = allocation.next_assignment(study=of, rater=rater, at=AT)
            if isinstance(found, allocation.Nothing):
                if found.reason == "wait":
                    continue
                ends.append(str(found.reason))
                return
            loaded = Assignment.objects.to_work_on().get(pk=found.pk)
            submission.submit(
                assignment=loaded,
                rater=rater,
                token=found.token,
                key="k",
                ratings=sent,
                preference="A",
                at=AT,
            )
    except Exception as error:
        ends.append(error)
    finally:
        connection.close()


def crowd(n_items: int, k: int, n_raters: int) -> Study:
    made = study(n_items, k=k)
    assert made.rubric.sheet
    people = [raters.of(person("rater")) for _ in range(n_raters)]
    ends: list[object] = []
    threads = [Thread(target=rate_until_told_to_stop, args=(made, each, ends)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert ends == ["done"] * n_raters
    return made


def assert_whole(made: Study, n_raters: int) -> None:
    """Every item has as many ratings as it can get: k, or everybody's."""
    each = min(made.k, n_raters)
    taken = Counter(Assignment.objects.filter(state="submitted").values_list("item_id", flat=True))
    assert set(taken.values()) == {each}
    assert len(taken) == made.n_items
    assert {item.places_left for item in Item.objects.all()} == {made.k - each}
    assert Preference.objects.count() == made.n_items * each
    assert Rating.objects.count() == made.n_items * each * 8


def test_six_raters_share_a_study() -> None:
    assert_whole(crowd(n_items=6, k=2, n_raters=6), n_raters=6)


@pytest.mark.postgres
def test_twenty_raters_share_a_study() -> None:
    assert_whole(crowd(n_items=50, k=3, n_raters=20), n_raters=20)


@pytest.mark.postgres
def test_all_raters_meet_on_the_same_items() -> None:
    assert_whole(crowd(n_items=5, k=20, n_raters=20), n_raters=20)


class Desk:
    """A rater's program: it asks and submits by REST until it is told that there is no more."""

    def __init__(self, of: Study, user: User, sent: list[dict[str, Any]]) -> None:
        self.study, self.user, self.ratings = of, user, sent
        self.client = Client()
        self.client.force_login(user)
        self.n_calls = 0
        self.wrong: list[str] = []

    def post(self, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        self.n_calls += 1
        answer = self.client.post(f"/api/v1/{path}", body, "application/json", headers=headers)
        if answer.status_code != 200:
            self.wrong.append(f"{path}: {answer.status_code} {answer.content!r}")
        return dict(answer.json())

    def work(self) -> None:
        try:
            while not self.wrong:
                found = self.post(f"studies/{self.study.pk}/next/", {})
                if mine := found["assignment"]:
                    body = {"token": mine["token"], "ratings": self.ratings, "preference": "A"}
                    path = f"assignments/{mine['id']}/submit/"
                    self.post(path, body, **{"Idempotency-Key": mine["id"]})
                elif found["reason"] == "done":
                    self.check_done()
                    return
        except Exception as error:
            self.wrong.append(repr(error))
        finally:
            connection.close()

    def check_done(self) -> None:
        """What is full by submitted ratings stays full, so this can be looked up late."""
        mine = Assignment.objects.filter(rater__user=self.user, state="submitted")
        for item in Item.objects.exclude(pk__in=mine.values("item")):
            if item.assignments.filter(state="submitted").count() < item.places:
                self.wrong.append(f"told done while {item} has a place")


def at_once(works: list[Callable[[], None]]) -> None:
    threads = [Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=400)


@pytest.mark.postgres
def test_a_thousand_calls_of_fifty_raters_while_a_curator_asks_for_more() -> None:
    made = study(100, k=4)
    sent = ratings(made)
    desks = [Desk(made, person("rater"), sent) for _ in range(50)]

    def raise_k() -> None:
        while Assignment.objects.filter(state="submitted").count() < 100:
            pass
        quota.change(by=None, study=Study.objects.get(), k=5)
        connection.close()

    at_once([*(desk.work for desk in desks), raise_k])
    assert [line for desk in desks for line in desk.wrong] == []
    assert sum(desk.n_calls for desk in desks) >= 1_000
    by_item = Counter(Assignment.objects.values_list("item_id", flat=True))
    assert set(by_item.values()) == {5}  # none over k, none short of it
    assert len(by_item) == 100
    assert set(Assignment.objects.values_list("state", flat=True)) == {"submitted"}
    assert set(Item.objects.values_list("taken", "places")) == {(5, 5)}
    assert (Rating.objects.count(), Preference.objects.count()) == (500 * 8, 500)


def test_two_tabs_of_a_rater_get_the_same_item() -> None:
    made = study(5)
    rater = raters.of(person("rater"))
    found: list[object] = []

    def ask() -> None:
        found.append(allocation.next_assignment(study=made, rater=rater, at=AT))
        connection.close()

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert sum(made.k - item.places_left for item in Item.objects.all()) == 1
