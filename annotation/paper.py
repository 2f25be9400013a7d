"""The rating page as its template reads it, and its form as the rules read it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotation.answers import CANNOT_JUDGE, OUTSIDE, Errors, field
from annotation.sheets import Asked, Point, Sheet


@dataclass(frozen=True)
class Option:
    """A point that can be chosen."""

    value: str
    label: str
    anchor: str
    is_chosen: bool


@dataclass(frozen=True)
class Cell:
    """A criterion asked of one answer."""

    name: str
    slot: str
    options: tuple[Option, ...]
    cannot_judge: bool
    outside: bool
    rationale: str
    errors: Sequence[str]


@dataclass(frozen=True)
class Row:
    """A criterion, asked of every answer."""

    asked: Asked
    cells: tuple[Cell, ...]


def rows(
    sheet: Sheet,
    slots: Sequence[str],
    filled: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
) -> list[Row]:
    """Every criterion with what was chosen so far (`filled` is a draft) and what is wrong."""
    so_far = {
        field(rating["slot"], rating["criterion"]): rating
        for rating in (filled or {}).get("ratings", [])
    }
    return [
        Row(asked, tuple(_cell(slot, asked, so_far, errors or {}) for slot in slots))
        for asked in sheet.criteria
    ]


def _cell(slot: str, asked: Asked, so_far: Mapping[str, Any], errors: Errors) -> Cell:
    name = field(slot, asked.key)
    rating = so_far.get(name, {})
    value = rating.get("value")
    return Cell(
        name=name,
        slot=slot,
        options=tuple(
            Option(
                str(point.value),
                point.label if asked.is_words else str(point.value),
                anchor(point, asked.is_words),
                value == point.value and type(value) is int,
            )
            for point in asked.choices
        ),
        cannot_judge=value == CANNOT_JUDGE,
        outside=value == OUTSIDE,
        rationale=rating.get("rationale", ""),
        errors=errors.get(name, ()),
    )


def anchor(point: Point, is_words: bool) -> str:
    """What stands below the scale while a point is chosen or looked at."""
    name = (
        point.label
        if is_words or point.label == str(point.value)
        else (f"{point.value}, {point.label[:1].lower()}{point.label[1:]}")
    )
    example = f" Example: “{point.example}”" if point.example else ""
    return f"{name}: {point.anchor}{example}" if point.anchor else f"{name}{example}"


def read(
    posted: Mapping[str, str], *, sheet: Sheet, slots: Sequence[str]
) -> tuple[list[dict[str, Any]], str | None]:
    """Ratings and preference of a posted form, in the shape that `answers.check` takes.

    The button "Outside my competence" says so for every criterion that is still open.
    """
    is_outside = "outside" in posted
    ratings = list(_ratings(posted, sheet, slots, OUTSIDE if is_outside else None))
    return ratings, posted.get("preference") or None


def _ratings(
    posted: Mapping[str, str], sheet: Sheet, slots: Sequence[str], unanswered: str | None
) -> Iterator[dict[str, Any]]:
    for asked in sheet.criteria:
        for slot in slots:
            name = field(slot, asked.key)
            yield {
                "slot": slot,
                "criterion": asked.key,
                "value": _value(posted.get(name, "")) if posted.get(name) else unanswered,
                "rationale": posted.get(f"{name}.why", ""),
            }


def _value(text: str) -> int | str:
    try:
        return int(text) if len(text) < 7 else text
    except ValueError:
        return text
