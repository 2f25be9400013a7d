"""Ties as an outcome of their own: known values, corners, and what is refused."""

import numpy as np
import pytest

from agreement import bradley_terry, davidson
from agreement.comparisons import Comparisons
from tests.agreement.test_bradley_terry import NAMES, TIES, WINS, drawn_rows

# What another program finds in the same simulated round robin.
STRENGTHS = {"base": 0.0, "generic": 0.1577, "psych": 0.9006, "lora": 1.214}


def values(found):
    return {name: estimate.value for name, estimate in found.strengths.items()}


def test_a_table_of_wins_and_ties_gives_the_known_strengths():
    found = davidson.fit(Comparisons.of_table(np.array(WINS), NAMES, np.array(TIES)))
    assert values(found) == pytest.approx(STRENGTHS, abs=1e-4)
    assert found.ties.value == pytest.approx(0.358045, abs=1e-4)
    assert found.ties.low < found.ties.value < found.ties.high


def test_two_conditions_have_a_closed_form():
    rows = [(1, "a", "b", 1.0)] * 30 + [(1, "a", "b", 0.0)] * 10 + [(1, "b", "a", 0.5)] * 20
    found = davidson.fit(Comparisons.build(rows), reference="b")
    assert found.strengths["a"].value == pytest.approx(np.log(3))
    assert found.ties.value == pytest.approx(20 / 2 / np.sqrt(30 * 10))


def test_without_ties_it_is_bradley_terry():
    comparisons = Comparisons.build(drawn_rows(1, ties=0.0))
    found = davidson.fit(comparisons)
    assert found.strengths == bradley_terry.fit(comparisons).strengths
    assert found.ties.value == 0 and found.ties.interval_reason


def test_the_reference_only_moves_the_origin():
    comparisons = Comparisons.build(drawn_rows(2))
    one, other = (davidson.fit(comparisons, reference=name) for name in ("base", "lora"))
    moved = {name: value - values(one)["lora"] for name, value in values(one).items()}
    assert values(other) == pytest.approx(moved)
    assert other.ties.value == pytest.approx(one.ties.value)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no comparison"),
        ([(1, "a", "b", 0.5)] * 3, "all comparisons are ties"),
        ([(1, "a", "b", 0.5), (1, "c", "d", 1.0)], "never compared"),
        ([(1, "a", "b", 1.0), (2, "c", "b", 0.5), (3, "a", "c", 1.0)], "tied with a"),
    ],
)
def test_what_cannot_be_told_is_undefined_with_the_reason(rows, said):
    found = davidson.fit(Comparisons.build(rows))
    assert said in found.ties.reason
    assert all(said in one.reason for one in found.strengths.values())
