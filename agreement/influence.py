"""Which items and which raters drive disagreement: alpha as it would be without each of them.

An item whose removal raises alpha is one that raters disagree on. Items with the same counts of
levels are computed once, so 100,000 items take about a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from agreement import kappa, krippendorff, patterns
from agreement.chance import NO_PAIR
from agreement.estimate import Estimate, undefined
from agreement.krippendorff import NO_VARIATION, Units
from agreement.ratings import Ratings
from agreement.scale import Level
from agreement.wording import _

Floats = NDArray[np.float64]

CELLS_AT_ONCE = 4_000_000
NO_MORE_PAIR = _("no other item has ratings from two raters")


@dataclass(frozen=True, slots=True)
class Influence:
    """`name` is an item or a rater; `without` is alpha when it is left out, and `change` is that
    less alpha of all ratings: above zero where leaving it out makes raters agree more."""

    name: str
    without: Estimate
    change: float | None


def of_items(ratings: Ratings, level: Level) -> list[Influence]:
    """Of every item with two or more ratings, in the order of the items; none where alpha of all
    ratings is undefined. Exact, for each of the four metrics."""
    plain = krippendorff.alpha(ratings, level)
    if plain.value is None:
        return []
    names = [ratings.items[i] for i in np.flatnonzero(ratings.is_given.sum(axis=1) >= 2)]
    if len(names) == 1:
        return [Influence(names[0], undefined(NO_MORE_PAIR), None)]
    data, owner = patterns.distinct(krippendorff.units(ratings, level))
    many = np.bincount(owner, minlength=data.n_units).astype(np.float64)
    values = np.concatenate([krippendorff.alphas(data, times) for times in _less_one(data, many)])
    return [_influence(n, float(values[o]), plain.value) for n, o in zip(names, owner, strict=True)]


def of_raters(ratings: Ratings, level: Level) -> list[Influence]:
    """Of every rater, in the order of the raters; none where alpha of all ratings is undefined.
    Costs one alpha per rater."""
    plain = krippendorff.alpha(ratings, level)
    if plain.value is None:
        return []
    given, q = kappa.one_hot(ratings), len(ratings.levels)
    found = []
    for place, rater in enumerate(ratings.raters):
        rest = sparse.csr_array(ratings.counts - given[:, place * q : (place + 1) * q])
        rest.eliminate_zeros()
        data = krippendorff.of_counts(rest, ratings.levels, level)
        if data.n_units:
            found.append(_influence(rater, float(krippendorff.alphas(data, None)[0]), plain.value))
        else:
            found.append(Influence(rater, undefined(NO_PAIR), None))
    return found


def drivers(found: list[Influence], most: int = 10) -> list[Influence]:
    """Those that lower alpha, the strongest first, at most so many; equal ones in their order."""
    lowering = [one for one in found if one.change is not None and one.change > 1e-12]
    return sorted(lowering, key=lambda one: -(one.change or 0.0))[:most]


def _less_one(data: Units, many: Floats) -> Iterator[Floats]:
    """How often each pattern counts when one of its items is left out, a row per pattern."""
    size = max(1, CELLS_AT_ONCE // data.n_units)
    for start in range(0, data.n_units, size):
        rows = np.arange(start, min(start + size, data.n_units))
        times = np.repeat(many[None, :], len(rows), axis=0)
        times[np.arange(len(rows)), rows] -= 1
        yield times


def _influence(name: str, without: float, plain: float) -> Influence:
    if np.isnan(without):
        return Influence(name, undefined(NO_VARIATION), None)
    return Influence(name, Estimate(without), without - plain)
