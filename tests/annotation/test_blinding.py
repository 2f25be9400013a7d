"""The permutation is fixed by its seed, balanced, and says nothing by itself."""

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import blinding

ids = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=22)
seeds = st.integers(min_value=0, max_value=2**63 - 1)


@given(seed=seeds, rater=ids, item=ids, n=st.integers(1, blinding.MAX_ARMS))
def test_the_order_is_a_permutation_and_always_the_same(seed, rater, item, n) -> None:
    order = blinding.shown_order(seed, rater, item, n)
    assert sorted(order) == list(range(n))
    assert order == blinding.shown_order(seed, rater, item, n)


@given(seed=seeds, rater=ids, item=ids, n=st.integers(1, blinding.MAX_ARMS))
def test_slots_lead_back_to_the_arms(seed, rater, item, n) -> None:
    order = blinding.shown_order(seed, rater, item, n)
    assert list(blinding.arms(blinding.stored(order)).values()) == list(order)
    assert tuple(blinding.arms(blinding.stored(order))) == blinding.slots(n)


@pytest.mark.parametrize("n", [2, 3])
def test_every_order_comes_equally_often(n: int) -> None:
    seen = Counter(
        blinding.shown_order(7, f"rater {i % 20}", f"item {i}", n) for i in range(12_000)
    )
    expected = 12_000 / len(list(permutations(range(n))))
    assert set(seen) == set(permutations(range(n)))
    assert all(abs(count - expected) < 0.1 * expected for count in seen.values())


def test_each_rater_sees_both_sides() -> None:
    for rater in range(20):
        first = sum(blinding.shown_order(7, f"r{rater}", f"i{item}", 2)[0] for item in range(400))
        assert 140 < first < 260


def test_two_raters_of_an_item_are_independent() -> None:
    same = sum(
        blinding.shown_order(7, "r1", f"i{item}", 2) == blinding.shown_order(7, "r2", f"i{item}", 2)
        for item in range(1_000)
    )
    assert 420 < same < 580


def test_too_many_answers_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 6"):
        blinding.shown_order(1, "r", "i", 7)


def test_end_tokens_are_not_shown() -> None:
    assert blinding.readable("Take care.<|im_end|>\n") == "Take care."
    assert blinding.readable("Take care.</s><|im_end|>") == "Take care."
    assert blinding.readable("Take care.<｜end▁of▁sentence｜>") == "Take care."
    assert blinding.readable("The tag <|im_end|> ends a turn.") == "The tag <|im_end|> ends a turn."
