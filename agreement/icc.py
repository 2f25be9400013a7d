"""Intraclass correlations of complete tables of numbers, with exact or approximate F intervals.

ICC(2,1) is absolute agreement of single raters, ICC(2,k) of their mean. Sources: Shrout & Fleiss
(1979), Psychol. Bull. 86:420-428; intervals of ICC(2,.): McGraw & Wong (1996), Psychol. Methods 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy import special

from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.wording import _

Form = Literal["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]
FORMS: tuple[Form, ...] = get_args(Form)
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Squares:
    """Mean squares of the two-way table: items, raters, residual, and within items (one-way)."""

    n: int
    k: int
    items: float
    raters: float
    residual: float
    within: float


def icc(ratings: Ratings, form: Form = "2,1", confidence: float = 0.95) -> Estimate:
    """ICC of Shrout & Fleiss' form. With MSR items, MSC raters, MSE residual, MSW within:

    (1,1) (MSR - MSW) / (MSR + (k-1) MSW)         (1,k) (MSR - MSW) / MSR
    (2,1) (MSR - MSE) / (MSR + (k-1) MSE + k (MSC - MSE) / n)
    (2,k) (MSR - MSE) / (MSR + (MSC - MSE) / n)
    (3,1) (MSR - MSE) / (MSR + (k-1) MSE)         (3,k) (MSR - MSE) / MSR

    Undefined with a missing cell, labels instead of numbers, fewer than two items or raters, and
    when the ratings do not vary enough for the denominator to be positive.
    """
    if reason := why_undefined(ratings):
        return undefined(reason)
    squares = mean_squares(ratings)
    part, whole = _FRACTIONS[form](squares)
    if whole <= 1e-12 * max(squares.items, squares.raters, squares.residual, 1e-300):
        return undefined(_("the items do not differ enough to compare raters"))
    low, high = _bounds(squares, form, confidence)
    if not (np.isfinite([low, high]).all() and low <= high):  # Satterthwaite's df broke down
        return Estimate(
            part / whole, interval_reason=_("the items differ too little for an interval")
        )
    return Estimate(part / whole, low, high)


def why_undefined(ratings: Ratings) -> str | None:
    """The reason, known before computing, why no ICC can be had; else None."""
    if not ratings.scale.is_numeric:
        return _("an intraclass correlation needs numbers, and these ratings are labels")
    if ratings.n_items < 2 or ratings.n_raters < 2:
        return _("an intraclass correlation needs at least two items and two raters")
    missing = ratings.n_items * ratings.n_raters - ratings.n_values
    if missing:
        cells = ratings.n_items * ratings.n_raters
        return _(
            "{missing} of {cells} ratings are missing; every rater must rate every item",
            missing=missing,
            cells=cells,
        )
    return None


def mean_squares(ratings: Ratings) -> Squares:
    """The analysis of variance of a complete table."""
    table = ratings.matrix - ratings.matrix.mean()
    n, k = table.shape
    by_item, by_rater = table.mean(axis=1), table.mean(axis=0)
    residual = table - by_item[:, None] - by_rater[None, :]
    return Squares(
        n=n,
        k=k,
        items=_tidy(k * float((by_item**2).sum()) / (n - 1), table),
        raters=_tidy(n * float((by_rater**2).sum()) / (k - 1), table),
        residual=_tidy(float((residual**2).sum()) / ((n - 1) * (k - 1)), table),
        within=_tidy(float(((table - by_item[:, None]) ** 2).sum()) / (n * (k - 1)), table),
    )


def _tidy(square: float, table: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """Rounding dust, far below the spread of the ratings, is zero."""
    return 0.0 if square < 1e-20 * max(float((table**2).mean()), 1e-300) else square


_FRACTIONS: dict[Form, Callable[[Squares], tuple[float, float]]] = {
    "1,1": lambda s: (s.items - s.within, s.items + (s.k - 1) * s.within),
    "1,k": lambda s: (s.items - s.within, s.items),
    "2,1": lambda s: (
        s.items - s.residual,
        s.items + (s.k - 1) * s.residual + s.k * (s.raters - s.residual) / s.n,
    ),
    "2,k": lambda s: (s.items - s.residual, s.items + (s.raters - s.residual) / s.n),
    "3,1": lambda s: (s.items - s.residual, s.items + (s.k - 1) * s.residual),
    "3,k": lambda s: (s.items - s.residual, s.items),
}


def _bounds(s: Squares, form: Form, confidence: float) -> Bounds:
    upper = (1 + confidence) / 2
    if form[0] == "2":
        single, whole = _FRACTIONS["2,1"](s)
        low, high = _absolute_bounds(s, single / whole, upper)
    else:
        noise = s.within if form[0] == "1" else s.residual
        free = s.n * (s.k - 1) if form[0] == "1" else (s.n - 1) * (s.k - 1)
        low, high = _consistent_bounds(s, noise, free, upper)
    if form[2] == "1":
        return low, high
    return _of_mean(low, s.k), _of_mean(high, s.k)


def _consistent_bounds(s: Squares, noise: float, free: int, upper: float) -> Bounds:
    """(FL - 1) / (FL + k - 1) and the same of FU, FL and FU around MSR / noise."""
    a = float(special.fdtri(s.n - 1, free, upper)) * noise
    b = noise / float(special.fdtri(free, s.n - 1, upper))
    return (s.items - a) / (s.items + (s.k - 1) * a), (s.items - b) / (s.items + (s.k - 1) * b)


def _absolute_bounds(s: Squares, rho: float, upper: float) -> Bounds:
    """Interval of ICC(2,1) with Satterthwaite's degrees of freedom, multiplied out by MSE.

    A lower end that no table of k raters can have, -1 / (k - 1) or less, is given as -inf."""
    n, k = s.n, s.k
    pull = k * rho * s.raters
    rest = s.residual * (n * (1 + (k - 1) * rho) - k * rho)
    spread = (n - 1) * pull**2 + rest**2
    if spread == 0:
        return rho, rho
    free = (k - 1) * (n - 1) * (pull + rest) ** 2 / spread
    if free == 0:
        return np.nan, np.nan
    a, b = float(special.fdtri(n - 1, free, upper)), float(special.fdtri(free, n - 1, upper))
    noise = k * s.raters + (k * n - k - n) * s.residual
    low = n * (s.items - a * s.residual) / (a * noise + n * s.items)
    high = n * (b * s.items - s.residual) / (noise + n * b * s.items)
    return (low, high) if 1 + (k - 1) * low > 0 else (-np.inf, high)


def _of_mean(single: float, k: int) -> float:
    """Spearman-Brown: the reliability of the mean of k raters from that of one."""
    return k * single / (1 + (k - 1) * single)
