"""Many raters at once: places are never given twice, and nobody is sent away too early."""

from collections import Counter
from threading import Thread

import pytest
from django.db import connection

from annotation.actions import allocation, raters, submission
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
