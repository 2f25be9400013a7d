"""Pairwise comparisons of conditions: who stood first, who won, and on which item.

Win rates and Bradley-Terry strengths start from here. A tie counts as half a win for each side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.wording import _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NO_COMPARISON = _("there is no comparison")
ONE_ITEM = _("resampling needs at least two items")
OUTCOMES = (0.0, 0.5, 1.0)


class ComparisonError(ValueError):
    """A comparison of a condition with itself, or an outcome that is no outcome."""


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Row c compares `names[first[c]]`, shown first, with `names[second[c]]` on `item[c]`.

    `score` is 1 where the first won, 0 where the second did, 0.5 for a tie. `times` is how often
    the same row was seen (1 unless built from a table). All have shape (n_rows,).
    """

    names: tuple[str, ...]
    first: Ints
    second: Ints
    score: Floats
    item: Ints
    n_items: int
    times: Floats

    @classmethod
    def build(cls, rows: Iterable[tuple[Any, str, str, float]]) -> Comparisons:
        """From rows (item, first, second, score). Names keep the order of first appearance.

        Raises ComparisonError for a condition against itself and a score other than 0, 0.5, 1.
        """
        given = list(rows)
        for place, (_item, first, second, score) in enumerate(given):
            if first == second:
                raise ComparisonError(f"Row {place + 1} compares {first!r} with itself.")
            if score not in OUTCOMES:
                raise ComparisonError(f"Row {place + 1}: {score!r} is not one of 0, 0.5 and 1.")
        names = _places(name for row in given for name in row[1:3])
        items = _places(row[0] for row in given)
        return cls(
            tuple(names),
            np.array([names[row[1]] for row in given], dtype=np.int64),
            np.array([names[row[2]] for row in given], dtype=np.int64),
            np.array([row[3] for row in given], dtype=np.float64),
            np.array([items[row[0]] for row in given], dtype=np.int64),
            len(items),
            np.ones(len(given)),
        )

    @classmethod
    def of_table(
        cls, wins: NDArray[Any], names: Sequence[str], ties: NDArray[Any] | None = None
    ) -> Comparisons:
        """From `wins[a, b]`, how often a beat b, and how often they tied (above the diagonal).

        Who stood first is not known, and there are no items to resample.
        """
        drawn = np.zeros_like(wins) if ties is None else np.triu(np.asarray(ties))
        decided, tied = np.argwhere(np.asarray(wins) > 0), np.argwhere(drawn > 0)
        first, second = np.concatenate([decided, tied]).T.astype(np.int64)
        times = np.concatenate([np.asarray(wins)[tuple(decided.T)], drawn[tuple(tied.T)]])
        score = np.repeat([1.0, 0.5], [len(decided), len(tied)])
        item = np.zeros(len(first), dtype=np.int64)
        return cls(tuple(names), first, second, score, item, 1, times.astype(np.float64))

    @property
    def n_comparisons(self) -> int:
        return round(float(self.times.sum()))

    @property
    def n_ties(self) -> int:
        return round(float(self.times[self.score == 0.5].sum()))

    def between(self, a: str, b: str) -> Comparisons:
        """The comparisons of `a` with `b`, turned so that the score is always a's.

        `first` then holds a, and who really stood first is lost: see `score_of_first`.
        """
        left, right = self.names.index(a), self.names.index(b)
        straight = (self.first == left) & (self.second == right)
        kept = np.flatnonzero(straight | ((self.first == right) & (self.second == left)))
        score = np.where(straight[kept], self.score[kept], 1.0 - self.score[kept])
        seen, item = np.unique(self.item[kept], return_inverse=True)
        size = len(kept)
        return Comparisons(
            self.names,
            np.full(size, left),
            np.full(size, right),
            score,
            item.astype(np.int64),
            len(seen),
            self.times[kept],
        )

    def item_sums(self, values: Floats) -> Floats:
        """The sum of `values` (one per row, each as often as seen) of each item, (n_items,)."""
        sums = np.bincount(self.item, values * self.times, minlength=self.n_items)
        return sums.astype(np.float64)


def _places(labels: Iterable[Any]) -> dict[Any, int]:
    return {label: place for place, label in enumerate(dict.fromkeys(labels))}
