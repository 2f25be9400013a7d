"""Percent agreement: the share of rater pairs that gave an item the same level, or nearly so.

Of each item with two or more ratings the share of its rater pairs that agree is taken, then the
mean over these items (Fleiss 1971, "P-bar"; Gwet 2014, p_a). Not corrected for chance. The
interval is Wilson's with the number of independent items p (1 - p) / se^2 that would have the same
standard error (after Korn & Graubard 1998, Surv. Methodol. 24:193-201); all items alike count as
they are, so perfect agreement on few items still has an interval.
"""

from __future__ import annotations

import numpy as np

from agreement import weights, wilson
from agreement.chance import NO_PAIR, ONE_ITEM, Observed, observed
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.scale import Level
from agreement.weights import WeightName
from agreement.wording import _


def exact(ratings: Ratings) -> Estimate:
    """mean_i sum_k r_ik (r_ik - 1) / (r_i (r_i - 1)), r_ik raters giving item i the level k.

    `se` is sqrt(sum (pa_i - pa)^2 / (n (n - 1))). Undefined when no item has two ratings.
    """
    counts = ratings.counts
    total = np.asarray(counts.sum(axis=1))
    agreeing = np.asarray((counts**2).sum(axis=1)) - total
    pairs, pairable = total * (total - 1), total >= 2
    share = np.divide(agreeing, pairs, out=np.zeros(len(total)), where=pairable)
    return _estimate(Observed(share, pairable))


def within_one(ratings: Ratings, level: Level) -> Estimate:
    """As `exact`, but neighbours agree: one step of an ordinal scale, one unit of a numeric one.

    Undefined for nominal ratings, which have no neighbours.
    """
    if level == "nominal":
        return undefined(_("nominal levels have no order, so none is next to another"))
    if reason := ratings.too_many_levels():
        return undefined(reason)
    levels = ratings.ranked().levels if level == "ordinal" else ratings.levels
    near = weights.within(1.0, levels)
    return _estimate(observed(ratings.dense_counts(), near))


def weighted(ratings: Ratings, name: WeightName) -> Estimate:
    """As `exact`, but a pair of levels agrees to the degree that the named weights say."""
    if reason := ratings.too_many_levels():
        return undefined(reason)
    return _estimate(observed(ratings.dense_counts(), weights.matrix(name, ratings.levels)))


def _estimate(seen: Observed) -> Estimate:
    if not seen.is_pairable.any():
        return undefined(NO_PAIR)
    shares = seen.per_item[seen.is_pairable]
    n, mean = len(shares), min(1.0, max(0.0, seen.mean))
    if n < 2:
        return Estimate(mean, interval_reason=ONE_ITEM)
    se = float(shares.std(ddof=1) / np.sqrt(n))
    low, high = wilson.bounds(mean, mean * (1 - mean) / se**2 if se > 1e-12 else n)
    return Estimate(mean, low, high, se=se)
