"""Krippendorff's alpha under Gwet's named weights, with an analytic standard error.

Identity weights give the nominal and quadratic weights the interval alpha; Gwet's "ordinal" weights
are NOT Krippendorff's ordinal metric, which is in `krippendorff.py`. Source: Gwet (2014), Handbook
of Inter-Rater Reliability, 4th ed., section 2.6 and chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from agreement import chance, weights
from agreement.estimate import Estimate, undefined
from agreement.krippendorff import NO_VARIATION
from agreement.ratings import Ratings
from agreement.weights import WeightName

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """Agreement observed and expected, over the n items with two or more ratings."""

    observed: float
    expected: float
    unbiased: float
    """Observed agreement before the small-sample term 1 / (number of ratings) is mixed in."""
    per_item: Floats
    chance_per_item: Floats


def alpha(ratings: Ratings, name: WeightName) -> Estimate:
    """(pa - pe) / (1 - pe) over items u with r_u >= 2 ratings, r the mean of r_u.

    pa = (1 - e) p' + e, p' = mean_u sum_k r_uk (r*_uk - 1) / (r (r_u - 1)), e = 1 / sum r_u;
    pe = sum_kl w_kl pi_k pi_l, pi_k the share of level k among these ratings. `se` is linearised
    over items, the interval t with n - 1 df. Undefined when no item has two ratings and when all
    comparable ratings are one value.
    """
    if reason := ratings.too_many_levels():
        return undefined(reason)
    if not ratings.n_pairable_items:
        return undefined(chance.NO_PAIR)
    found = parts(ratings, name)
    if np.isclose(found.expected, 1.0, atol=1e-12):
        return undefined(NO_VARIATION)
    value = (found.observed - found.expected) / (1 - found.expected)
    n = len(found.per_item)
    if n < 2:
        return Estimate(value, interval_reason=chance.ONE_ITEM)
    se = _standard_error(found)
    reach = float(special.stdtrit(n - 1, 0.975)) * se
    return Estimate(value, value - reach, min(1.0, value + reach), se=se)


def parts(ratings: Ratings, name: WeightName) -> Parts:
    """What alpha is made of. Ask only where some item has two ratings."""
    counts = ratings.dense_counts()
    counts = counts[counts.sum(axis=1) >= 2]
    weight = weights.matrix(name, ratings.levels)
    total = counts.sum(axis=1)
    mean = float(total.mean())
    share = counts.sum(axis=0) / total.sum()
    agreeing = (counts * (counts @ weight - 1)).sum(axis=1) / (mean * (total - 1))
    plain, excess = float(agreeing.mean()), (total - mean) / mean
    small = 1 / float(total.sum())
    expected = float(share @ weight @ share)
    pull = weight @ share
    return Parts(
        observed=(1 - small) * plain + small,
        expected=expected,
        unbiased=plain,
        per_item=agreeing - plain * excess,
        chance_per_item=(counts @ pull) / mean - expected * excess,
    )


def _standard_error(found: Parts) -> float:
    room, n = 1 - found.expected, len(found.per_item)
    value = (found.unbiased - found.expected) / room
    gain = (found.per_item - found.expected) / room
    shift = 2 * (1 - value) * (found.chance_per_item - found.expected) / room
    return float(np.sqrt(((gain - shift - value) ** 2).sum() / (n * (n - 1))))
