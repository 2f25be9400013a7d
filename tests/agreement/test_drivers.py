"""What disagreement is made of is found where it was put."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from agreement import drivers, icc, krippendorff
from agreement.ratings import Ratings
from agreement.scale import LEVELS
from tests.agreement import published

TABLES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(0, 8), st.integers(0, 4)),
    elements=st.sampled_from([np.nan, 1.0, 2.0, 3.0]),
    fill=st.nothing(),
)


def study(offsets, noise=0.4, n=80, missing=0.0, seed=1):
    rng = np.random.default_rng(seed)
    table = rng.normal(3, 1, (n, 1)) + np.array(offsets) + rng.normal(0, noise, (n, len(offsets)))
    table[rng.random(table.shape) < missing] = np.nan
    return Ratings.from_matrix(table.round(2), "interval")


def test_the_strict_rater_is_named_with_how_far_they_lie_below_the_others():
    found = drivers.strictness(study([0.0, 0.0, -1.5], missing=0.3))
    assert found.outlier == "3"
    assert found.offsets["3"] == pytest.approx(-1.5, abs=0.15)
    assert found.share > 0.7


def test_the_share_is_that_of_the_analysis_of_variance_in_a_complete_table():
    ratings = Ratings.from_matrix(published.SHROUT_FLEISS, "interval")
    squares = icc.mean_squares(ratings)
    found = drivers.strictness(ratings)
    assert found.share == pytest.approx(1 - squares.residual / squares.within)
    means = ratings.matrix.mean(axis=0)
    expected = [means[r] - np.delete(means, r).mean() for r in range(4)]
    assert list(found.offsets.values()) == pytest.approx(expected)


def test_equal_raters_share_no_strictness_and_two_raters_have_no_outlier():
    assert drivers.strictness(study([0.0, 0.0, 0.0])).share < 0.1
    assert drivers.strictness(study([0.0, -2.0])).outlier is None
    assert drivers.strictness(study([0.0])) is None
    assert drivers.strictness(Ratings.from_matrix([[1, 1], [2, 2]], "interval")) is None


def test_raters_who_share_no_item_cannot_be_compared():
    table = np.full((8, 4), np.nan)
    table[:4, :2] = [[1, 2], [2, 2], [3, 4], [1, 1]]
    table[4:, 2:] = [[1, 2], [2, 2], [3, 4], [1, 1]]
    assert drivers.strictness(Ratings.from_matrix(table, "interval")) is None


def test_items_hold_shares_of_disagreement_that_add_up():
    table = [[1, 1, 1], [2, 2, 2], [1, 4, 4], [4, 4, 4], [2, 2, 3], [3, 3, 3]]
    found = drivers.find(Ratings.from_matrix(table, "ordinal", [1, 2, 3, 4]), "ordinal")
    assert (found.few_items, found.n_items) == (1, 6)
    shares = drivers.item_shares(Ratings.from_matrix(table, "nominal"), "nominal")
    assert shares == pytest.approx({"1": 0, "2": 0, "3": 0.5, "4": 0, "5": 0.5, "6": 0})


def test_the_one_who_answers_unlike_the_others_is_found():
    rng = np.random.default_rng(2)
    truth = rng.integers(1, 4, 60)
    table = np.column_stack([truth, truth, truth, rng.integers(1, 4, 60)]).astype(float)
    found = drivers.find(Ratings.from_matrix(table, "nominal"), "nominal")
    assert (found.odd_one, found.strictness) == ("4", None)
    assert found.odd_change > 0.3


def test_the_commonest_level_and_its_share_are_given():
    found = drivers.find(Ratings.from_matrix([[1, 1], [1, 2], [1, 1]], "nominal"), "nominal")
    assert found.commonest == ("1", pytest.approx(5 / 6))


@given(TABLES, st.sampled_from(LEVELS))
def test_any_ratings_have_an_answer_and_shares_add_up_to_one_or_none(table, level):
    ratings = Ratings.from_matrix(table, level, [1, 2, 3])
    found = drivers.find(ratings, level)
    total = sum(drivers.item_shares(ratings, level).values())
    if krippendorff.alpha(ratings, level).value in (None, 1.0):
        assert found.few_items == 0 and total == pytest.approx(0)
    else:
        assert 1 <= found.few_items <= found.n_items and total == pytest.approx(1)
