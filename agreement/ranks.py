"""Rank correlation of two columns, such as a judge and the mean of people: Spearman and tau-b.

The intervals resample items, or clusters of them, so they hold where many values are tied. Sources:
Spearman (1904), Am. J. Psychol. 15:72-101; Kendall (1945), Biometrika 33:239-251.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its larger parts load when they are asked for
from numpy.typing import ArrayLike, NDArray

from agreement import bootstrap, clustered
from agreement.estimate import Estimate, undefined
from agreement.wording import _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_POINTS = 2000
"""tau-b compares every two points, so beyond this many different ones it has no interval."""
FEWEST = 3
CONSTANT = _("one of the two never varies, so there is no order to compare")


@dataclass(frozen=True, eq=False)
class Points:
    """The different pairs of values: `x` and `y` their places in ascending order, (n_points,);
    `owner` the point of each row and `cluster` its cluster (None: each row stands alone)."""

    x: Ints
    y: Ints
    owner: Ints
    cluster: Ints | None

    @property
    def times(self) -> Floats:
        """How often each point was seen, shape (1, n_points)."""
        return np.bincount(self.owner, minlength=len(self.x)).astype(np.float64)[None, :]


def spearman(
    x: ArrayLike,
    y: ArrayLike,
    cluster: Sequence[object] | None = None,
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> Estimate:
    """Pearson's correlation of the mid-ranks of `x` and `y` (n,), rows with a NaN left out.

    The interval resamples rows, or whole clusters of rows (`bootstrap.with_interval`). Undefined
    without rows and when either column never varies.
    """
    points = _points(x, y, cluster)
    return _with_interval(points, lambda times: _spearman(points, times), draws, seed)


def tau_b(
    x: ArrayLike,
    y: ArrayLike,
    cluster: Sequence[object] | None = None,
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> Estimate:
    """(C - D) / sqrt((n0 - n1) (n0 - n2)): pairs of rows in one order less those in opposite
    orders, over the geometric mean of the pairs not tied in `x` and of those not tied in `y`.

    Rows, interval and undefined cases as of `spearman`.
    """
    points = _points(x, y, cluster)
    if len(points.x) <= MOST_POINTS:
        return _with_interval(points, _tau_b(points), draws, seed)
    value = float(scipy.stats.kendalltau(points.x[points.owner], points.y[points.owner]).statistic)
    return Estimate(
        value, interval_reason=_("there are more than {n} different points", n=MOST_POINTS)
    )


def disattenuated(found: Estimate, reliability: Estimate) -> Estimate:
    """A correlation with people's mean over sqrt(reliability of that mean), with its interval.

    What it would be if the mean of people had no noise; at most 1. The reliability is taken as
    known, so the interval is somewhat too narrow. Source: Spearman (1904). Undefined where either
    is, and when the reliability is not above zero.
    """
    if found.value is None:
        return found
    if reliability.value is None:
        return undefined(
            _("the reliability of the mean is unknown: {reason}", reason=reliability.reason)
        )
    if reliability.value <= 0:
        return undefined(_("the mean of the raters has no reliability to correct for"))
    root = min(1.0, reliability.value) ** 0.5
    value = _bounded(found.value / root)
    if found.interval is None:
        return Estimate(value, interval_reason=found.interval_reason)
    low, high = found.interval
    return Estimate(value, _bounded(low / root), _bounded(high / root))


def _bounded(value: float) -> float:
    return max(-1.0, min(1.0, value))


def _points(x: ArrayLike, y: ArrayLike, cluster: Sequence[object] | None) -> Points:
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if a.shape != b.shape or (cluster is not None and len(cluster) != len(a)):
        raise ValueError(f"{len(a)} values cannot be correlated with {len(b)} row by row.")
    kept = np.flatnonzero(~(np.isnan(a) | np.isnan(b)))
    codes = np.zeros((len(kept), 2), dtype=np.int64)
    codes[:, 0] = np.unique(a[kept], return_inverse=True)[1]
    codes[:, 1] = np.unique(b[kept], return_inverse=True)[1]
    points, owner = np.unique(codes, axis=0, return_inverse=True)
    own = None if cluster is None else clustered.codes([cluster[i] for i in kept.tolist()])
    return Points(points[:, 0], points[:, 1], owner.ravel().astype(np.int64), own)


def _with_interval(
    points: Points, statistic: Callable[[Floats], Floats], draws: int, seed: int
) -> Estimate:
    if not len(points.owner):
        return undefined(_("no item has both values"))
    value = float(statistic(points.times)[0])
    if np.isnan(value):
        return undefined(CONSTANT)
    plain, own = Estimate(value), points.cluster
    groups = len(points.owner) if own is None else int(own.max()) + 1
    if groups < FEWEST:
        return Estimate(value, interval_reason=_("an interval needs at least {n} items", n=FEWEST))
    if own is None:
        values = bootstrap.resample_rows(
            statistic, points.owner, len(points.x), draws=draws, seed=seed
        )
    else:
        cells = np.zeros((groups, len(points.x)))
        np.add.at(cells, (own, points.owner), 1.0)
        values = bootstrap.resample(lambda t: statistic(t @ cells), groups, draws=draws, seed=seed)
    return bootstrap.with_interval(plain, values, n=groups)


def _spearman(points: Points, times: Floats) -> Floats:
    """rho of each row of `times` (draws, n_points); NaN where a column never varies."""
    a, b = _centred_ranks(points.x, times), _centred_ranks(points.y, times)
    both = (times * a * b).sum(axis=1)
    return _over_root(both, (times * a**2).sum(axis=1) * (times * b**2).sum(axis=1))


def _centred_ranks(codes: Ints, times: Floats) -> Floats:
    """Each point's mid-rank in each draw less the mean rank n / 2, shape (draws, n_points)."""
    is_level = np.zeros((len(codes), int(codes.max()) + 1))
    is_level[np.arange(len(codes)), codes] = 1.0
    used = times @ is_level
    places = np.cumsum(used, axis=1) - used / 2
    return np.asarray(places[:, codes] - times.sum(axis=1, keepdims=True) / 2)


def _tau_b(points: Points) -> Callable[[Floats], Floats]:
    a = np.sign(points.x[:, None] - points.x[None, :]).astype(np.float64)
    b = np.sign(points.y[:, None] - points.y[None, :]).astype(np.float64)
    scores = [a * b, np.abs(a), np.abs(b)]

    def of(times: Floats) -> Floats:
        score, in_x, in_y = (((times @ each) * times).sum(axis=1) for each in scores)
        return _over_root(score, in_x * in_y)

    return of


def _over_root(top: Floats, room: Floats) -> Floats:
    out = np.full(len(top), np.nan)
    np.divide(top, np.sqrt(room), out=out, where=room > 1e-9)
    return np.asarray(np.clip(out, -1.0, 1.0))
