"""What disagreement is made of: raters who are stricter, one who answers unlike the rest, a few
items, or ratings that are nearly all the same.

Each share is of observed disagreement. Labels have no distance, so strictness is only asked of
numbers and of declared orders (by position). Nothing here is a test: it says where to look.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agreement import influence, krippendorff
from agreement.ratings import Ratings
from agreement.scale import Level

Floats = NDArray[np.float64]

LARGE_CHANGE = 0.05
"""A rater without whom alpha is higher by this much answers unlike the rest."""
HALF = 0.5
MOST_RATERS = 60
"""Leaving out each rater costs an alpha each; beyond this many nobody is singled out."""


@dataclass(frozen=True, slots=True)
class Strictness:
    """How much of the disagreement is raters who give lower or higher values throughout: `share`
    from 0 to 1, and each rater's offset from the mean of the others, in points of the scale."""

    share: float
    offsets: dict[str, float]

    @property
    def outlier(self) -> str | None:
        """The one of three or more raters whose offset makes up more than half of it."""
        pull = {rater: offset**2 for rater, offset in self.offsets.items()}
        farthest = max(pull, key=lambda rater: pull[rater])
        alone = len(pull) > 2 and pull[farthest] > HALF * sum(pull.values())
        return farthest if alone else None


@dataclass(frozen=True, slots=True)
class Drivers:
    """`odd_one` is the rater without whom alpha is highest, by `odd_change`, if by enough;
    `few_items` of `n_items` items hold half of the disagreement; `commonest` is the level that
    most ratings have, and its share."""

    strictness: Strictness | None
    odd_one: str | None
    odd_change: float
    few_items: int
    n_items: int
    commonest: tuple[str, float] | None


def find(ratings: Ratings, level: Level) -> Drivers:
    """What drives disagreement in `ratings`. Costs one alpha per rater."""
    odd, change = _odd_one(ratings, level)
    shares = item_shares(ratings, level)
    return Drivers(
        strictness=None if level == "nominal" else strictness(_placed(ratings, level)),
        odd_one=odd,
        odd_change=change,
        few_items=_fewest(shares),
        n_items=len(shares),
        commonest=_commonest(ratings),
    )


def strictness(ratings: Ratings) -> Strictness | None:
    """From least squares of y_ir = item_i + rater_r: 1 - (residual mean square / mean square
    within items), at least 0. None with fewer than two raters, where nothing differs within items,
    or where raters share too few items to be compared."""
    given, table = ratings.is_given, np.where(ratings.is_given, ratings.matrix, 0.0)
    many = given.sum(axis=1)
    if ratings.n_raters < 2 or not ratings.n_pairable_items:
        return None
    within = np.where(given, ratings.matrix - (table.sum(axis=1) / many)[:, None], 0.0)
    shared = np.diag(given.sum(axis=0)) - (given / many[:, None]).T @ given
    effects = np.linalg.lstsq(shared, within.sum(axis=0), rcond=None)[0]
    free = int(given.sum()) - len(many)
    left = free - (ratings.n_raters - 1)
    total = float((within**2).sum())
    if left < 1 or total == 0 or np.linalg.matrix_rank(shared) < ratings.n_raters - 1:
        return None
    explained = float(effects @ within.sum(axis=0))
    share = max(0.0, 1 - max(0.0, total - explained) / left / (total / free))
    others = (effects.sum() - effects) / (ratings.n_raters - 1)
    gaps = (effects - others).tolist()
    return Strictness(share, dict(zip(ratings.raters, gaps, strict=True)))


def item_shares(ratings: Ratings, level: Level) -> dict[str, float]:
    """Each pairable item's share of observed disagreement, adding up to 1 (all 0 without any)."""
    names = [ratings.items[i] for i in np.flatnonzero(ratings.is_given.sum(axis=1) >= 2)]
    if krippendorff.why_undefined(ratings, level):
        return {}
    own = krippendorff.disagreement_of_units(krippendorff.units(ratings, level))
    whole = float(own.sum()) or 1.0
    return dict(zip(names, (own / whole).tolist(), strict=True))


def _placed(ratings: Ratings, level: Level) -> Ratings:
    return ratings if ratings.scale.is_numeric or level != "ordinal" else ratings.ranked()


def _odd_one(ratings: Ratings, level: Level) -> tuple[str | None, float]:
    if not 2 < ratings.n_raters <= MOST_RATERS:
        return None, 0.0
    found = influence.drivers(influence.of_raters(ratings, level), most=1)
    if not found or (found[0].change or 0.0) < LARGE_CHANGE:
        return None, 0.0
    return found[0].name, found[0].change or 0.0


def _fewest(shares: dict[str, float]) -> int:
    """How many items, from the worst on, hold half of the disagreement."""
    falling = np.sort(np.fromiter(shares.values(), dtype=np.float64))[::-1]
    if not falling.sum():
        return 0
    return int(np.searchsorted(np.cumsum(falling), HALF - 1e-9)) + 1


def _commonest(ratings: Ratings) -> tuple[str, float] | None:
    if not ratings.n_values:
        return None
    used = np.asarray(ratings.counts.sum(axis=0)).ravel()
    top = int(used.argmax())
    return ratings.scale.labels[top], float(used[top] / used.sum())
