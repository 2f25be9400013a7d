"""XSTest's completion files: two annotators and the label that was settled on.

Rows are matched by id ("v2-7" is prompt 7). Where the annotators differ the final label is
sometimes a third value, so it is kept as an adjudication of its own.
"""

from collections.abc import Iterator
from typing import BinaryIO

from annotation.imports.found import Found, Target
from corpus.reading import Problems, csv_rows

COLUMNS = {"annotation_1": "annotator_1", "annotation_2": "annotator_2"}
FINAL = "final_label"


def read(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    required = ("id", "completion", *COLUMNS, FINAL)
    for row in csv_rows(file, problems, required=required, optional=None):
        target = Target(item=row.values["id"].strip(), answer=row.values["completion"])
        for column, rater in [*COLUMNS.items(), (FINAL, "adjudicated")]:
            value = row.values[column].strip()
            if value:
                yield Found(row.number, column, target, rater, value, is_final=column == FINAL)
            else:
                problems.add(row.number, column, "The cell is empty.")
