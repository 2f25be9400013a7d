"""Wilcoxon's signed-rank test, exact with ties too: Wilcoxon, Biometrics Bulletin 1 (1945) 80-83.

Under the hypothesis every sign is a fair coin. The sums of ranks that coins give are counted one
difference after the other, so that 29 differences cost as little as five, where enumerating their
signs costs twice as much with each.
"""

from __future__ import annotations

import numpy as np
import scipy  # its larger parts load when they are asked for
from numpy.typing import ArrayLike

MOST = 50  # differences; as many sums of signs are counted without rounding


def p_less(differences: ArrayLike) -> float:
    """P(sum of the ranks of positive differences <= the one found): small where they are negative.

    `differences` (n,) have no NaN. Zeros are left out and ties share their mean rank, on which the
    probability is conditional; without any difference it is 1. ValueError beyond `MOST`.
    """
    found = np.asarray(differences, dtype=np.float64)
    found = found[found != 0]
    if len(found) > MOST:
        raise ValueError(f"{len(found)} differences; at most {MOST}.")
    # Mean ranks are whole or end in a half.
    doubled = np.rint(2 * scipy.stats.rankdata(np.abs(found))).astype(int)
    ways = np.zeros(doubled.sum() + 1)  # to reach each doubled sum
    ways[0] = 1.0
    for rank in doubled:
        ways[rank:] += ways[:-rank].copy()
    below = ways[: doubled[found > 0].sum() + 1].sum()
    return float(below / 2.0 ** len(found))
