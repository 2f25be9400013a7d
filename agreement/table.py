"""Reads a long CSV, one row per rating: columns item, rater, value and, if any, criterion.

Everything wrong with the file is said at once, with file, row, column and what is allowed. Rows
are counted as a spreadsheet shows them: the header is row 1.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from agreement.scale import Level, Scale, ScaleError, Value, number_of

NEEDED = ("item", "rater", "value")
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
SHOWN = 10


class TableError(ValueError):
    """A file that cannot be used; the message is for the person who made the file."""


class Row(NamedTuple):
    """One rating. `value` is None where the cell is empty, `criterion` where there is no column."""

    item: str
    rater: str
    value: Value | None
    criterion: str | None = None


def read(path: Path, level: Level, scale: Sequence[Value] | None = None) -> list[Row]:
    """The rows of `path`, checked against the level and the declared scale.

    Raises TableError, naming up to ten faulty cells and how many there are.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            numbered = list(_rows(path, file))
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise TableError(f"{path}: cannot be opened ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise TableError(f"{path}: is not UTF-8 text. Save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise TableError(f"{path}: is not a CSV file ({error}).") from error
    faults = [*_faulty_values(numbered, level, scale), *_repeats(numbered)]
    _refuse(path, sorted(faults))
    return [row for _, row in numbered]


def _rows(path: Path, file: TextIO) -> Iterator[tuple[int, Row]]:
    start = file.readline()
    file.seek(0)
    separator = max(SEPARATORS, key=start.count)
    reader = csv.reader(file, delimiter=separator, strict=True)
    header = [name.strip().lower() for name in next(reader, [])]
    places = _places(path, header)
    faults = []
    for number, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            faults.append((number, f"has {len(cells)} cells where the header has {len(header)}."))
            continue
        row = _row(cells, places)
        faults += [(number, f"column {name}: is empty.") for name in _empty(row)]
        yield number, row
    _refuse(path, faults)


def _places(path: Path, header: Sequence[str]) -> dict[str, int]:
    missing = [name for name in NEEDED if name not in header]
    found = ", ".join(name for name in header if name) or "nothing"
    if missing:
        raise TableError(
            f"{path}, row 1: column {', '.join(missing)} is missing. Found: {found}. "
            "Needed: item, rater, value; criterion is optional."
        )
    names = [*NEEDED, "criterion"]
    for name in names:
        if header.count(name) > 1:
            raise TableError(f"{path}, row 1: column {name} appears {header.count(name)} times.")
    return {name: header.index(name) for name in names if name in header}


def _row(cells: Sequence[str], places: dict[str, int]) -> Row:
    criterion = cells[places["criterion"]].strip() if "criterion" in places else None
    item, rater, value = (cells[places[name]].strip() for name in NEEDED)
    return Row(item, rater, value or None, criterion)


def _empty(row: Row) -> list[str]:
    named = {"item": row.item, "rater": row.rater, "criterion": row.criterion}
    return [name for name, text in named.items() if text == ""]


def _faulty_values(
    numbered: Sequence[tuple[int, Row]], level: Level, scale: Sequence[Value] | None
) -> Iterator[tuple[int, str]]:
    try:
        declared = Scale.build(level, (), scale) if scale else None
    except ScaleError as error:
        raise TableError(f"The scale: {error}") from error
    known: dict[Value, str | None] = {}
    for number, row in numbered:
        if row.value is None:
            continue
        if row.value not in known:
            known[row.value] = _fault(row.value, level, declared)
        if fault := known[row.value]:
            yield number, f"column value: {fault}"


def _fault(value: Value, level: Level, declared: Scale | None) -> str | None:
    """What is wrong with one value, or None."""
    if declared is not None:
        try:
            declared.code(value)
        except ScaleError as error:
            return str(error)
        return None
    number = number_of(value)
    if level == "nominal":
        return None
    if number is None:
        order = " Or declare the order of the levels." if level == "ordinal" else ""
        return (
            f"{str(value)!r} is not a number. Use numbers with a decimal point, and leave the "
            f"cell empty where a rating is missing.{order}"
        )
    if level == "ratio" and number < 0:
        return f"{value} is below zero. The level ratio allows 0 and above."
    return None


def _repeats(numbered: Sequence[tuple[int, Row]]) -> Iterator[tuple[int, str]]:
    first: dict[tuple[str | None, str, str], int] = {}
    for number, row in numbered:
        if row.value is None:
            continue
        seen = first.setdefault((row.criterion, row.item, row.rater), number)
        if seen != number:
            yield (
                number,
                f"columns item, rater: {row.rater!r} has already rated {row.item!r} in row {seen}. "
                "Keep one of the two.",
            )


def _refuse(path: Path, faults: Sequence[tuple[int, str]]) -> None:
    if not faults:
        return
    lines = [f"{path}, row {number}, {text}" for number, text in faults[:SHOWN]]
    if len(faults) > SHOWN:
        lines.append(f"… and {len(faults) - SHOWN} more. Nothing was computed.")
    raise TableError("\n".join(lines))
