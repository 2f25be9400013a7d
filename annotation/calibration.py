"""A calibration room in figures: distributions, and agreement before and after the talk. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agreement import percent
from agreement.bootstrap import alpha_interval
from agreement.estimate import Estimate
from agreement.ratings import Ratings
from agreement.scale import Level
from annotation.sheets import Asked, Sheet

MEASURED = ("yes_no", "scale", "choice")
DRAWS = 500
FIRST, SECOND = 1, 2
# (round, completion, criterion's key, rater, value; None: could not judge)
Vote = tuple[int, str, str, str, int | None]


@dataclass(frozen=True)
class Agreement:
    """Of one criterion in one round."""

    alpha: Estimate
    percent: Estimate


@dataclass(frozen=True)
class Line:
    """One criterion, before the talk and after it (None: nobody has voted again)."""

    asked: Asked
    before: Agreement
    after: Agreement | None


@dataclass(frozen=True)
class Bar:
    """How many gave this point."""

    label: str
    n: int
    is_own: bool = False


def voted_on(sheet: Sheet) -> tuple[Asked, ...]:
    """What a room votes on: measured criteria about the answers, with those they depend on."""
    kept: list[Asked] = []
    for asked in sheet.of_answers:
        known = {each.key for each in kept}
        hangs_on = asked.ask_when.criterion if asked.ask_when else None
        if asked.kind in MEASURED and (hangs_on is None or hangs_on in known):
            kept.append(asked)
    return tuple(kept)


def distribution(asked: Asked, values: Iterable[int | None], own: object = "") -> list[Bar]:
    """Every point of the scale, also those that nobody gave; then those who could not judge."""
    counted = Counter(values)
    named = asked.kind != "scale"
    bars = [
        Bar(p.label if named else str(p.value), counted[p.value], own == p.value)
        for p in asked.choices
    ]
    return [*bars, Bar("–", counted[None], own is None)] if counted[None] else bars


def lines(criteria: Sequence[Asked], votes: Iterable[Vote]) -> list[Line]:
    """Each criterion by itself. Only answers that somebody could judge count."""
    rows = list(votes)
    has_second = any(row[0] == SECOND for row in rows)
    return [
        Line(asked, _of(asked, rows, FIRST), _of(asked, rows, SECOND) if has_second else None)
        for asked in criteria
    ]


def _of(asked: Asked, rows: Sequence[Vote], number: int) -> Agreement:
    level: Level = "ordinal" if asked.kind == "scale" else "nominal"
    given = [(row[1], row[3], row[4]) for row in rows if row[0] == number and row[2] == asked.key]
    table = Ratings.from_rows(given, level, asked.scale)
    return Agreement(alpha_interval(table, level, draws=DRAWS), percent.exact(table))
