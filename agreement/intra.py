"""Whether a rater agrees with themself: the same item rated twice, unawares, by the same person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agreement import bootstrap, percent
from agreement.estimate import Estimate
from agreement.ratings import Ratings
from agreement.scale import Level, Scale, Value, is_missing
from agreement.wording import _

FIRST, AGAIN = "first", "again"


@dataclass(frozen=True)
class IntraRater:
    """Alpha and exact agreement of a rater's first and second ratings of `n_items` items."""

    rater: str
    n_items: int
    alpha: Estimate
    percent: Estimate


def by_rater(
    rows: Iterable[tuple[Any, Any, Value | None, Value | None]],
    level: Level,
    scale: Sequence[Value] | None = None,
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> list[IntraRater]:
    """Of each rater in rows (item, rater, first value, second value), in the order of appearance;
    a row without both values is left out, and a rater without any row too.

    The scale, where not declared, is that of all rows.
    """
    kept = [row for row in rows if not (_is_blank(row[2]) or _is_blank(row[3]))]
    seen = [value for row in kept for value in row[2:] if value is not None]
    whole = scale or (list(Scale.build(level, seen).labels) if seen else None)
    groups: dict[str, list[tuple[Any, str, Value | None]]] = {}
    for item, rater, first, again in kept:
        groups.setdefault(str(rater), []).extend([(item, FIRST, first), (item, AGAIN, again)])
    return [
        _of_one(rater, Ratings.from_rows(group, level, whole), level, draws, seed)
        for rater, group in groups.items()
    ]


def pooled(
    rows: Iterable[tuple[Any, Any, Value | None, Value | None]],
    level: Level,
    scale: Sequence[Value] | None = None,
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> IntraRater:
    """Of all raters together: each rater's item counts as an item of its own."""
    long: list[tuple[Any, str, Value | None]] = []
    for item, rater, first, again in rows:
        if not (_is_blank(first) or _is_blank(again)):
            name = f"{rater}\n{item}"
            long += [(name, FIRST, first), (name, AGAIN, again)]
    return _of_one(_("all"), Ratings.from_rows(long, level, scale), level, draws, seed)


def _of_one(rater: str, ratings: Ratings, level: Level, draws: int, seed: int) -> IntraRater:
    alpha = bootstrap.alpha_interval(ratings, level, draws=draws, seed=seed)
    return IntraRater(rater, ratings.n_items, alpha, percent.exact(ratings))


def _is_blank(value: Value | None) -> bool:
    return value is None or is_missing(value)
