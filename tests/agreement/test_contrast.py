"""A difference of two alphas has its own interval, narrow where both rest on the same items."""

import numpy as np
import pytest

from agreement import contrast, krippendorff
from agreement.ratings import Ratings
from tests.agreement.test_bootstrap import simulated

SCALE = [1, 2, 3, 4, 5]


def test_the_value_is_the_difference_and_exchanging_the_sides_turns_it_round():
    rng = np.random.default_rng(1)
    a, b = (Ratings.from_matrix(simulated(rng, 50, 3), "ordinal", SCALE) for _ in range(2))
    there, back = contrast.of_items(a, b, "ordinal"), contrast.of_items(b, a, "ordinal")
    expected = krippendorff.alpha(b, "ordinal").known - krippendorff.alpha(a, "ordinal").known
    assert there.value == pytest.approx(expected)
    assert back.value == pytest.approx(-expected)
    assert back.low == pytest.approx(-there.ends[1], abs=0.03)


def test_the_same_raters_differ_by_nothing_and_a_noisy_judge_lowers_alpha():
    rng = np.random.default_rng(2)
    people = simulated(rng, 80, 3, 0.2)
    judge = rng.integers(1, 6, (80, 1)).astype(float)
    ratings = Ratings.from_matrix(np.hstack([people, judge]), "ordinal", SCALE)
    same = contrast.of_raters(ratings, ["1", "2", "3"], ["1", "2", "3"], "ordinal", draws=200)
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)
    with_judge = contrast.of_raters(ratings, ["1", "2", "3"], ["1", "2", "3", "4"], "ordinal")
    assert with_judge.ends[1] < 0


@pytest.mark.parametrize("kind", ["items", "raters"])
def test_the_interval_covers_no_difference_about_as_often_as_it_claims(kind):
    rng, hits = np.random.default_rng(3), 0
    for seed in range(200):
        table = simulated(rng, 60, 4, 0.1)
        ratings = Ratings.from_matrix(table, "ordinal", SCALE)
        if kind == "raters":
            found = contrast.of_raters(
                ratings, ["1", "2"], ["3", "4"], "ordinal", draws=300, seed=seed
            )
        else:
            other = Ratings.from_matrix(simulated(rng, 60, 4, 0.1), "ordinal", SCALE)
            found = contrast.of_items(ratings, other, "ordinal", draws=300, seed=seed)
        hits += found.ends[0] <= 0 <= found.ends[1]
    assert 0.89 <= hits / 200 <= 0.99


def test_what_cannot_be_compared_says_why():
    one = Ratings.from_matrix([[1, 2]], "ordinal", SCALE)
    flat = Ratings.from_matrix([[1, 1], [1, 1]], "ordinal", SCALE)
    assert contrast.of_items(one, one, "ordinal").interval_reason == contrast.TOO_FEW
    assert contrast.of_items(one, flat, "ordinal").reason == krippendorff.NO_VARIATION
    assert contrast.of_raters(one, ["1"], ["1", "2"], "ordinal").reason
    assert contrast.of_raters(one, ["1", "2"], ["1", "2"], "ordinal").interval_reason
