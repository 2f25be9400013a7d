"""What the chance-corrected coefficients share: observed agreement, and (pa - pe) / (1 - pe).

Gwet's AC, Fleiss' kappa and Brennan-Prediger differ only in the agreement pe expected by chance.
Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., chapters 2, 3 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from agreement.estimate import Estimate, undefined
from agreement.wording import _

Floats = NDArray[np.float64]

NO_PAIR = _("no item has ratings from two raters")
ONE_ITEM = _("an interval needs at least two items")
ONE_LEVEL = _("the scale has only one level, so raters could not disagree")


@dataclass(frozen=True)
class Observed:
    """`per_item` is the weighted share of agreeing rater pairs; `is_pairable` marks items with
    two ratings or more (`per_item` is 0 elsewhere). `mean` is over the pairable items."""

    per_item: Floats
    is_pairable: NDArray[np.bool_]

    @property
    def mean(self) -> float:
        return float(self.per_item[self.is_pairable].mean())


def observed(counts: Any, weights: Floats) -> Observed:
    """pa_i = sum_k r_ik (r*_ik - 1) / (r_i (r_i - 1)), with r*_ik = sum_l w_kl r_il.

    `counts` has shape (n_items, q), `weights` (q, q).
    """
    total = counts.sum(axis=1)
    pairable = total >= 2
    agreeing = (counts * (counts @ weights - 1)).sum(axis=1)
    pairs = total * (total - 1)
    share = np.divide(agreeing, pairs, out=np.zeros(len(total)), where=pairable)
    return Observed(share, pairable)


def corrected(seen: Observed, expected: float, expected_per_item: Floats) -> Estimate:
    """(pa - pe) / (1 - pe) with its standard error and t interval (n - 1 df, cut off at 1).

    `expected_per_item` (n_items,) holds what each item contributes to pe (its mean is pe where pe
    is estimated linearly; constant pe: pass pe). Undefined when pe is 1 and without any pair.
    """
    if not seen.is_pairable.any():
        return undefined(NO_PAIR)
    if np.isclose(expected, 1.0, atol=1e-12):
        return undefined(_("all ratings are the same value, so chance alone explains agreement"))
    value = (seen.mean - expected) / (1 - expected)
    se = _standard_error(seen, value, expected, expected_per_item)
    if se is None:
        return Estimate(value, interval_reason=ONE_ITEM)
    reach = float(special.stdtrit(len(seen.per_item) - 1, 0.975)) * se
    return Estimate(value, value - reach, min(1.0, value + reach), se=se)


def _standard_error(
    seen: Observed, value: float, expected: float, per_item: Floats
) -> float | None:
    n, pairable = len(seen.per_item), seen.is_pairable
    if n < 2:
        return None
    gain = (n / pairable.sum()) * (seen.per_item - expected) / (1 - expected)
    shift = 2 * (1 - value) * (per_item - expected) / (1 - expected)
    deviation = np.where(pairable, gain, 0.0) - shift - value
    return float(np.sqrt((deviation**2).sum() / (n * (n - 1))))


def shares(counts: Floats) -> Floats:
    """r_ik / r_i, shape (n_items, q); every item has at least one rating."""
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))
