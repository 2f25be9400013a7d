"""Fleiss' kappa: agreement of any raters, chance taken from the pooled use of the levels.

It does not know who gave which rating; with two raters it equals Scott's pi. Source: Fleiss
(1971), Psychol. Bull. 76:378-382; missing ratings and weights after Gwet (2014).
"""

from __future__ import annotations

import numpy as np

from agreement import chance, weights
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.weights import WeightName


def kappa(ratings: Ratings, name: WeightName = "identity") -> Estimate:
    """(pa - pe) / (1 - pe), pe = sum_kl w_kl pi_k pi_l, pi_k the mean over items of r_ik / r_i.

    pa is the mean over items with two or more ratings. Undefined when every rating is the same
    value (pe is 1) and when no item has two ratings.
    """
    if reason := ratings.too_many_levels():
        return undefined(reason)
    if not ratings.n_items:
        return undefined(chance.NO_PAIR)
    counts, weight = ratings.dense_counts(), weights.matrix(name, ratings.levels)
    share = chance.shares(counts)
    prevalence = share.mean(axis=0)
    pull = weight @ prevalence
    seen = chance.observed(counts, weight)
    return chance.corrected(seen, float(prevalence @ pull), share @ pull)


def of_level(ratings: Ratings, label: str) -> Estimate:
    """Fleiss' kappa of one level against all others: how well raters tell this level apart.

    1 - sum_i r_ik (r_i - r_ik) / (n m (m - 1) p_k (1 - p_k)) in a complete table of m raters
    (Fleiss 1971, equation 23). Undefined when the level was never used, or always.
    """
    if not ratings.n_items:
        return undefined(chance.NO_PAIR)
    counts = ratings.dense_counts()
    used = counts[:, ratings.scale.labels.index(label)]
    both = np.stack([used, counts.sum(axis=1) - used], axis=1)
    share = chance.shares(both)
    prevalence = share.mean(axis=0)
    if prevalence[0] == 0:
        return undefined(f"nobody used the level {label}")
    seen = chance.observed(both, np.eye(2))
    return chance.corrected(seen, float(prevalence @ prevalence), share @ prevalence)
