"""Alpha where each rating is a set: any of several values may be picked, also none.

    alpha = 1 - Do / De with the MASI distance 1 - J M
    J = |A and B| / |A or B|; M = 1 where A = B, 2/3 where one holds the other, 1/3 where they
    overlap, 0 where they share nothing

Two empty sets are the same set. Single values that differ are as far apart as can be, so on them
this is nominal alpha. Source: Passonneau (2006), LREC, 831-836; alpha as in `krippendorff`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement import bootstrap
from agreement.chance import NO_PAIR
from agreement.estimate import Estimate, undefined
from agreement.krippendorff import MAX_RATIO_LEVELS as MOST_SETS
from agreement.krippendorff import NO_VARIATION
from agreement.ratings import Ratings
from agreement.wording import _

Floats = NDArray[np.float64]
Picked = frozenset[Any]


def distance(a: Collection[Any], b: Collection[Any]) -> float:
    """From 0, the same set, to 1, nothing in common."""
    one, other = frozenset(a), frozenset(b)
    if one == other:
        return 0.0
    shared = one & other
    if not shared:
        return 1.0
    weight = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1.0 - weight * len(shared) / len(one | other)


def alpha(
    rows: Iterable[tuple[Any, Any, Collection[Any]]],
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> Estimate:
    """Of rows (item, rater, set), with the item bootstrap of `bootstrap.with_interval`.

    Undefined where no item was rated twice, where all sets are the same, and beyond 2,000
    different sets. RatingsError for a second rating of an item by one rater.
    """
    given = [(item, rater, frozenset(picked)) for item, rater, picked in rows]
    sets = list(dict.fromkeys(picked for _item, _rater, picked in given))
    code = {picked: str(place) for place, picked in enumerate(sets)}
    names = [(item, rater, code[picked]) for item, rater, picked in given]
    ratings = Ratings.from_rows(names, "nominal", list(code.values()) or None)
    if not ratings.n_pairable_items:
        return undefined(NO_PAIR)
    if len(sets) > MOST_SETS:
        return undefined(_("there are more than {n} different sets", n=f"{MOST_SETS:,}"))
    return _of_counts(ratings, _distances(sets), draws, seed)


def _distances(sets: list[Picked]) -> Floats:
    table = np.zeros((len(sets), len(sets)))
    for i, one in enumerate(sets):
        for j in range(i):
            table[i, j] = table[j, i] = distance(one, sets[j])
    return table


def _of_counts(ratings: Ratings, far: Floats, draws: int, seed: int) -> Estimate:
    counts = ratings.counts[np.asarray(ratings.counts.sum(axis=1)) >= 2]
    of_unit = np.asarray(counts.sum(axis=1))
    within = np.asarray(counts.multiply(counts @ far).sum(axis=1)).ravel() / (of_unit - 1)

    def alphas(times: Floats) -> Floats:
        used = np.asarray((counts.T @ times.T).T)
        n = used.sum(axis=1)
        apart = (used * (used @ far)).sum(axis=1)
        ratio = np.full(len(n), np.nan)
        np.divide((n - 1) * (times @ within), apart, out=ratio, where=apart > 1e-12)
        return np.asarray(1.0 - ratio)

    value = float(alphas(np.ones((1, len(within))))[0])
    if np.isnan(value):
        return undefined(NO_VARIATION)
    plain = Estimate(value)
    if len(within) < 2:
        return replace(plain, interval_reason=bootstrap.ONE_ITEM)
    drawn = bootstrap.resample(alphas, len(within), draws=draws, seed=seed)
    return bootstrap.with_interval(plain, drawn, n=len(within))
