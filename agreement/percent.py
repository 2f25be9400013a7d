"""Percent agreement: the share of rater pairs that gave an item the same level, or nearly so.

Of each item with two or more ratings the share of its rater pairs that agree is taken, then the
mean over these items (Fleiss 1971, "P-bar"; Gwet 2014, p_a). Not corrected for chance.
"""

from __future__ import annotations

import numpy as np

from agreement import weights
from agreement.chance import NO_PAIR, Observed, observed
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.scale import Level
from agreement.weights import WeightName


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
        return undefined("nominal levels have no order, so none is next to another")
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
    n = len(shares)
    se = float(shares.std(ddof=1) / np.sqrt(n)) if n > 1 else None
    return Estimate(seen.mean, se=se)
