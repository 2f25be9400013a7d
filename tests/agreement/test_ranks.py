"""Spearman and tau-b equal SciPy's whatever is tied, and their intervals cover."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from agreement import ranks
from agreement.estimate import Estimate, undefined

POINTS = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 4)), min_size=2, max_size=15)
BOTH = [(ranks.spearman, stats.spearmanr), (ranks.tau_b, stats.kendalltau)]


@pytest.mark.parametrize(("ours", "known"), BOTH)
@given(points=POINTS)
def test_the_value_equals_scipys(ours, known, points):
    x, y = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    found = ours(x, y, draws=20)
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert found.reason == ranks.CONSTANT
    else:
        assert found.value == pytest.approx(known(x, y).statistic)
        assert ours(-x, y, draws=20).value == pytest.approx(-found.value)
        assert ours(y, x, draws=20).value == pytest.approx(found.value)


@pytest.mark.parametrize("ours", [ranks.spearman, ranks.tau_b])
def test_one_order_is_one_and_a_missing_value_leaves_its_row_out(ours):
    x = np.array([1.0, 2, 3, 4, np.nan])
    assert ours(x, np.array([10.0, 20, 30, 40, 0])).value == pytest.approx(1.0)
    assert ours([np.nan], [1.0]).reason == "no item has both values"
    assert ours([1.0, 2.0], [1.0, 3.0]).interval_reason
    with pytest.raises(ValueError, match="2 values cannot be correlated with 1"):
        ours([1.0, 2.0], [1.0])


@pytest.mark.parametrize("ours", [ranks.spearman, ranks.tau_b])
def test_each_row_as_its_own_cluster_changes_little_and_real_clusters_widen(ours):
    rng = np.random.default_rng(1)
    x = np.repeat(rng.integers(1, 6, 20), 5).astype(float)
    y = np.clip(x + np.repeat(rng.integers(-2, 3, 20), 5), 1, 5)
    plain = ours(x, y, draws=2000)
    own = ours(x, y, range(100), draws=2000)
    prompts = ours(x, y, np.repeat(np.arange(20), 5).tolist(), draws=2000)
    assert own.interval == pytest.approx(plain.interval, abs=0.04)
    assert np.ptp(prompts.ends) > 1.5 * np.ptp(plain.ends)


@pytest.mark.parametrize(("ours", "known"), BOTH)
def test_the_interval_covers_the_truth_about_as_often_as_it_claims(ours, known):
    rng = np.random.default_rng(2)

    def draw(n):
        x = rng.normal(size=n)
        return np.round(x * 1.2), np.round(x + rng.normal(size=n))

    truth, hits = known(*draw(100_000)).statistic, 0
    for seed in range(200):
        low, high = ours(*draw(60), draws=300, seed=seed).ends
        hits += low <= truth <= high
    assert 0.89 <= hits / 200 <= 0.985


def test_many_points_have_a_tau_without_an_interval(monkeypatch):
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(2, 50))
    full = ranks.tau_b(x, y)
    monkeypatch.setattr(ranks, "MOST_POINTS", 40)
    found = ranks.tau_b(x, y)
    assert found.value == pytest.approx(full.value)
    assert found.interval_reason == "there are more than 40 different points"


def test_a_correlation_is_corrected_for_the_noise_of_the_mean():
    found = ranks.disattenuated(Estimate(0.6, 0.4, 0.75), Estimate(0.64))
    assert (found.value, found.low, found.high) == pytest.approx((0.75, 0.5, 0.9375))
    assert ranks.disattenuated(Estimate(0.9), Estimate(0.5)).value == 1.0
    assert ranks.disattenuated(Estimate(0.9), Estimate(-0.1)).reason
    assert ranks.disattenuated(Estimate(0.9), undefined("one rater")).reason.endswith("one rater")
    assert ranks.disattenuated(undefined("no"), Estimate(0.5)).reason == "no"
