"""Adjusted p-values that bound the share of false findings among many comparisons.

Holm (`holm.py`) is for the few contrasts named before the data were seen; these are for whole
tables, such as criterion by domain. Sources: Benjamini & Hochberg (1995), J. R. Stat. Soc. B
57:289-300; Benjamini & Yekutieli (2001), Ann. Stat. 29:1165-1188.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """min over ranks j >= i of m p_(j) / j, at most 1, in the order given.

    A finding is kept at false discovery rate q when its adjusted p-value is at most q. It holds
    for independent p-values and for some that rise together.
    """
    return _step_up(p_values, 1.0)


def benjamini_yekutieli(p_values: Sequence[float]) -> list[float]:
    """As Benjamini-Hochberg, times sum_{i <= m} 1 / i: it holds under any dependence, such as
    several criteria of the same responses."""
    return _step_up(p_values, sum(1 / rank for rank in range(1, len(p_values) + 1)))


def _step_up(p_values: Sequence[float], factor: float) -> list[float]:
    p = np.asarray(p_values, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("A p-value lies between 0 and 1.")
    order = np.argsort(p, kind="stable")[::-1]
    ranks = np.arange(len(p), 0, -1)
    steps = np.minimum.accumulate(factor * len(p) * p[order] / ranks)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(steps, 1.0)
    return [float(value) for value in adjusted]
