"""CSV with a header. Cells in quotes may hold commas, quotes and line ends of any kind."""

import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _

from corpus.reading.lines import MAX_ROW, lines
from corpus.reading.problems import Problems
from corpus.reading.values import Row


def csv_rows(
    file: BinaryIO,
    problems: Problems,
    *,
    required: Sequence[str],
    optional: Sequence[str] | None = (),
) -> Iterator[Row]:
    """The rows below the header. A row with too few or too many cells is a problem, and left out.

    `optional=None` lets columns of any name pass.
    """
    source = _OneRecord(lines(file, problems))
    cells = csv.reader(source, strict=True)
    header = _next(cells, source, problems, 1)
    if header is None:
        problems.stop(None, _("The file is empty. It needs a header and at least one row."))
    columns = [name.strip() for name in header]
    check_columns(columns, problems, required, optional, row=1)
    number = 1
    while (record := _next(cells, source, problems, number := number + 1)) is not None:
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(columns):
            problems.add(
                number,
                "",
                _(
                    "The row has %(cells)s cells, the header has %(columns)s. A cell with commas "
                    "or line ends needs quotes around it."
                )
                % {"cells": len(record), "columns": len(columns)},
            )
            continue
        yield Row(number, dict(zip(columns, record, strict=True)))


class _OneRecord:
    """Lines for the CSV reader: a quote left open must not swallow the whole file."""

    def __init__(self, source: Iterator[str]) -> None:
        self.source = source
        self.held = 0

    def __iter__(self) -> "_OneRecord":
        return self

    def __next__(self) -> str:
        line = next(self.source)
        self.held += len(line)
        if self.held > MAX_ROW:
            raise csv.Error(
                _("it is longer than %(n)s characters; is a quote left open?")
                % {"n": f"{MAX_ROW:,}"}
            )
        return line


def _next(
    cells: Iterator[list[str]], source: _OneRecord, problems: Problems, number: int
) -> list[str] | None:
    source.held = 0
    try:
        return next(cells)
    except StopIteration:
        return None
    except csv.Error as error:
        problems.stop(number, _("The row cannot be read: %(error)s.") % {"error": error})


def check_columns(
    columns: Sequence[str],
    problems: Problems,
    required: Sequence[str],
    optional: Sequence[str] | None,
    *,
    row: int | None,
) -> None:
    """With an unknown, missing or repeated column nothing more is read."""
    known = [*required, *(optional or ())]
    for name in sorted({name for name in columns if columns.count(name) > 1}):
        problems.add(row, name, _("The column stands there twice."))
    for name in columns:
        if optional is not None and name not in known:
            problems.add(
                row,
                name[:60],
                _("The column is not known. Columns here: %(columns)s.")
                % {"columns": ", ".join(known)},
            )
    for name in required:
        if name not in columns:
            problems.add(
                row,
                name,
                _("The column is missing. Needed: %(columns)s.") % {"columns": ", ".join(required)},
            )
    problems.raise_if_any()
