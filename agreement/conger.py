"""Conger's kappa: agreement of any raters, each with their own use of the levels.

For two raters it is Cohen's kappa; for complete ratings it equals Hubert's. Sources: Conger (1980),
Psychol. Bull. 88:322-328; weights, missing ratings and standard error after Gwet (2014).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement import chance, weights
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.weights import WeightName

Floats = NDArray[np.float64]


def kappa(ratings: Ratings, name: WeightName = "identity") -> Estimate:
    """(pa - pe) / (1 - pe), pe the mean over ordered pairs g != h of raters of p_g' W p_h.

    p_g is how rater g used the levels, over the items that g rated; pa is the mean over items with
    two or more ratings. `se` is linearised over items given the raters, the interval t with n - 1
    df. Undefined with fewer than two raters, without an item rated twice, and when all ratings are
    one value.
    """
    if reason := ratings.too_many_levels():
        return undefined(reason)
    if not ratings.n_pairable_items:
        return undefined(chance.NO_PAIR)
    weight = weights.matrix(name, ratings.levels)
    use = _use(ratings)
    pulls = (use.sum(axis=0) - use) @ weight / (ratings.n_raters * (ratings.n_raters - 1))
    expected = float((pulls * use).sum())
    seen = chance.observed(ratings.dense_counts(), weight)
    return chance.corrected(seen, expected, _per_item(ratings, use, pulls))


def _use(ratings: Ratings) -> Floats:
    """The share of each level among each rater's ratings, shape (n_raters, q)."""
    q = len(ratings.levels)
    rows = [np.bincount(codes[codes >= 0], minlength=q) for codes in ratings.codes.T]
    return np.array([row / row.sum() for row in rows])


def _per_item(ratings: Ratings, use: Floats, pulls: Floats) -> Floats:
    """What each item adds to pe: sum_g n / n_g (pull_g[x_ig] - (1 - n_g / n) e_g) over the given
    ratings x_ig and sum_g e_g over the missing ones, e_g = pull_g . p_g; shape (n_items,)."""
    given: Any = ratings.is_given
    n, shares = ratings.n_items, given.mean(axis=0)
    own = (pulls * use).sum(axis=1)
    reached = np.where(given, pulls[np.arange(ratings.n_raters), ratings.codes], 0.0)
    parts = reached / shares - np.where(given, (1 - shares) / shares, -1.0) * own
    return np.asarray(parts.sum(axis=1)).reshape(n)
