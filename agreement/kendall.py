"""Kendall's W: how far any number of raters put the items in the same order, ties and all.

Source: Kendall & Babington Smith (1939), Ann. Math. Stat. 10:275-287; ties after Kendall & Gibbons
(1990), Rank Correlation Methods, 5th ed., section 6.10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # its larger parts load when they are asked for
from numpy.typing import NDArray
from scipy import special

from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.wording import _

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Concordance:
    """W, the p-value of its chi-square test, Spearman's rho averaged over all pairs of raters that
    W stands for (exactly so without ties), and the number of items that every rater rated."""

    w: Estimate
    p: Estimate
    mean_spearman: Estimate
    n_items: int


def concordance(ratings: Ratings) -> Concordance:
    """W = 12 S / (m^2 (n^3 - n) - m sum_g T_g), T_g = sum (t^3 - t) over rater g's ties of t items.

    S is the sum of squared deviations of the n items' sums of mid-ranks over m raters. 1: one and
    the same order; 0: orders that cancel out. Tested by m (n - 1) W, chi-square with n - 1 df.
    Only items that every rater rated count. Undefined for labels without order, with fewer than
    two raters or items, and when no rater's ratings vary.
    """
    table = ratings.matrix[ratings.is_given.all(axis=1)]
    n, m = table.shape
    if reason := _why_undefined(ratings, n):
        return _without(reason, n)
    ranks = np.asarray(scipy.stats.rankdata(table, axis=0), dtype=np.float64)
    spread = float(((ranks - ranks.mean(axis=0)) ** 2).sum())
    if spread == 0:
        return _without(_("no rater's ratings vary, so there is no order to compare"), n)
    sums = ranks.sum(axis=1)
    w = min(1.0, float(((sums - sums.mean()) ** 2).sum()) / (m * spread))
    p = float(special.chdtrc(n - 1, m * (n - 1) * w))
    return Concordance(
        w=Estimate(w, interval_reason=_("W is tested, not bounded: see its p-value")),
        p=Estimate(p),
        mean_spearman=Estimate((m * w - 1) / (m - 1)),
        n_items=n,
    )


def _why_undefined(ratings: Ratings, n_complete: int) -> str | None:
    if not (ratings.scale.is_numeric or ratings.scale.is_declared):
        return _("these ratings are labels without an order")
    if ratings.n_raters < 2:
        return _("concordance compares raters, and there are fewer than two")
    return _("fewer than two items have a rating from every rater") if n_complete < 2 else None


def _without(reason: str, n: int) -> Concordance:
    none = undefined(reason)
    return Concordance(none, none, none, n)
