"""Profiled REML of scores on conditions with crossed items and raters, and items by condition.

With V = I + t_i^2 ZiZi' + t_r^2 ZrZr' + t_c^2 ZcZc' (t: standard deviations relative to the
error's), the criterion is log|V| + log|X'V^-1 X| + (N - p)(1 + log 2 pi s^2), s^2 = r'V^-1 r /
(N - p), minimised over the t. Cells (item by condition) and items go by Sherman-Morrison, raters
by a matrix of their number: a step costs cells x (raters + conditions)^2, whatever N is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log, pi
from typing import Any

import numpy as np
import scipy  # its larger parts load when they are asked for
from numpy.typing import NDArray

from agreement.wording import _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST = 1e3
"""No standard deviation is taken to be more often the error's: where scores fit without error,
such as those of raters who always agree, the error stays at a thousandth."""


@dataclass(frozen=True, eq=False)
class Design:
    """Sums that are all the fit needs: the columns are raters, then conditions, then y, centred.

    `cells` (n_cells, columns) sums them within each item and condition, `size` counts the rows of
    a cell, `starts` is each item's first cell; `cross` (columns, columns) is their product over
    rows.
    """

    items: tuple[str, ...]
    raters: tuple[str, ...]
    conditions: tuple[str, ...]
    interaction: bool
    n: int
    centre: float
    cells: Floats
    size: Floats
    starts: Ints
    cross: Floats

    @classmethod
    def build(
        cls, rows: Iterable[tuple[str, str, str, float]], *, interaction: bool = True
    ) -> Design:
        """From rows (item, rater, condition, score)."""
        given = list(rows)
        items, item = _coded([row[0] for row in given])
        raters, rater = _coded([row[1] for row in given])
        conditions, condition = _coded([row[2] for row in given])
        score = np.array([row[3] for row in given], dtype=np.float64)
        centre = float(score.mean()) if len(score) else 0.0
        columns = np.column_stack(
            [np.eye(len(raters))[rater], np.eye(len(conditions))[condition], score - centre]
        )
        pairs = item * max(1, len(conditions)) + condition
        seen, cell = np.unique(pairs, return_inverse=True)
        sums = [np.bincount(cell, column) for column in columns.T]
        cells = np.asarray(sums, dtype=np.float64).T
        size = np.bincount(cell).astype(np.float64)
        starts = np.unique(seen // max(1, len(conditions)), return_index=True)[1].astype(np.int64)
        apart = interaction and len(conditions) > 1 and len(given) >= len(seen) + len(raters)
        cross, n = columns.T @ columns, len(given)
        return cls(items, raters, conditions, apart, n, centre, cells, size, starts, cross)

    @property
    def n_random(self) -> int:
        return 3 if self.interaction else 2

    def why_undefined(self) -> str | None:
        """The reason, known before computing, why there is no fit; else None."""
        if len(self.items) < 2 or len(self.raters) < 2:
            return _("severity needs at least two items and two raters")
        if self.cross[-1, -1] <= 1e-12 * self.n:
            return _("all scores are the same")
        if self.n <= len(self.items) + len(self.raters) + len(self.conditions) - 2:
            return _("there are too few ratings to tell items, raters and error apart")
        return None


@dataclass(frozen=True)
class Fit:
    """`ratios` are the t of item, rater, item by condition; `means` of conditions with their
    `covariance`; `raters` the predicted offsets (positive: scores higher) with `rater_se`."""

    ratios: Floats
    residual_variance: float
    means: Floats
    covariance: Floats
    raters: Floats
    rater_se: Floats
    deviance: float


def fit(design: Design) -> Fit:
    """The minimum of the criterion, from two starts, polished around the better one.

    A standard deviation that ends near 0 is tried at 0, where the criterion is flat.
    """
    rough = [_search(design, np.full(design.n_random, t), 0.5 * t, 1e-2) for t in (1.0, 0.2)]
    better = min(rough, key=lambda result: float(result.fun))
    best = _search(design, better.x, 0.02, 1e-6)
    ratios = np.minimum(np.abs(best.x), MOST)
    cut = np.where(ratios < 0.01, 0.0, ratios)
    return _solved(design, cut if deviance(design, cut) <= deviance(design, ratios) else ratios)


def _search(design: Design, start: Floats, step: float, close: float) -> Any:
    """Nelder-Mead over |t|: with two or three unknowns it needs no gradient, nor threads."""
    corners = start + step * np.vstack([np.zeros(len(start)), np.eye(len(start))])
    fine = close**2 * (1 + abs(deviance(design, start)))
    return scipy.optimize.minimize(
        lambda t: deviance(design, np.minimum(np.abs(t), MOST)),
        start,
        method="Nelder-Mead",
        options={"xatol": close, "fatol": fine, "initial_simplex": corners},
    )


def deviance(design: Design, ratios: Floats) -> float:
    """The REML criterion at the relative standard deviations `ratios`."""
    return _parts(design, ratios).deviance


@dataclass(frozen=True)
class _Parts:
    deviance: float
    residual_variance: float
    within: Floats
    bend: Floats
    means: Floats
    information: Floats


def _parts(design: Design, ratios: Floats) -> _Parts:
    within, log_det = _without_items(design, ratios)
    k, p, t = len(design.raters), len(design.conditions), ratios[1]
    bend = np.eye(k) + t * t * within[:k, :k]
    rest = within[k:, k:] - t * t * within[k:, :k] @ np.linalg.solve(bend, within[:k, k:])
    information = rest[:p, :p]
    means = np.linalg.solve(information, rest[:p, p])
    variance = max(float(rest[p, p] - rest[:p, p] @ means) / (design.n - p), 1e-300)
    log_det += float(np.linalg.slogdet(bend)[1] + np.linalg.slogdet(information)[1])
    value = log_det + (design.n - p) * (1 + log(2 * pi * variance))
    return _Parts(value, variance, within, bend, means, information)


def _without_items(design: Design, ratios: Floats) -> tuple[Floats, float]:
    """The columns' products under V without its raters' part, and the log of its determinant."""
    t_cell = ratios[2] if design.interaction else 0.0
    grown = 1 + t_cell**2 * design.size
    shrunk = design.cells / grown[:, None]
    sums = np.add.reduceat(shrunk, design.starts, axis=0)
    weight = np.add.reduceat(design.size / grown, design.starts)
    item = 1 + ratios[0] ** 2 * weight
    products = design.cross - ratios[0] ** 2 * (sums.T @ (sums / item[:, None]))
    if t_cell:
        products = products - t_cell**2 * (design.cells.T @ shrunk)
    return products, float(np.log(grown).sum() + np.log(item).sum())


def _solved(design: Design, ratios: Floats) -> Fit:
    parts = _parts(design, ratios)
    k, t, s2 = len(design.raters), ratios[1], parts.residual_variance
    left = parts.within[:k, -1] - parts.within[:k, k:-1] @ parts.means
    back = t * t * np.linalg.inv(parts.bend)
    raters, spread = back @ left, s2 * np.diag(back)
    full = np.zeros(3)
    full[: design.n_random] = ratios
    return Fit(
        full,
        s2,
        parts.means + design.centre,
        np.asarray(s2 * np.linalg.inv(parts.information)),
        raters,
        np.sqrt(spread),
        parts.deviance,
    )


def _coded(labels: list[str]) -> tuple[tuple[str, ...], Ints]:
    places = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    return tuple(places), np.array([places[label] for label in labels], dtype=np.int64)
