"""Every rater beside every other: how many items both rated, how often they agree, and their kappa.

One pass over the table for all pairs, so 123 raters of 350 items take about a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agreement import kappa, weights, wilson
from agreement.chance import ONE_ITEM
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.weights import WeightName
from agreement.wording import _

Floats = NDArray[np.float64]

NO_DISTANCE = _("these ratings are labels, which have no distance")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two raters over the `n` items that both rated. `gap` is the mean of second minus first, in
    steps of numeric levels; undefined for labels."""

    first: str
    second: str
    n: int
    percent: Estimate
    kappa: Estimate
    gap: Estimate


@dataclass(frozen=True, eq=False)
class PairTable:
    """The pairs in the order of the raters, and the weights that kappa was computed with."""

    raters: tuple[str, ...]
    pairs: tuple[Pair, ...]
    weights: WeightName

    def between(self, one: str, other: str) -> Pair:
        """The pair of two raters, in either order; its `gap` is as it was stored."""
        wanted = {one, other}
        return next(pair for pair in self.pairs if {pair.first, pair.second} == wanted)

    def of(self, rater: str) -> list[Pair]:
        """Every pair that the rater is part of."""
        return [pair for pair in self.pairs if rater in (pair.first, pair.second)]

    def mean_kappa(self, rater: str) -> Estimate:
        """The mean kappa of a rater with all others for whom it is defined."""
        known = [pair.kappa.value for pair in self.of(rater) if pair.kappa.value is not None]
        if not known:
            return undefined(_("kappa with no other rater is defined"))
        return Estimate(float(np.mean(known)))


def compare(ratings: Ratings, name: WeightName = "quadratic") -> PairTable:
    """All pairs of raters, with `kappa.of_table` under the named weights (its standard error and
    interval too), exact agreement with Wilson's interval, and the mean gap.

    A pair without a common item has n 0 and everything undefined.
    """
    if reason := ratings.too_many_levels():
        raise ValueError(reason)
    weight = weights.matrix(name, ratings.levels)
    numbers = ratings.levels if ratings.scale.is_numeric else None
    pairs = tuple(
        _pair(ratings.raters[i], ratings.raters[j], table, weight, numbers)
        for i, j, table in _tables(ratings)
    )
    return PairTable(ratings.raters, pairs, name)


def _tables(ratings: Ratings) -> Iterator[tuple[int, int, Floats]]:
    """The joint counts (q, q) of raters i < j, one product per rater."""
    hot, q = kappa.one_hot(ratings), len(ratings.levels)
    for i in range(ratings.n_raters - 1):
        mine, others = hot[:, i * q : (i + 1) * q], hot[:, (i + 1) * q :]
        tables = np.asarray((mine.T @ others).todense()).reshape(q, -1, q).swapaxes(0, 1)
        yield from ((i, i + 1 + place, table) for place, table in enumerate(tables))


def _pair(first: str, second: str, table: Floats, weight: Floats, numbers: Floats | None) -> Pair:
    n = int(table.sum())
    same = wilson.proportion(int(np.trace(table)), n) if n else undefined(kappa.NO_COMMON)
    return Pair(first, second, n, same, kappa.of_table(table, weight), _gap(table, numbers))


def _gap(table: Floats, numbers: Floats | None) -> Estimate:
    """mean(second - first), normal interval."""
    n = table.sum()
    if numbers is None:
        return undefined(NO_DISTANCE)
    if not n:
        return undefined(kappa.NO_COMMON)
    steps = numbers[None, :] - numbers[:, None]
    mean = float((table * steps).sum() / n)
    if n < 2:
        return Estimate(mean, interval_reason=ONE_ITEM)
    spread = float((table * (steps - mean) ** 2).sum() / (n - 1))
    se = (spread / float(n)) ** 0.5
    return Estimate(mean, mean - kappa.Z * se, mean + kappa.Z * se, se=se)
