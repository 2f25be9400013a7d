"""Win rates count each item once; swapping the places shows a judge that looks at the place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement import win_rate
from agreement.comparisons import Comparisons

scores = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=2, max_size=30)


def test_an_item_asked_often_counts_once():
    rows = [("often", "a", "b", 1.0)] * 9 + [("once", "a", "b", 0.0)]
    found = win_rate.win_rate(Comparisons.build(rows), "a", "b")
    assert found.rate.value == 0.5
    assert (found.n_items, found.n_comparisons, found.n_ties) == (2, 10, 0)


def test_both_orders_of_an_item_are_averaged():
    rows = [(1, "a", "b", 1.0), (1, "b", "a", 1.0), (2, "a", "b", 0.5), (2, "b", "a", 0.0)]
    found = win_rate.win_rate(Comparisons.build(rows), "a", "b")
    assert found.rate.value == pytest.approx((0.5 + 0.75) / 2)


@given(scores=scores)
def test_the_two_sides_add_up_to_one(scores):
    rows = [(item, "a", "b", score) for item, score in enumerate(scores)]
    comparisons = Comparisons.build(rows)
    one = win_rate.win_rate(comparisons, "a", "b", draws=50).rate
    other = win_rate.win_rate(comparisons, "b", "a", draws=50).rate
    assert one.value + other.value == pytest.approx(1)
    assert one.low == pytest.approx(1 - other.high)


def test_the_interval_covers_as_it_should():
    rng = np.random.default_rng(11)
    covered, n = 0, 300
    for _ in range(n):
        chance = rng.beta(2, 2, size=80)
        rows = [(i, "a", "b", float(rng.random() < c)) for i, c in enumerate(chance) for _ in "xy"]
        low, high = win_rate.win_rate(Comparisons.build(rows), "a", "b", draws=400).rate.ends
        covered += low <= 0.5 <= high
    assert 0.9 <= covered / n <= 0.985


def test_a_judge_that_always_takes_the_first_is_found_out():
    rows = [(item, *pair, 1.0) for item in range(10) for pair in (("a", "b"), ("b", "a"))]
    comparisons = Comparisons.build(rows)
    assert win_rate.win_rate(comparisons, "a", "b").rate.value == 0.5
    assert win_rate.first_slot_rate(comparisons).value == 1.0
    assert win_rate.position_consistency(comparisons).value == 0.0


def test_the_same_verdict_in_both_orders_is_consistent():
    rows = [(1, "a", "b", 1.0), (1, "b", "a", 0.0), (2, "a", "b", 0.5), (2, "b", "a", 0.5)]
    rows += [(3, "a", "b", 1.0), (3, "b", "a", 0.5), (4, "a", "b", 1.0)]
    found = win_rate.position_consistency(Comparisons.build(rows))
    assert found.value == pytest.approx(2 / 3)
    assert found.low < 2 / 3 < found.high


def test_pairs_of_one_item_are_looked_at_apart():
    rows = [(1, "a", "b", 1.0), (1, "b", "a", 0.0), (1, "a", "c", 1.0), (1, "c", "a", 1.0)]
    assert win_rate.position_consistency(Comparisons.build(rows)).value == 0.5


def test_what_cannot_be_counted_is_undefined_with_the_reason():
    never = win_rate.win_rate(Comparisons.build([(1, "a", "b", 1.0), (1, "a", "c", 0.0)]), "b", "c")
    assert (never.rate.value, never.n_items) == (None, 0)
    assert "no comparison" in never.rate.reason
    nothing = Comparisons.build([])
    assert win_rate.first_slot_rate(nothing).reason
    assert win_rate.position_consistency(nothing).reason
    one = Comparisons.build([(1, "a", "b", 1.0)])
    assert "both orders" in win_rate.position_consistency(one).reason
    assert "two items" in win_rate.win_rate(one, "a", "b").rate.interval_reason
