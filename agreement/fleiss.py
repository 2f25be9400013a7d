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
from agreement.wording import _


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


def against_chance(ratings: Ratings) -> Estimate:
    """z = kappa / se0 of a complete table, to test whether raters agree beyond chance at all.

    se0^2 = 2 (A^2 - sum_k p_k q_k (q_k - p_k)) / (A^2 n m (m - 1)), A = sum_k p_k q_k, q = 1 - p.
    Source: Fleiss, Nee & Landis (1979), Psychol. Bull. 86:974-977. Undefined where kappa is, and
    with a missing rating.
    """
    found = kappa(ratings)
    if found.value is None:
        return found
    counts = ratings.dense_counts()
    total = counts.sum(axis=1)
    n, m = len(counts), float(total[0])
    if (total != m).any():
        return undefined(
            _("some items have more ratings than others, and this test needs equal numbers")
        )
    p = counts.sum(axis=0) / (n * m)
    spread = float((p * (1 - p)).sum())
    skew = float((p * (1 - p) * (1 - 2 * p)).sum())
    se = np.sqrt(2 * (spread**2 - skew) / (n * m * (m - 1))) / spread
    return Estimate(found.value / float(se))


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
        return undefined(_("nobody used the level {label}", label=label))
    seen = chance.observed(both, np.eye(2))
    return chance.corrected(seen, float(prevalence @ prevalence), share @ prevalence)
