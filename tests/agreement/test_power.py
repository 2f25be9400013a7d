"""Numbers to plan a study with: pairs, rates, and how precise alpha will be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from agreement import krippendorff, power, wilson
from agreement.ratings import Ratings


@pytest.mark.parametrize(
    ("sd", "delta", "n"),
    [
        (1.1, 0.2, 238),
        (1.1, 0.3, 106),
        (1.1, 0.5, 38),
        (0.8, 0.2, 126),
        (0.8, 0.3, 56),
        (0.8, 0.5, 21),
    ],
)
def test_paired_items_follow_the_rule_of_7_85(sd, delta, n):
    assert power.paired_items(sd, delta) == n
    assert n <= power.paired_items_by_t(sd, delta) <= n + 3


def test_power_is_how_often_the_test_rejects():
    rng = np.random.default_rng(0)
    drawn = rng.normal(0.5, 1.1, size=(4000, 38))
    rejected = (stats.ttest_1samp(drawn, 0, axis=1).pvalue < 0.05).mean()
    assert power.paired_power(38, 1.1, 0.5) == pytest.approx(rejected, abs=0.02)
    assert power.paired_power(38, 1.1, 1e-9) == pytest.approx(0.05, abs=1e-6)
    assert power.paired_power(1, 1.1, 0.5) == 0.0


@given(sd=st.floats(0.2, 3), delta=st.floats(0.2, 2))
def test_the_number_of_items_is_the_smallest_that_does(sd, delta):
    n = power.paired_items_by_t(sd, delta)
    assert power.paired_power(n, sd, delta) >= 0.8
    assert n == 2 or power.paired_power(n - 1, sd, delta) < 0.8


def test_the_difference_to_be_seen_turns_the_question_round():
    delta = power.paired_delta(50, 0.8)
    assert power.paired_power(50, 0.8, delta) == pytest.approx(0.8)
    with pytest.raises(ValueError, match="Two items"):
        power.paired_delta(1, 0.8)


def test_the_spread_of_a_difference_comes_from_the_components():
    assert power.sd_of_difference(0.4, 0.6, 3) == pytest.approx(np.sqrt(2 * (0.16 + 0.12)))


@pytest.mark.parametrize(
    ("half_width", "rate"), [(0.05, 0.5), (0.1, 0.5), (0.05, 0.1), (0.03, 0.0)]
)
def test_a_rate_gets_the_smallest_sample_that_is_precise_enough(half_width, rate):
    n = power.rate_items(half_width, rate)
    assert power.rate_half_width(n, rate) <= half_width < power.rate_half_width(n - 1, rate)


def test_half_widths_are_those_of_wilsons_interval():
    low, high = wilson.proportion(30, 120).ends
    assert power.rate_half_width(120, 0.25) == pytest.approx((high - low) / 2)
    assert power.rate_items(0.05) == 381


def test_the_precision_of_alpha_grows_with_items_and_raters():
    table = {(row.n_raters, row.n_items): row for row in power.alpha_precision([50, 200], [2, 5])}
    assert table[2, 50].half_width == pytest.approx(0.19, abs=0.025)
    assert table[5, 200].half_width == pytest.approx(0.07, abs=0.015)
    assert table[2, 50].alpha == pytest.approx(0.56, abs=0.02)
    assert table[5, 50].half_width < table[2, 50].half_width
    assert table[5, 200].half_width < table[5, 50].half_width


def test_precision_is_the_spread_of_alpha_over_studies():
    rng = np.random.default_rng(3)
    values = []
    for _ in range(400):
        scores = 3 + rng.normal(size=(60, 1)) + 0.8 * rng.normal(size=(60, 3))
        whole = np.clip(np.round(scores), 1, 5)
        ratings = Ratings.from_matrix(whole, "ordinal", [1, 2, 3, 4, 5])
        values.append(krippendorff.alpha(ratings, "ordinal").value)
    low, high = np.percentile(values, [2.5, 97.5])
    planned = power.alpha_precision([60], [3])[0]
    assert planned.half_width == pytest.approx((high - low) / 2, rel=0.15)


def test_a_pilot_plans_for_items_like_its_own():
    rng = np.random.default_rng(4)
    scores = np.clip(np.round(3 + rng.normal(size=(30, 1)) + 0.5 * rng.normal(size=(30, 3))), 1, 5)
    scores[:6, 0] = np.nan
    pilot = Ratings.from_matrix(scores, "ordinal", [1, 2, 3, 4, 5])
    few, many = power.alpha_precision_of_pilot(pilot, "ordinal", [30, 120])
    assert few.alpha == krippendorff.alpha(pilot, "ordinal").value
    assert many.half_width == pytest.approx(few.half_width / 2, rel=0.25)
    flat = Ratings.from_matrix([[1, 1], [1, 1]], "ordinal", [1, 2])
    assert power.alpha_precision_of_pilot(flat, "ordinal", [30]) == []


@pytest.mark.parametrize("wrong", [{"sd": 0, "delta": 1}, {"sd": 1, "delta": 0}])
def test_plans_without_spread_or_difference_are_refused(wrong):
    with pytest.raises(ValueError, match="spread above 0"):
        power.paired_items(**wrong)
    with pytest.raises(ValueError, match="Power lies"):
        power.paired_items(1, 1, power=0.01)
    with pytest.raises(ValueError, match="half width"):
        power.rate_items(0.7)
