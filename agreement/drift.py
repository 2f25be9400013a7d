"""Whether agreement changes over time, and whether a rater becomes stricter or milder.

Ratings are cut into blocks in the order in which they were made; the caller names each item's
block. A change is the last block against the first, with the interval of the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agreement import bootstrap, clustered, contrast
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.scale import Level
from agreement.wording import _

ONE_BLOCK = _("a change over time needs at least two blocks")


@dataclass(frozen=True)
class Block:
    """The items of one block of time and `found`, what was computed of them."""

    name: str
    n_items: int
    found: Estimate


@dataclass(frozen=True)
class Drift:
    """The blocks in the order of time, and the last less the first."""

    blocks: tuple[Block, ...]
    change: Estimate


def equal_blocks(n: int, n_blocks: int) -> list[int]:
    """Block 1, 2, 3 … of each of `n` things in the order of time, as equal in size as can be."""
    return [1 + place * n_blocks // n for place in range(n)] if n else []


def of_alpha(
    ratings: Ratings,
    level: Level,
    block: Sequence[object],
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> Drift:
    """Krippendorff's alpha of each block with its item-bootstrap interval.

    `block` names the block of each item, (n_items,); blocks are ordered by their names' own order
    (numbers, or texts such as "2026-03"). The scale is that of all ratings.
    """
    names = _blocks(block, ratings.n_items)
    parts = [_items(ratings, np.array([b == name for b in block], dtype=bool)) for name in names]
    found = tuple(
        Block(
            str(name),
            part.n_items,
            bootstrap.alpha_interval(part, level, draws=draws, seed=seed),
        )
        for name, part in zip(names, parts, strict=True)
    )
    if len(parts) < 2:
        return Drift(found, undefined(ONE_BLOCK))
    return Drift(found, contrast.of_items(parts[0], parts[-1], level, draws=draws, seed=seed))


def of_rater(ratings: Ratings, rater: str, block: Sequence[object]) -> Drift:
    """How far the rater lies above the others: the mean over items of the rater's number less the
    mean of the other raters' on that item, with its t interval, in each block.

    `block` names when this rater rated each item, (n_items,); items that only this rater, or only
    others, rated are left out. Undefined for labels.
    """
    names = _blocks(block, ratings.n_items)
    gaps = _offsets(ratings, rater)
    if gaps is None:
        return Drift((), undefined(_("these ratings are labels, which have no distance")))
    own = np.array([names.index(b) for b in block], dtype=np.int64)
    parts = [gaps[(own == place) & ~np.isnan(gaps)] for place in range(len(names))]
    found = tuple(
        Block(str(name), len(part), clustered.mean(part, np.arange(len(part))))
        for name, part in zip(names, parts, strict=True)
    )
    if len(parts) < 2:
        return Drift(found, undefined(ONE_BLOCK))
    a, b = parts[0], parts[-1]
    return Drift(found, clustered.difference(a, range(len(a)), b, range(len(a), len(a) + len(b))))


def _blocks(block: Sequence[object], n_items: int) -> list[object]:
    if len(block) != n_items:
        raise ValueError(f"{n_items} items, but {len(block)} names of blocks.")
    return sorted(set(block), key=lambda name: (isinstance(name, str), name))


def _items(ratings: Ratings, kept: np.ndarray) -> Ratings:
    names = tuple(name for name, keep in zip(ratings.items, kept, strict=True) if keep)
    return Ratings(ratings.matrix[kept], names, ratings.raters, ratings.scale)


def _offsets(ratings: Ratings, rater: str) -> np.ndarray | None:
    """The rater's number less the mean of the others' on each item; NaN where either is missing."""
    if not ratings.scale.is_numeric:
        return None
    column = ratings.raters.index(rater)
    given = np.delete(ratings.is_given, column, axis=1)
    others = np.where(given, np.delete(ratings.matrix, column, axis=1), 0.0).sum(axis=1)
    many = given.sum(axis=1)
    means = np.divide(others, many, out=np.full(ratings.n_items, np.nan), where=many > 0)
    return np.asarray(ratings.matrix[:, column] - means)
