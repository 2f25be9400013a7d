"""Brennan-Prediger kappa: chance is every level with the same probability.

With identity weights it equals Bennett's S (two raters) and Randolph's free-marginal kappa (more).
Source: Brennan & Prediger (1981), Educ. Psychol. Meas. 41:687-699; weights after Gwet (2014).
"""

from __future__ import annotations

import numpy as np

from agreement import chance, weights
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.weights import WeightName


def kappa(ratings: Ratings, name: WeightName = "identity") -> Estimate:
    """(pa - pe) / (1 - pe), pe = T / q^2 with T the sum of the weights over the full scale."""
    if reason := ratings.too_many_levels():
        return undefined(reason)
    if not ratings.n_items:
        return undefined(chance.NO_PAIR)
    q = len(ratings.levels)
    if q < 2:
        return undefined(chance.ONE_LEVEL)
    weight = weights.matrix(name, ratings.levels)
    expected = float(weight.sum()) / q**2
    seen = chance.observed(ratings.dense_counts(), weight)
    return chance.corrected(seen, expected, np.full(ratings.n_items, expected))
