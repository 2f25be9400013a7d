"""XSTest's completion files: `id` is "v2-7" where the prompts file says 7.

Prompts are joined on that number: the text of some prompts differs between the two files.
"""

from collections.abc import Iterator
from typing import BinaryIO

from corpus import conversation
from corpus.reading import Problems, RowProblem, csv_rows, text
from generation.imports.found import Found, answer


def read(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    for row in csv_rows(file, problems, required=("id", "completion"), optional=None):
        try:
            given = text(row, "id", limit=120).strip()
            asked = text(row, "prompt", limit=conversation.MAX_TURN, default="")
            yield Found(
                row=row.number,
                keys=(given, given.rpartition("-")[2]),
                asked=(conversation.single(asked),) if asked else (),
                text=answer(row, "completion"),
            )
        except RowProblem as error:
            problems.add(row.number, error.column, str(error))
