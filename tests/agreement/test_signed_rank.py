"""The signed-rank test against a published value, SciPy and all signs counted one by one."""

from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from agreement import signed_rank

SOME = st.lists(st.integers(-4, 4), min_size=1, max_size=9)


def counted(differences: list[int]) -> float:
    """Every assignment of signs to the differences that are none, one after the other."""
    found = np.array([each for each in differences if each])
    ranks = stats.rankdata(np.abs(found))
    limit = ranks[found > 0].sum() + 1e-9
    sums = [np.dot(signs, ranks) for signs in product((0, 1), repeat=len(ranks))]
    return float(np.mean([each <= limit for each in sums]))


def test_darwins_plants() -> None:
    """Heights of crossed less self-fertilised maize: W = 24, p = 0.0206 on one side (SciPy)."""
    apart = np.array([6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75])
    assert signed_rank.p_less(-apart) == pytest.approx(0.0206298828125)


@given(SOME)
def test_ties_and_zeros_as_when_all_signs_are_counted(differences: list[int]) -> None:
    assert signed_rank.p_less(differences) == pytest.approx(counted(differences))


@given(st.sets(st.integers(1, 200), min_size=5, max_size=29), st.randoms(use_true_random=False))
def test_scipys_exact_test_where_nothing_ties(sizes: set[int], rng: Random) -> None:
    differences = [each * rng.choice([-1, 1]) for each in sizes]
    expected = stats.wilcoxon(differences, alternative="less", method="exact").pvalue
    assert signed_rank.p_less(differences) == pytest.approx(expected)


@given(SOME)
def test_both_sides_share_what_is_found(differences: list[int]) -> None:
    """P(<=) and P(>=) count the found sum twice."""
    less, more = (signed_rank.p_less(np.array(differences) * side) for side in (1, -1))
    assert 1 <= less + more <= 2
    assert signed_rank.p_less([3.5 * each for each in differences]) == less


def test_nothing_that_differs_tells_nothing_and_too_many_are_refused() -> None:
    assert signed_rank.p_less([]) == signed_rank.p_less([0.0, 0.0]) == 1.0
    with pytest.raises(ValueError, match="51 differences; at most 50"):
        signed_rank.p_less(range(1, 52))
    assert signed_rank.p_less([-1.0] * 50) == 2.0**-50
