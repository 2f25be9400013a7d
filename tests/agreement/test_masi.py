"""Alpha of sets: the distance as published, hand-made examples, and what must not change it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreement import krippendorff, masi
from agreement.ratings import Ratings, RatingsError

SETS = st.frozensets(st.integers(1, 4), max_size=4)
TABLES = st.lists(st.lists(SETS, min_size=3, max_size=3), min_size=2, max_size=8)


def rows(table: list[list[frozenset[int]]]) -> list[tuple[int, int, frozenset[int]]]:
    return [
        (item, rater, picked)
        for item, line in enumerate(table)
        for rater, picked in enumerate(line)
    ]


@pytest.mark.parametrize(
    ("a", "b", "far"),
    [
        ({1, 2}, {1, 2}, 0),
        ({1, 2}, {1, 2, 3, 4}, 1 - 2 / 3 * 1 / 2),
        ({1, 2}, {2, 3}, 1 - 1 / 3 * 1 / 3),
        ({1}, {2}, 1),
        (set(), {2}, 1),
        (set(), set(), 0),
    ],
)
def test_the_distance_is_jaccards_weighed_by_how_the_sets_lie(
    a: set[int], b: set[int], far: float
) -> None:
    assert masi.distance(a, b) == pytest.approx(far)
    assert masi.distance(b, a) == pytest.approx(far)


def test_a_hand_made_example_has_its_alpha() -> None:
    # Do = (0 + 2/3 + 1) / 3; De = 64/3 over the 30 ordered pairs of six ratings.
    table = [({1}, {1}), ({1, 2}, {1}), ({2}, {3})]
    given_rows = [(i, r, picked) for i, pair in enumerate(table) for r, picked in enumerate(pair)]
    assert masi.alpha(given_rows, draws=20).value == pytest.approx(1 - (5 / 9) / (64 / 90))


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(1, 4), min_size=3, max_size=3), min_size=2, max_size=8))
def test_single_values_give_nominal_alpha(table: list[list[int]]) -> None:
    single = [(item, rater, {value}) for item, rater, value in rows(table)]  # type: ignore[arg-type]
    plain = krippendorff.alpha(Ratings.from_rows(rows(table), "nominal"), "nominal")  # type: ignore[arg-type]
    found = masi.alpha(single, draws=5)
    assert found.reason == plain.reason
    assert found.value == (None if plain.value is None else pytest.approx(plain.value))


@settings(max_examples=40)
@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_items_raters_and_values_changes_nothing(table, random) -> None:  # type: ignore[no-untyped-def]
    others = [(item + 9, 5 - rater, {9 - v for v in picked}) for item, rater, picked in rows(table)]
    random.shuffle(others)
    found, same = masi.alpha(rows(table), draws=5), masi.alpha(others, draws=5)
    assert (found.value is None) == (same.value is None)
    if found.value is not None:
        assert same.value == pytest.approx(found.value)
        assert found.value <= 1


@settings(max_examples=40)
@given(st.lists(SETS, min_size=2, max_size=8))
def test_raters_who_always_pick_the_same_agree_wholly(sets: list[frozenset[int]]) -> None:
    found = masi.alpha(rows([[picked] * 3 for picked in sets]), draws=5)
    assert found.value == (pytest.approx(1) if len(set(sets)) > 1 else None)


def test_what_cannot_be_had_says_why() -> None:
    assert masi.alpha([]).reason == "no item has ratings from two raters"
    assert "same value" in str(masi.alpha(rows([[frozenset({1})] * 2] * 3)).reason)
    one = masi.alpha(rows([[frozenset({1}), frozenset({2})]]))
    assert one.interval_reason == "resampling needs at least two items"
    with pytest.raises(RatingsError, match="twice"):
        masi.alpha([(1, 1, {1}), (1, 1, {2}), (1, 2, {2})])


def test_the_interval_lies_round_the_value_and_narrows_with_items() -> None:
    rng = np.random.default_rng(3)
    table = []
    for _ in range(200):
        true = frozenset(rng.choice(4, rng.integers(1, 4), replace=False).tolist())
        seen = [true ^ frozenset(rng.choice(4, 1).tolist()) if rng.random() < 0.3 else true]
        table.append([true, *seen, true])
    few, many = masi.alpha(rows(table[:40])), masi.alpha(rows(table))
    for found in (few, many):
        low, high = found.ends
        assert low < found.known < high
    assert many.ends[1] - many.ends[0] < few.ends[1] - few.ends[0]
