"""Krippendorff's alpha: one minus observed over expected disagreement, with any missing ratings.

Works on how often each item got each level, never on pairs of ratings, so a million ratings take
milliseconds. Source: Krippendorff (2018), Content Analysis, 4th ed., chapter 12.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.chance import NO_PAIR
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.scale import Level
from agreement.wording import _

Floats = NDArray[np.float64]

MAX_RATIO_LEVELS = 2000
NO_VARIATION = _("all ratings that can be compared are the same value")


@dataclass(frozen=True)
class Units:
    """The items with two or more ratings: `counts` sparse (n_units, q), `levels` (q,)."""

    counts: Any
    levels: Floats
    level: Level
    within: Floats | None
    """Each unit's share of observed disagreement, (n_units,); None where it depends on the use of
    the levels (ordinal)."""

    @property
    def n_units(self) -> int:
        return int(self.counts.shape[0])


def units(ratings: Ratings, level: Level) -> Units:
    """The pairable items of `ratings`, ready for `alphas`."""
    return of_counts(ratings.counts, ratings.levels, level)


def of_counts(counts: Any, levels: Floats, level: Level) -> Units:
    """The pairable rows of sparse `counts` (n_items, q), ready for `alphas`."""
    counts = counts[np.asarray(counts.sum(axis=1)) >= 2]
    if level == "interval" and len(levels):
        levels = levels - levels.mean()
    within = None if level == "ordinal" else _within(counts, levels, level)
    return Units(counts, levels, level, within)


def alpha(ratings: Ratings, level: Level) -> Estimate:
    """1 - Do / De over items u with m_u >= 2 ratings.

    Do = sum_u sum_ck n_uc (n_uk - [c=k]) D_ck / (m_u - 1) / n and
    De = sum_ck n_c (n_k - [c=k]) D_ck / (n (n - 1)), with D nominal [c != k], interval (c - k)^2,
    ratio ((c - k) / (c + k))^2 and ordinal (sum of n_g from c to k - (n_c + n_k) / 2)^2, which is
    the squared difference of mid-ranks. Undefined when no item has two ratings and when all
    comparable ratings are one value (De is 0).
    """
    if reason := why_undefined(ratings, level):
        return undefined(reason)
    value = alphas(units(ratings, level), None)[0]
    return undefined(NO_VARIATION) if np.isnan(value) else Estimate(float(value))


def why_undefined(ratings: Ratings, level: Level) -> str | None:
    """The reason, known before computing, why alpha cannot be had; else None."""
    if not ratings.n_pairable_items:
        return NO_PAIR
    if level == "ratio" and len(ratings.levels) > MAX_RATIO_LEVELS:
        return _("ratio alpha is computed for at most {n} different values", n=MAX_RATIO_LEVELS)
    return None


def disagreement(ratings: Ratings, level: Level) -> tuple[float, float]:
    """(Do, De), both on the scale of the metric. Ask only where alpha is defined."""
    observed, expected, n = _parts(units(ratings, level), None)
    return float(observed[0] / n[0]), float(expected[0] / (n[0] * (n[0] - 1)))


def disagreement_of_units(data: Units) -> Floats:
    """What each unit adds to observed disagreement, shape (n_units,), on the metric's scale."""
    if data.within is not None:
        return data.within
    used = np.asarray(data.counts.sum(axis=0)).reshape(1, -1)
    places = np.cumsum(used, axis=1) - used / 2
    return np.asarray(_ordinal_within(data.counts, places)).reshape(data.n_units)


def alphas(data: Units, times: Floats | None) -> Floats:
    """Alpha for each row of `times` (draws, n_units), how often each unit counts; None: once.

    NaN marks a draw without variation: it stays inside this package. Cost: two sparse products of
    `times` with the counts.
    """
    observed, expected, n = _parts(data, times)
    ratio = np.full(len(n), np.nan)
    np.divide((n - 1) * observed, expected, out=ratio, where=expected > 0)
    return np.asarray(1.0 - ratio)


def _parts(data: Units, times: Floats | None) -> tuple[Floats, Floats, Floats]:
    """Per draw: n Do, n (n - 1) De, and n."""
    times = np.ones((1, data.n_units)) if times is None else times
    used = np.asarray((data.counts.T @ times.T).T)
    n = used.sum(axis=1)
    if data.within is None:
        places = np.cumsum(used, axis=1) - used / 2
        observed = (times * _ordinal_within(data.counts, places)).sum(axis=1)
        expected = _squared_spread(used, places)
    else:
        observed = times @ data.within
        expected = _expected(used, data.levels, data.level)
    expected[np.count_nonzero(used, axis=1) < 2] = 0.0
    return observed, expected, n


def _within(counts: Any, levels: Floats, level: Level) -> Floats:
    """sum_ck n_uc n_uk D_ck / (m_u - 1) of each unit, for a metric that does not change."""
    total = np.asarray(counts.sum(axis=1))
    if level == "nominal":
        apart = total**2 - np.asarray((counts**2).sum(axis=1))
    elif level == "interval":
        centre = (counts @ levels) / total
        apart = 2 * total * _scatter(counts, levels, centre)
    else:
        apart = _ratio_within(counts, levels)
    return np.asarray(apart / (total - 1))


def _scatter(counts: Any, levels: Floats, centre: Floats) -> Floats:
    """Each unit's sum of squared deviations from its own centre (no cancellation)."""
    cells = counts.tocoo()
    unit, code = cells.coords
    deviation = cells.data * (levels[code] - centre[unit]) ** 2
    return np.bincount(unit, deviation, minlength=counts.shape[0]).astype(np.float64)


def _ratio_distance(levels: Floats) -> Floats:
    total = levels[:, None] + levels[None, :]
    gap = levels[:, None] - levels[None, :]
    return np.asarray(np.divide(gap, total, out=np.zeros_like(gap), where=total != 0) ** 2)


def _ratio_within(counts: Any, levels: Floats, block: int = 2048) -> Floats:
    distance = _ratio_distance(levels)
    starts = range(0, counts.shape[0], block)
    parts = [_quadratic(counts[start : start + block], distance) for start in starts]
    return np.concatenate(parts) if parts else np.zeros(0)


def _quadratic(counts: Any, distance: Floats) -> Floats:
    return np.asarray(counts.multiply(counts @ distance).sum(axis=1)).ravel()


def _ordinal_within(counts: Any, places: Floats) -> Floats:
    """Each unit's 2 (m sum r^2 - (sum r)^2) / (m - 1) over its mid-ranks r; (draws, n_units)."""
    total = np.asarray(counts.sum(axis=1))
    sums = np.asarray((counts @ places.T).T)
    squares = np.asarray((counts @ (places**2).T).T)
    return np.asarray(2 * (total * squares - sums**2) / (total - 1))


def _expected(used: Floats, levels: Floats, level: Level) -> Floats:
    """sum_ck n_c n_k D_ck for each row of level use, shape (draws, q)."""
    if level == "nominal":
        return np.asarray(used.sum(axis=1) ** 2 - (used**2).sum(axis=1))
    if level == "interval":
        return _squared_spread(used, np.broadcast_to(levels, used.shape))
    return np.asarray((used * (used @ _ratio_distance(levels))).sum(axis=1))


def _squared_spread(used: Floats, places: Floats) -> Floats:
    """sum_ck n_c n_k (x_c - x_k)^2 = 2 n sum n_c (x_c - mean)^2, x = `places`; (draws,)."""
    n = used.sum(axis=1)
    mean = (used * places).sum(axis=1) / n
    return np.asarray(2 * n * (used * (places - mean[:, None]) ** 2).sum(axis=1))
