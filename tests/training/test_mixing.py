"""Stated shares hold, by leaving rows out; a share of what is not there is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.mixing import CannotMix, chosen, counts

SHARES = {"refuse": 0.6, "partial": 0.15, "answer": 0.25}


def test_without_shares_every_row_is_taken_in_its_order():
    assert chosen(["refuse", "answer"], shares={}, seed=1) == [0, 1]


def test_the_shares_hold_and_the_scarcest_kind_is_used_whole():
    kinds = ["refuse"] * 100 + ["partial"] * 15 + ["answer"] * 300
    taken = [kinds[place] for place in chosen(kinds, shares=SHARES, seed=1)]
    assert counts(taken) == {"refuse": 60, "answer": 25, "partial": 15}


def test_the_same_seed_takes_the_same_rows_and_another_one_others():
    kinds = ["refuse"] * 100 + ["answer"] * 10 + ["partial"] * 10
    assert chosen(kinds, shares=SHARES, seed=1) == chosen(kinds, shares=SHARES, seed=1)
    assert chosen(kinds, shares=SHARES, seed=1) != chosen(kinds, shares=SHARES, seed=2)


def test_a_share_of_what_is_not_there_is_refused_with_what_there_is():
    with pytest.raises(CannotMix, match=r"wants 15% .*'partial'.* It has 3 of 'refuse'"):
        chosen(["refuse"] * 3, shares=SHARES, seed=1)


@given(st.lists(st.sampled_from(["refuse", "partial", "answer"]), min_size=1), st.integers(0, 9))
def test_no_row_is_taken_twice_and_the_order_is_kept(kinds: list[str], seed: int):
    try:
        taken = chosen(kinds, shares=SHARES, seed=seed)
    except CannotMix:
        return
    assert taken == sorted(set(taken))
