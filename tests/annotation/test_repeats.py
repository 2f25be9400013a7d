"""Hidden repeats: who gets which again, when, in which order of answers, and how they are mixed."""

from datetime import timedelta
from itertools import pairwise
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import blinding, repeats
from annotation.actions import leases, submission
from annotation.models import Assignment, Item, Preference, Rating, Repeat, RepeatPreference
from tests.annotation.made import AT, LATER, lease, ratings, reason, study
from tests.people import person

DAYS = timedelta(days=3)
ids = st.text("abcdef", min_size=1, max_size=6)
by_hand = pytest.mark.django_db


@given(n=st.integers(1, 6), data=st.data())
def test_rank_and_order_are_each_others_inverse(n: int, data: st.DataObject) -> None:
    rank = data.draw(st.integers(0, factorial(n) - 1))
    order = blinding.order(rank, n)
    assert sorted(order) == list(range(n))
    assert blinding.rank(order) == rank


@given(n=st.integers(2, 6), seed=st.integers(0, 2**62), rater=ids, item=ids)
def test_a_repeat_never_shows_the_same_order(n: int, seed: int, rater: str, item: str) -> None:
    first = blinding.stored(blinding.shown_order(seed, rater, item, n))
    again = repeats.other_order(first, seed=seed, rater_id=rater, item_id=item)
    assert again != first
    assert sorted(again.split()) == sorted(first.split())


def test_every_other_order_is_as_likely() -> None:
    found = [
        repeats.other_order("0 1 2", seed=1, rater_id="r", item_id=str(n)) for n in range(1_000)
    ]
    assert len(set(found)) == 5
    assert min(found.count(order) for order in set(found)) > 150


def test_the_share_of_repeats_is_what_was_asked_for() -> None:
    when = [
        repeats.due_at(seed=5, rater_id="r", item_id=str(n), percent=20, days=3, at=AT)
        for n in range(2_000)
    ]
    assert set(when) == {None, AT + DAYS}
    assert 0.17 < sum(each is not None for each in when) / 2_000 < 0.23


@pytest.mark.parametrize(("percent", "n"), [(0, 0), (100, 50)])
def test_none_and_all_are_exact(percent: int, n: int) -> None:
    when = [
        repeats.due_at(seed=5, rater_id="r", item_id=str(n), percent=percent, days=3, at=AT)
        for n in range(50)
    ]
    assert sum(each is not None for each in when) == n


def submit(mine: Assignment, at=AT) -> None:
    loaded = Assignment.objects.to_work_on().get(pk=mine.pk)
    submission.submit(
        assignment=loaded,
        rater=mine.rater,
        token=mine.token,
        key="k",
        ratings=ratings(mine.study),
        preference="A",
        at=at,
    )


def half_rated(rater, n: int = 12, done: int = 6, percent: int = 50):
    made = study(n, repeat_percent=percent, k=3)
    for _ in range(done):
        submit(lease(made, rater))
    return made


@by_hand
def test_repeats_come_days_later_with_the_answers_in_another_order(rater) -> None:
    made = half_rated(rater, done=12)
    planned = set(Assignment.objects.exclude(repeat_due_at=None).values_list("item_id", flat=True))
    assert planned
    assert reason(made, rater, AT + DAYS - timedelta(seconds=1)) == "wait"
    seen = set()
    for _ in range(len(planned)):
        mine = lease(made, rater, AT + DAYS)
        first = Assignment.objects.get(item=mine.item, rater=mine.rater, occasion=1)
        assert (mine.occasion, mine.shown) == (2, first.shown[::-1])
        seen.add(mine.item_id)
        submit(mine, AT + DAYS)
    assert seen == planned
    assert reason(made, rater, AT + DAYS) == "done"


@by_hand
def test_repeats_take_no_place_and_are_written_apart(rater) -> None:
    made = half_rated(rater, done=12)
    before = list(Item.objects.order_by("pk").values_list("taken", flat=True))
    n_ratings, n_preferences = Rating.objects.count(), Preference.objects.count()
    mine = lease(made, rater, AT + DAYS)
    submit(mine, AT + DAYS)
    assert list(Item.objects.order_by("pk").values_list("taken", flat=True)) == before
    assert (Rating.objects.count(), Preference.objects.count()) == (n_ratings, n_preferences)
    assert Repeat.objects.filter(assignment=mine).count() == 8
    chosen = RepeatPreference.objects.get(assignment=mine).chosen
    arm = int(mine.shown.split()[0])
    assert chosen == mine.item.answers.get(position=arm).completion


@by_hand
def test_a_repeat_that_is_left_comes_back_and_frees_no_place(rater) -> None:
    made = half_rated(rater, done=12)
    mine = lease(made, rater, AT + DAYS)
    taken = Item.objects.get(pk=mine.item_id).taken
    assert leases.sweep(at=AT + DAYS + LATER) == 1
    assert Item.objects.get(pk=mine.item_id).taken == taken
    again = lease(made, rater, AT + DAYS + LATER)
    assert (again.pk, again.occasion) == (mine.pk, 2)
    submission.skip(assignment=again, token=again.token, at=AT + DAYS + LATER)
    assert Item.objects.get(pk=mine.item_id).taken == taken
    assert lease(made, rater, AT + DAYS + LATER).item_id != mine.item_id


@by_hand
def test_repeats_come_among_new_items(rater) -> None:
    made = half_rated(rater, n=80, done=40)
    occasions = []
    for _ in range(40):
        mine = lease(made, rater, AT + DAYS)
        occasions.append(mine.occasion)
        submit(mine, AT + DAYS)
    assert 0 < occasions.count(2) < 40
    assert sum(one != other for one, other in pairwise(occasions)) > 2


@by_hand
def test_another_raters_items_are_no_repeats_of_mine(rater) -> None:
    made = half_rated(rater, done=12, percent=50)
    assert lease(made, person("rater"), AT + DAYS).occasion == 1


@by_hand
def test_a_rater_cannot_tell_a_repeat(rater, signed_in) -> None:
    made = half_rated(rater, done=11)
    client = signed_in(rater)
    shapes, lengths = {}, {}
    while item := client.post(f"/api/v1/studies/{made.pk}/next/").json()["assignment"]:
        page = client.get(f"/rate/{made.slug}/").content.decode()
        mine = Assignment.objects.get(pk=item["id"])
        shapes[mine.occasion], lengths[mine.occasion] = shape(item), len(page)
        assert "occasion" not in page
        Assignment.objects.filter(pk=mine.pk).update(state="skipped", lease_expires_at=None)
    assert set(shapes) == {1, 2}
    assert shapes[1] == shapes[2]
    assert abs(lengths[1] - lengths[2]) < 20
    listed = client.get("/api/v1/assignments/").json()["results"]
    assert len({tuple(row) for row in listed}) == 1


def shape(value):
    """The names and kinds of an answer, without what is in it."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value)


@by_hand
def test_a_study_without_repeats_plans_none(rater) -> None:
    made = study(5)
    submit(lease(made, rater))
    assert not Assignment.objects.exclude(repeat_due_at=None).exists()
