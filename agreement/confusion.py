"""Which levels are taken for which: by two raters, by all pairs, or by a judge and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agreement import kappa, wilson
from agreement.estimate import Estimate
from agreement.ratings import Ratings
from agreement.scale import Value, is_missing

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Confusion:
    """`table[i, j]`: how often the first gave level i and the second level j, shape (q, q)."""

    labels: tuple[str, ...]
    table: Floats

    @property
    def n(self) -> float:
        return float(self.table.sum())

    @property
    def by_row(self) -> Floats:
        """The share of each column within its row, 0 in a row that is empty; shape (q, q)."""
        total = self.table.sum(axis=1, keepdims=True)
        share = np.divide(self.table, total, out=np.zeros_like(self.table), where=total > 0)
        return np.asarray(share)

    def found_again(self) -> dict[str, Estimate]:
        """Of each level the first gave: how often the second gave it too, with Wilson's interval
        (with people first and a judge second, the judge's sensitivity to that level)."""
        return {
            label: wilson.proportion(round(self.table[i, i]), round(self.table[i].sum()))
            for i, label in enumerate(self.labels)
        }

    def most_confused(self, most: int = 3) -> list[tuple[str, str, float]]:
        """The two different levels that met most often, in either order, with how often."""
        both = np.triu(self.table + self.table.T, k=1)
        places = np.argsort(-both, axis=None, kind="stable")[:most]
        found = [divmod(int(place), len(self.labels)) for place in places]
        return [
            (self.labels[i], self.labels[j], float(both[i, j])) for i, j in found if both[i, j] > 0
        ]


def of_pair(ratings: Ratings, first: str, second: str) -> Confusion:
    """Of two named raters over the items that both rated."""
    return Confusion(ratings.scale.labels, kappa.cross_table(ratings, first, second))


def of_all_pairs(ratings: Ratings) -> Confusion:
    """Of every two raters of an item, each pair in both orders and worth 1 / (r_i - 1), r_i the
    ratings of the item: Krippendorff's coincidences, symmetric, adding up to the pairable ratings.
    """
    counts = ratings.dense_counts()
    total = counts.sum(axis=1)
    counts, total = counts[total >= 2], total[total >= 2]
    share = counts / (total - 1)[:, None]
    return Confusion(ratings.scale.labels, share.T @ counts - np.diag(share.sum(axis=0)))


def of_columns(
    first: Sequence[Value | None], second: Sequence[Value | None], labels: Sequence[Value]
) -> Confusion:
    """Of two columns of one length, rows where either is missing left out.

    Raises ValueError for a value that is not among `labels`.
    """
    names = tuple(str(label) for label in labels)
    table = np.zeros((len(names), len(names)))
    for one, other in zip(first, second, strict=True):
        if one is None or other is None or is_missing(one) or is_missing(other):
            continue
        table[_place(one, names), _place(other, names)] += 1
    return Confusion(names, table)


def _place(value: Value, names: tuple[str, ...]) -> int:
    if str(value) not in names:
        raise ValueError(f"{value!r} is not among the levels {', '.join(names)}.")
    return names.index(str(value))
