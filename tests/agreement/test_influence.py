"""Leaving out one item or rater gives the alpha that the others alone have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from agreement import influence, krippendorff
from agreement.ratings import Ratings
from agreement.scale import LEVELS
from tests.agreement import published

SCALE = [1, 2, 3, 4]
TABLES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 8), st.integers(2, 4)),
    elements=st.sampled_from([np.nan, 1.0, 2.0, 3.0, 4.0]),
    fill=st.nothing(),
)


@given(TABLES, st.sampled_from(LEVELS))
def test_each_item_left_out_equals_alpha_of_the_table_without_it(table, level):
    ratings = Ratings.from_matrix(table, level, SCALE)
    plain = krippendorff.alpha(ratings, level).value
    for found in influence.of_items(ratings, level):
        rest = Ratings.from_matrix(np.delete(table, int(found.name) - 1, axis=0), level, SCALE)
        slow = krippendorff.alpha(rest, level).value
        assert (found.without.value is None) == (slow is None)
        if slow is not None:
            assert found.without.value == pytest.approx(slow, abs=1e-9)
            assert found.change == pytest.approx(slow - plain, abs=1e-9)


def test_the_item_that_raters_split_on_is_the_strongest_driver():
    table = [[1, 1, 1], [2, 2, 2], [3, 3, 3], [1, 4, 4], [4, 4, 4], [2, 2, 3]]
    ratings = Ratings.from_matrix(table, "ordinal", SCALE)
    found = influence.drivers(influence.of_items(ratings, "ordinal"))
    assert [one.name for one in found][:2] == ["4", "6"]
    assert all(one.change > 0 for one in found)
    assert len(influence.drivers(influence.of_items(ratings, "ordinal"), most=1)) == 1


def test_the_rater_who_answers_at_random_is_the_strongest_driver():
    rng = np.random.default_rng(1)
    truth = rng.integers(1, 6, 60).astype(float)
    table = np.column_stack([truth, truth, truth, rng.integers(1, 6, 60)])
    ratings = Ratings.from_matrix(table, "ordinal", [1, 2, 3, 4, 5])
    found = influence.of_raters(ratings, "ordinal")
    [worst] = influence.drivers(found)
    assert (worst.name, worst.without.value) == ("4", 1.0)


def test_only_items_rated_twice_have_an_influence():
    ratings = published.krippendorff_c("ordinal")
    found = influence.of_items(ratings, "ordinal")
    assert [one.name for one in found] == [str(n) for n in range(1, 12)]


def test_what_cannot_be_left_out_says_why():
    [only] = influence.of_items(Ratings.from_matrix([[1, 2], [1, np.nan]], "ordinal"), "ordinal")
    assert only.without.reason == influence.NO_MORE_PAIR
    pair = influence.of_raters(Ratings.from_matrix([[1, 2], [2, 2]], "ordinal"), "ordinal")
    assert {one.without.reason for one in pair} == {"no item has ratings from two raters"}
    assert influence.drivers(pair) == []
    assert influence.of_items(Ratings.from_matrix([[1, 1]], "nominal"), "nominal") == []
    assert influence.of_raters(Ratings.from_matrix([[1, 1]], "nominal"), "nominal") == []
