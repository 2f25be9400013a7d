"""Gwet's AC1 (identity weights) and AC2 (any others), which stay stable when ratings are skewed.

Missing ratings are allowed. Source: Gwet (2008), Br. J. Math. Stat. Psychol. 61:29-48, and Gwet
(2014), Handbook of Inter-Rater Reliability, 4th ed.
"""

from __future__ import annotations

from agreement import chance, weights
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.weights import WeightName


def ac(ratings: Ratings, name: WeightName = "identity") -> Estimate:
    """(pa - pe) / (1 - pe), pe = T / (q (q - 1)) sum_k pi_k (1 - pi_k).

    pa is the mean over items with two or more ratings, pi_k the mean over all items of r_ik / r_i,
    T the sum of the weights and q the number of levels of the full scale. `se` is the linearised
    standard error given the raters; the interval is t with n - 1 df. Undefined without two levels
    or without any item rated twice.
    """
    if reason := ratings.too_many_levels():
        return undefined(reason)
    if not ratings.n_items:
        return undefined(chance.NO_PAIR)
    q = len(ratings.levels)
    if q < 2:
        return undefined(chance.ONE_LEVEL)
    counts, weight = ratings.dense_counts(), weights.matrix(name, ratings.levels)
    share = chance.shares(counts)
    prevalence = share.mean(axis=0)
    scale = float(weight.sum()) / (q * (q - 1))
    expected = scale * float((prevalence * (1 - prevalence)).sum())
    per_item = scale * (share @ (1 - prevalence))
    return chance.corrected(chance.observed(counts, weight), expected, per_item)
