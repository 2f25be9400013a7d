"""CSV with a row for each rating: `item` or `completion`, `rater`, `criterion`, `value`.

`item` is the prompt's id in its set; with several runs `run` says whose answer it was.
"""

from collections.abc import Iterator
from typing import BinaryIO

from annotation.imports.found import Found, Target
from corpus.reading import Problems, csv_rows

OPTIONAL = ("item", "external_id", "completion", "run", "criterion", "rationale")


def read(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    for row in csv_rows(file, problems, required=("rater", "value"), optional=OPTIONAL):
        cells = {name: cell.strip() for name, cell in row.values.items()}
        for name in ("rater", "value"):
            if not cells[name]:
                problems.add(row.number, name, "The cell is empty.")
        if not cells["rater"] or not cells["value"]:
            continue
        yield Found(
            row=row.number,
            column="value",
            target=Target(
                completion=cells.get("completion", ""),
                item=cells.get("item") or cells.get("external_id", ""),
                run=cells.get("run", ""),
            ),
            rater=cells["rater"],
            value=cells["value"],
            criterion=cells.get("criterion", ""),
            rationale=cells.get("rationale", ""),
        )
