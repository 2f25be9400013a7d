"""Each pair of raters gets the figures that the two would have alone."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from agreement import kappa, pairwise, percent
from agreement.ratings import Ratings
from tests.agreement import published

TABLES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 8), st.integers(2, 4)),
    elements=st.sampled_from([np.nan, 1.0, 2.0, 3.0]),
    fill=st.nothing(),
)


@given(TABLES)
def test_every_pair_equals_the_two_raters_alone(table):
    ratings = Ratings.from_matrix(table, "ordinal", [1, 2, 3])
    found = pairwise.compare(ratings)
    assert len(found.pairs) == len(list(combinations(ratings.raters, 2)))
    for one, other in combinations(ratings.raters, 2):
        pair = found.between(other, one)
        assert (pair.first, pair.second) == (one, other)
        assert pair.kappa == kappa.weighted(ratings, one, other)
        alone = percent.exact(ratings.only([one, other]))
        assert pair.percent.value == (None if alone.value is None else pytest.approx(alone.value))
        assert pair.percent.reason == (kappa.NO_COMMON if pair.n == 0 else None)


def test_the_gap_says_who_is_stricter_and_by_how_much():
    ratings = Ratings.from_matrix(published.SHROUT_FLEISS, "interval")
    pair = pairwise.compare(ratings).between("1", "2")
    assert pair.n == 6
    assert pair.gap.value == pytest.approx(np.mean([2 - 9, 1 - 6, 4 - 8, 1 - 7, 5 - 10, 2 - 6]))
    assert pair.gap.ends[0] < pair.gap.known < pair.gap.ends[1] < 0


def test_the_mean_kappa_of_a_rater_is_over_the_pairs_that_have_one():
    table = [[1, 1, np.nan], [2, 2, np.nan], [3, 2, np.nan], [1, np.nan, np.nan], [2, np.nan, 2]]
    ratings = Ratings.from_matrix(table, "ordinal", [1, 2, 3])
    found = pairwise.compare(ratings)
    assert len(found.of("1")) == 2
    assert found.mean_kappa("1").value == found.between("1", "2").kappa.value
    assert found.mean_kappa("3").reason == "kappa with no other rater is defined"


def test_labels_have_no_gap_and_too_many_levels_no_table():
    rows = [(1, "a", "yes"), (1, "b", "no"), (2, "a", "no"), (2, "b", "no")]
    [pair] = pairwise.compare(Ratings.from_rows(rows, "nominal"), "identity").pairs
    assert pair.gap.reason == "these ratings are labels, which have no distance"
    assert pair.percent.value == 0.5
    many = Ratings.from_matrix(np.arange(600.0).reshape(300, 2), "interval")
    with pytest.raises(ValueError, match="declare a scale with fewer"):
        pairwise.compare(many)
