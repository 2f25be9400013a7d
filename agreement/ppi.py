"""Prediction-powered inference (PPI++): a few human values correct many judged ones.

    lambda   = clip(cov(Y, F_l) / ((1 + n/N) var(F)), 0, 1)      F: judge on all items
    estimate = lambda mean(F_u) + mean(Y - lambda F_l)
    variance = lambda^2 var(F_u) / N + var(Y - lambda F_l) / n

Y are the human values of n labelled items, F_l the judge's on the same, F_u the judge's on N
others. The interval uses t with n - 1 degrees of freedom. Source: Angelopoulos, Duchi & Zrnic
(2023), arXiv 2311.01453. It holds if the labelled items are a random draw from all items; what it
gains is that the judge's bias is removed, not that raters are saved.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from agreement.estimate import Estimate, undefined


def mean(
    human: ArrayLike, judge_labelled: ArrayLike, judge_others: ArrayLike, confidence: float = 0.95
) -> Estimate:
    """The mean human value over all items. For a contrast give per-item differences.

    `human` and `judge_labelled` have shape (n,), `judge_others` (N,). Undefined below two labelled
    items or without others (then there is nothing that a judge could add).
    """
    y, f = np.asarray(human, dtype=np.float64), np.asarray(judge_labelled, dtype=np.float64)
    others = np.asarray(judge_others, dtype=np.float64)
    if y.shape != f.shape:
        raise ValueError(f"{len(y)} human values, but {len(f)} of the judge on the same items.")
    n, n_others = len(y), len(others)
    if n < 2:
        return undefined("fewer than two items have both a human and a judge's value")
    if not n_others:
        return undefined("every judged item was rated by people, so the judge adds nothing")
    weight = _weight(y, f, others)
    rest = y - weight * f
    spread = float(others.var(ddof=1)) if n_others > 1 else 0.0
    variance = weight**2 * spread / n_others + float(rest.var(ddof=1)) / n
    value = weight * float(others.mean()) + float(rest.mean())
    half = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * math.sqrt(variance)
    return Estimate(value, value - half, value + half, se=math.sqrt(variance))


def _weight(y: np.ndarray, f: np.ndarray, others: np.ndarray) -> float:
    spread = float(np.concatenate([f, others]).var(ddof=1))
    if spread == 0:
        return 0.0
    covariance = float(np.cov(y, f, ddof=1)[0, 1])
    return min(1.0, max(0.0, covariance / ((1 + len(y) / len(others)) * spread)))
