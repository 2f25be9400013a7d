"""From choices in both orders to wins, ties, and what the place of an answer does."""

from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging import tally
from judging.tally import Choice, Outcome

WORDS = ["A", "B", "equal", "both_unacceptable", ""]


def pair(number: int, plain: str, swapped: str, **rest: Any) -> list[Choice]:
    """The two orders of one pair; each choice in terms of the runs."""
    given_: dict[str, Any] = {"domain": "", "replicate": 1, **rest}
    return [
        Choice(f"pair {number}", f"prompt {number}", is_swapped=order, choice=choice, **given_)
        for order, choice in ((False, plain), (True, swapped))
    ]


def results(*choices: list[Choice]) -> list[str]:
    return [each.result for each in tally.outcomes(chain(*choices))]


@pytest.mark.parametrize(
    ("plain", "swapped", "result"),
    [
        ("A", "A", "A"),
        ("B", "B", "B"),
        ("A", "B", "inconsistent"),
        ("B", "A", "inconsistent"),
        ("A", "equal", "inconsistent"),
        ("equal", "both_unacceptable", "inconsistent"),
        ("equal", "equal", "equal"),
        ("both_unacceptable", "both_unacceptable", "both_unacceptable"),
        ("A", "", "unscored"),
        ("", "", "unscored"),
    ],
)
def test_a_win_needs_both_orders(plain: str, swapped: str, result: str) -> None:
    assert results(pair(1, plain, swapped)) == [result]


def test_a_pair_with_one_order_still_to_come_is_not_counted() -> None:
    assert results(pair(1, "A", "A")[:1], pair(2, "B", "B")) == ["B"]


@pytest.mark.parametrize(
    ("said", "result"),
    [
        (["A", "A", "B"], "A"),
        (["A", "B"], "inconsistent"),
        (["A", "A", "B", "equal"], "inconsistent"),
        (["unscored", "A"], "A"),
        (["unscored", "unscored"], "unscored"),
        (["inconsistent", "inconsistent", "B"], "inconsistent"),
    ],
)
def test_of_replicates_more_than_half_decide(said: list[str], result: str) -> None:
    assert tally.of_replicates(said) == result


def test_replicates_of_a_judge_are_one_say_on_a_pair() -> None:
    found = tally.outcomes(
        [each for n in (1, 2, 3) for each in pair(1, "A", "A" if n < 3 else "B", replicate=n)]
    )
    assert [each.result for each in found] == ["A"]


def outcomes(**n: int) -> list[Outcome]:
    kinds = [kind for kind, times in n.items() for _ in range(times)]
    return [Outcome(f"prompt {number}", "", kind, False) for number, kind in enumerate(kinds)]


def test_b_better_counts_a_tie_as_half_and_leaves_unscored_out() -> None:
    found = tally.tally(outcomes(A=2, B=5, equal=2, inconsistent=1, unscored=9), "All")
    assert (found.n_pairs, found.a, found.b, found.ties, found.unscored) == (19, 2, 5, 3, 9)
    assert found.superiority.value == pytest.approx((5 + 3 / 2) / 10)


def test_one_sided_wins_keep_their_doubt() -> None:
    found = tally.tally(outcomes(B=8), "All")
    assert found.superiority.value == 1.0
    assert found.superiority.low == pytest.approx(0.6756, abs=1e-3)
    assert found.preferred == "B"


@pytest.mark.parametrize(
    ("n", "preferred"),
    [
        ({"B": 5}, None),
        ({"B": 5, "equal": 1}, None),
        ({"A": 6}, "A"),
        ({"A": 20, "B": 20}, ""),
        ({"B": 30, "A": 10}, "B"),
        ({"equal": 40}, None),
        ({}, None),
    ],
)
def test_a_preference_is_said_only_where_enough_pairs_were_won(
    n: dict[str, int], preferred: str | None
) -> None:
    assert tally.tally(outcomes(**n), "All").preferred == preferred


def test_domains_are_told_apart_and_what_has_none_comes_last() -> None:
    rows = [*pair(1, "A", "A"), *pair(2, "B", "B", domain="grief"), *pair(3, "A", "A", domain="a")]
    found = tally.by_domain(tally.outcomes(rows))
    assert [(row.label, row.a, row.b) for row in found] == [
        ("a", 1, 0),
        ("grief", 0, 1),
        ("", 1, 0),
    ]


def test_a_judge_that_always_takes_the_first_is_never_consistent() -> None:
    rows = list(chain(*(pair(n, "A", "B") for n in range(20))))
    place = tally.position(rows)
    assert (place.consistency.value, place.first.value, place.leans) == (0.0, 1.0, "first")
    assert place.consistency.low == 0.0
    assert place.consistency.high == pytest.approx(0.1611, abs=1e-3)
    assert (place.n_compared, place.n_decided) == (20, 40)


def test_a_judge_that_sees_the_answers_is_consistent_and_leans_nowhere() -> None:
    rows = list(chain(*(pair(n, "AB"[n % 2], "AB"[n % 2]) for n in range(20))))
    place = tally.position(rows)
    assert (place.consistency.value, place.first.value, place.leans) == (1.0, 0.5, "")


def test_what_nobody_was_asked_says_nothing_of_place() -> None:
    rows = [*pair(1, "equal", "equal", is_same_text=True), *pair(2, "A", "")]
    place = tally.position(rows)
    assert (place.n_compared, place.consistency.value) == (0, None)
    assert place.n_decided == 1


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)), max_size=12))
def test_every_pair_comes_to_exactly_one_thing(said: list[tuple[str, str]]) -> None:
    rows = list(chain(*(pair(n, *both) for n, both in enumerate(said))))
    found = tally.tally(tally.outcomes(rows), "All", draws=20)
    assert found.a + found.b + found.ties + found.unscored == found.n_pairs == len(said)
    swapped = tally.tally(tally.outcomes(rows[::-1]), "All", draws=20)
    assert (swapped.a, swapped.b, swapped.ties) == (found.a, found.b, found.ties)
