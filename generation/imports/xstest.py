"""XSTest's completion files: `id` is "v2-7" where the prompts file says 7.

Prompts are joined on that number: the text of some prompts differs between the two files.
"""

from pathlib import Path

from generation.imports import files
from generation.imports.found import Answers, Found


def read(path: Path) -> Answers:
    for where, row in files.csv_rows(path, needed=("id", "completion")):
        given = row["id"].strip()
        yield Found(where, (given, given.rpartition("-")[2]), row["completion"])
