"""CSV and JSON Lines with `id` and `completion`, and optionally the columns below."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from corpus.reading import Problems, Row, RowProblem, csv_rows, jsonl_rows, text
from corpus.reading.values import check_names
from generation.imports.found import MAX_ANSWER, Found, answer, whole_number

NEEDED = ("id", "completion")
OPTIONAL = ("replicate", "reasoning", "finish_reason")


def read_csv(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    return _each(csv_rows(file, problems, required=NEEDED, optional=OPTIONAL), problems)


def read_jsonl(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    return _each(jsonl_rows(file, problems), problems)


def _each(rows: Iterable[Row], problems: Problems) -> Iterator[Found]:
    for row in rows:
        try:
            check_names(row, NEEDED, OPTIONAL)
            yield _found(row)
        except RowProblem as error:
            problems.add(row.number, error.column, str(error))


def _found(row: Row) -> Found:
    if row.values["completion"] is None:
        raise RowProblem("completion", "There must be text.")
    return Found(
        row=row.number,
        keys=(text(row, "id", limit=120).strip(),),
        text=answer(row, "completion"),
        replicate=whole_number(row, "replicate", default=1, most=100),
        reasoning=text(row, "reasoning", limit=MAX_ANSWER, default=""),
        finish_reason=text(row, "finish_reason", limit=40, default=""),
    )
