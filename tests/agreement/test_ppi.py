"""PPI++ removes a judge's bias, covers as it should, and says when there is nothing to combine."""

import numpy as np
import pytest

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
