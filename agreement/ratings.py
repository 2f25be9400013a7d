"""Ratings of one criterion as a matrix of items by raters, with the scale they were given on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from agreement.estimate import Estimate, undefined
from agreement.scale import Level, Scale, ScaleError, Value, is_missing
from agreement.wording import _

__all__ = ["MAX_LEVELS", "Estimate", "Ratings", "RatingsError", "undefined"]

Floats = NDArray[np.float64]

MAX_LEVELS = 200
"""Statistics over categories are not computed beyond this many levels."""
MAX_CELLS = 5_000_000
"""Up to so many counts are made as a whole table (40 MB), which is faster than sparsely."""


class RatingsError(ValueError):
    """Ratings that contradict each other or the scale."""


@dataclass(frozen=True, eq=False)
class Ratings:
    """`matrix[i, r]` is the number that rater r gave item i; NaN where there is none.

    Items and raters without any rating are not kept, so every count speaks of real ratings.
    """

    matrix: Floats
    items: tuple[str, ...]
    raters: tuple[str, ...]
    scale: Scale

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[tuple[Any, Any, Value | None]],
        level: Level,
        scale: Sequence[Value] | None = None,
    ) -> Ratings:
        """From long rows (item, rater, value), in any order; a blank or None value is missing.

        Raises RatingsError for a second rating of one item by one rater, and for a value that
        the scale or the level does not allow.
        """
        given = [(str(i), str(r), v) for i, r, v in rows if v is not None and not is_missing(v)]
        try:
            measured = Scale.build(level, (value for _, _, value in given), scale)
        except ScaleError as error:
            raise RatingsError(str(error)) from error
        items = {item: place for place, item in enumerate(dict.fromkeys(g[0] for g in given))}
        raters = {rater: place for place, rater in enumerate(dict.fromkeys(g[1] for g in given))}
        matrix = np.full((len(items), len(raters)), np.nan)
        _fill(matrix, given, items, raters, measured)
        return cls(matrix, tuple(items), tuple(raters), measured)

    @classmethod
    def from_matrix(
        cls, matrix: ArrayLike, level: Level, scale: Sequence[Value] | None = None
    ) -> Ratings:
        """From numbers of shape (n_items, n_raters), NaN for missing; labels are the positions."""
        numbers = np.asarray(matrix, dtype=np.float64)
        known = ~np.isnan(numbers)
        items, raters = np.flatnonzero(known.any(axis=1)), np.flatnonzero(known.any(axis=0))
        seen = np.unique(numbers[known]).tolist()
        try:
            measured = Scale.build(level, seen, scale)
            for value in seen:
                measured.code(value)
        except ScaleError as error:
            raise RatingsError(str(error)) from error
        kept = np.ascontiguousarray(numbers[np.ix_(items, raters)])
        return cls(kept, tuple(map(str, items + 1)), tuple(map(str, raters + 1)), measured)

    @property
    def n_items(self) -> int:
        return len(self.items)

    @property
    def n_raters(self) -> int:
        return len(self.raters)

    @cached_property
    def n_values(self) -> int:
        return int(np.count_nonzero(self.is_given))

    @cached_property
    def is_given(self) -> NDArray[np.bool_]:
        given: NDArray[np.bool_] = ~np.isnan(self.matrix)
        return given

    @cached_property
    def n_pairable_items(self) -> int:
        """How many items have two or more ratings."""
        return int(np.count_nonzero(self.is_given.sum(axis=1) >= 2))

    @property
    def levels(self) -> Floats:
        """The number of each level of the full scale, ascending."""
        return np.asarray(self.scale.values, dtype=np.float64)

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """The position of each rating on the scale, -1 where missing."""
        codes = np.searchsorted(self.levels, self.matrix)
        return np.where(self.is_given, codes, -1)

    @cached_property
    def counts(self) -> Any:
        """Sparse (n_items, n_levels): how many raters gave item i the level k."""
        n, q = self.n_items, len(self.scale.values)
        if n * q <= MAX_CELLS:
            places = (q * np.arange(n)[:, None] + self.codes)[self.is_given]
            cells = np.bincount(places, minlength=n * q).astype(np.float64)
            return sparse.csr_array(cells.reshape(n, q))
        item, rater = np.nonzero(self.is_given)
        found = (np.ones(len(item)), (item, self.codes[item, rater]))
        return sparse.csr_array(found, shape=(n, q))

    def dense_counts(self) -> Floats:
        """`counts` as an array. Ask only where there are at most MAX_LEVELS levels."""
        counts: Floats = self.counts.toarray()
        return counts

    def too_many_levels(self) -> str | None:
        """The reason not to compute a statistic over categories, or None."""
        if len(self.scale.values) <= MAX_LEVELS:
            return None
        return _(
            "there are more than {n} different values; declare a scale with fewer", n=MAX_LEVELS
        )

    def ranked(self) -> Ratings:
        """The same ratings as positions 1, 2, 3 … on the scale, for statistics of ordered levels
        whose numbers mean nothing beyond their order."""
        places = tuple(float(place) for place in range(1, len(self.scale.values) + 1))
        matrix = np.where(self.is_given, self.codes + 1.0, np.nan)
        return replace(self, matrix=matrix, scale=replace(self.scale, values=places))

    def only(self, raters: Sequence[str]) -> Ratings:
        """The ratings of the named raters, on the same scale."""
        columns = [self.raters.index(rater) for rater in raters]
        kept = self.matrix[:, columns]
        rows = np.flatnonzero((~np.isnan(kept)).any(axis=1))
        items = tuple(self.items[row] for row in rows)
        return Ratings(np.ascontiguousarray(kept[rows]), items, tuple(raters), self.scale)


def _fill(
    matrix: Floats,
    given: Sequence[tuple[str, str, Value]],
    items: dict[str, int],
    raters: dict[str, int],
    scale: Scale,
) -> None:
    coder = scale.coder()
    for item, rater, value in given:
        place = (items[item], raters[rater])
        if value not in coder:
            try:
                coder[value] = scale.code(value)
            except ScaleError as error:
                raise RatingsError(f"Item {item!r}, rater {rater!r}: {error}") from error
        if not np.isnan(matrix[place]):
            raise RatingsError(
                f"Rater {rater!r} has rated item {item!r} twice. Keep one rating of each."
            )
        matrix[place] = coder[value]
