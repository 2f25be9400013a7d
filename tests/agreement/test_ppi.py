"""PPI++ removes a judge's bias, covers as it should, and says when there is nothing to combine."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from agreement import ppi


def test_a_judge_without_bias_or_noise_gives_its_mean_over_all_items() -> None:
    y = np.array([1.0, 2.0, 3.0, 4.0])
    found = ppi.mean(y, y, np.array([5.0, 6.0] * 50))
    weight = np.cov(y, y)[0, 1] / (1.04 * np.concatenate([y, [5.0, 6.0] * 50]).var(ddof=1))
    weight = min(1.0, float(weight))
    assert found.value == pytest.approx(weight * 5.5 + (1 - weight) * 2.5)


def test_a_useless_judge_leaves_the_human_mean() -> None:
    y = np.array([0.0, 1.0, 0.0, 1.0, 1.0])
    found = ppi.mean(y, np.full(5, 3.0), np.full(100, 3.0))
    assert found.value == pytest.approx(0.6)


def test_intervals_cover_although_the_judge_is_biased() -> None:
    rng = np.random.default_rng(7)
    covered, judge_covered, n = 0, 0, 400
    for _ in range(n):
        truth = rng.normal(0.2, 1.0, 300)
        judge = truth + 0.35 + rng.normal(0, 0.5, 300)
        found = ppi.mean(truth[:40], judge[:40], judge[40:])
        low, high = found.interval or (0.0, 0.0)
        covered += low <= 0.2 <= high
        half = 1.96 * judge.std(ddof=1) / np.sqrt(300)
        judge_covered += abs(judge.mean() - 0.2) <= half
    assert 0.91 <= covered / n <= 0.98
    assert judge_covered / n < 0.05


@pytest.mark.parametrize(("n", "n_others"), [(0, 5), (1, 5), (5, 0)])
def test_too_little_is_undefined_with_the_reason(n: int, n_others: int) -> None:
    found = ppi.mean(np.zeros(n), np.zeros(n), np.zeros(n_others))
    assert found.value is None
    assert found.reason


def test_unmatched_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="2 human values, but 3"):
        ppi.mean([1, 2], [1, 2, 3], [1])


# A simulated 1-5 scoring: human by judge on 120 items, and the judge alone on 1,880 others.
LABELLED = [
    [5, 6, 3, 0, 0],
    [2, 16, 11, 4, 0],
    [0, 7, 20, 13, 1],
    [0, 0, 5, 13, 7],
    [0, 0, 1, 4, 2],
]
OTHERS = [131, 411, 627, 477, 234]


def scored(labelled: list[list[int]], others: list[int]) -> tuple[np.ndarray, np.ndarray]:
    human, judge = np.indices((5, 5)) + 1.0
    times = np.array(labelled).ravel()
    alone = np.repeat(np.arange(1.0, 6.0), others)
    y = np.concatenate([np.repeat(human.ravel(), times), np.full(len(alone), np.nan)])
    return y, np.concatenate([np.repeat(judge.ravel(), times), alone])


def test_three_ways_reach_the_known_values() -> None:
    found = ppi.three_ways(*scored(LABELLED, OTHERS))
    assert (found.n, found.n_others) == (120, 1880)
    assert found.both.value == pytest.approx(2.84859, abs=5e-6)
    reach = 1.959964 * found.both.se
    assert found.both.value - reach == pytest.approx(2.70517, abs=5e-6)
    assert found.both.value + reach == pytest.approx(2.99201, abs=5e-6)
    assert found.weight == pytest.approx(0.60222, abs=1e-5)
    assert found.human.value == pytest.approx(2.816666666666667)
    assert found.judge.value == pytest.approx(3.1415)


def test_the_interval_is_wider_than_with_a_normal_distribution() -> None:
    found = ppi.three_ways(*scored(LABELLED, OTHERS)).both
    assert found.high - found.value == pytest.approx(stats.t.ppf(0.975, 119) * found.se)


def test_the_variance_ratio_nears_what_the_correlation_promises() -> None:
    rng = np.random.default_rng(4)
    truth = rng.normal(size=40_000)
    judge = 0.8 * truth + 0.6 * rng.normal(size=40_000)
    human = np.where(np.arange(40_000) < 10_000, truth, np.nan)
    found = ppi.three_ways(human, judge)
    assert found.best_ratio == pytest.approx(1 - 0.64 * 0.75, abs=0.01)
    assert found.variance_ratio == pytest.approx(found.best_ratio, abs=0.01)


def test_a_paired_difference_is_the_mean_of_differences() -> None:
    rng = np.random.default_rng(5)
    base = rng.normal(size=200)
    a, b = base + rng.normal(0, 0.3, 200), base + 0.5 + rng.normal(0, 0.3, 200)
    judge_a, judge_b = a + 0.2, b + 0.6
    a[50:], b[60:] = np.nan, np.nan
    found = ppi.paired_difference(a, b, judge_a, judge_b)
    assert (found.n, found.n_others) == (50, 150)
    assert (
        found.both.value
        == ppi.mean((b - a)[:50], (judge_b - judge_a)[:50], (judge_b - judge_a)[50:]).value
    )
    assert found.bias.value == pytest.approx(0.4)
    assert found.judge.value - found.human.value == pytest.approx(0.4, abs=0.15)


def test_what_is_missing_leaves_the_rest_standing() -> None:
    found = ppi.three_ways([1.0, 2.0, np.nan], [1.0, np.nan, 3.0])
    assert (found.n, found.n_others) == (1, 1)
    assert found.both.reason and found.weight is None
    assert found.human.interval_reason
    everyone = ppi.three_ways([1.0, 2.0], [1.0, 2.0])
    assert "judge adds nothing" in everyone.both.reason
    with pytest.raises(ValueError, match="2 human values, but 1"):
        ppi.three_ways([1.0, 2.0], [1.0])


@given(shift=st.floats(-5, 5), scale=st.floats(0.1, 5))
def test_the_estimate_moves_with_the_scale(shift: float, scale: float) -> None:
    human, judge = scored(LABELLED, OTHERS)
    plain = ppi.three_ways(human, judge).both
    moved = ppi.three_ways(shift + scale * human, shift + scale * judge).both
    assert moved.value == pytest.approx(shift + scale * plain.value)
    assert moved.se == pytest.approx(scale * plain.se)


def test_strata_labelled_at_different_rates_are_weighed_by_their_size() -> None:
    rng = np.random.default_rng(8)
    covered, pooled, n = 0, 0, 300
    strata = np.repeat(["mild", "severe"], [400, 100])
    for _ in range(n):
        truth = np.where(strata == "mild", 0.0, 1.0) + rng.normal(size=500)
        judge = truth + np.where(strata == "mild", 0.0, 0.5) + 0.7 * rng.normal(size=500)
        chance = np.where(strata == "mild", 0.08, 0.4)
        human = np.where(rng.random(500) < chance, truth, np.nan)
        low, high = ppi.stratified(human, judge, list(strata)).ends
        covered += low <= 0.2 <= high
        low, high = ppi.three_ways(human, judge).both.ends
        pooled += low <= 0.2 <= high
    assert 0.91 <= covered / n <= 0.985
    assert pooled < covered


def test_one_stratum_is_the_plain_estimate_and_a_bare_one_is_named() -> None:
    human, judge = scored(LABELLED, OTHERS)
    found = ppi.stratified(human, judge, ["all"] * len(human))
    assert found.value == pytest.approx(ppi.three_ways(human, judge).both.value)
    assert found.ends == pytest.approx(ppi.three_ways(human, judge).both.ends)
    bare = ["all"] * (len(human) - 5) + ["rare"] * 5
    assert "of rare have" in ppi.stratified(human, judge, bare).reason
    assert ppi.stratified([], [], []).reason
    with pytest.raises(ValueError, match="1 strata"):
        ppi.stratified(human, judge, ["all"])
