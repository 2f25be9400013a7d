"""Whether one alpha is higher than another: on other items, or of other raters on the same items.

Two intervals that overlap prove nothing, so the difference is resampled itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from agreement import bootstrap, krippendorff
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.scale import Level
from agreement.wording import _

Floats = NDArray[np.float64]

TOO_FEW = _("resampling needs at least two items on either side")


def of_items(
    first: Ratings,
    second: Ratings,
    level: Level,
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> Estimate:
    """alpha(second) - alpha(first) of two sets of items that have none in common.

    Each set is resampled by itself. Undefined where either alpha is.
    """
    plain = _difference(first, second, level)
    if plain.value is None:
        return plain
    n = min(first.n_pairable_items, second.n_pairable_items)
    if n < 2:
        return Estimate(plain.value, interval_reason=TOO_FEW)
    values = [
        bootstrap.alpha_draws(ratings, level, draws=draws, seed=seed + place)
        for place, ratings in enumerate((first, second))
    ]
    return bootstrap.with_interval(plain, values[1] - values[0], n=n)


def of_raters(
    ratings: Ratings,
    first: Sequence[str],
    second: Sequence[str],
    level: Level,
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> Estimate:
    """alpha of the raters `second` less alpha of the raters `first`, who may overlap: such as
    people with a judge less people alone. Items are resampled for both at once."""
    sides = [ratings.only(list(names)) for names in (first, second)]
    plain = _difference(sides[0], sides[1], level)
    if plain.value is None:
        return plain
    n = min(side.n_pairable_items for side in sides)
    if n < 2:
        return Estimate(plain.value, interval_reason=TOO_FEW)
    a, b = (_of_times(ratings, list(names), level) for names in (first, second))
    values = bootstrap.resample(lambda t: b(t) - a(t), ratings.n_items, draws=draws, seed=seed)
    return bootstrap.with_interval(plain, values, n=n)


def _difference(first: Ratings, second: Ratings, level: Level) -> Estimate:
    a, b = (krippendorff.alpha(ratings, level) for ratings in (first, second))
    if a.value is None or b.value is None:
        return undefined(a.reason or b.reason or "")
    return Estimate(b.value - a.value)


def _of_times(ratings: Ratings, names: list[str], level: Level) -> Callable[[Floats], Floats]:
    """Alpha of the named raters, from how often each item of `ratings` was drawn."""
    columns = [ratings.raters.index(name) for name in names]
    pairable = ratings.is_given[:, columns].sum(axis=1) >= 2
    data = krippendorff.units(ratings.only(names), level)
    return lambda times: krippendorff.alphas(data, times[:, pairable])
