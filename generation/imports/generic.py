"""CSV and JSONL with the columns `id` and `completion`, and optionally the others below."""

from pathlib import Path
from typing import Any

from generation.imports import files
from generation.imports.found import Answers, BadFile, Found, number

NEEDED = ("id", "completion")
OPTIONAL = ("replicate", "reasoning", "finish_reason")


def read_csv(path: Path) -> Answers:
    for where, row in files.csv_rows(path, needed=NEEDED):
        yield _found(where, row)


def read_jsonl(path: Path) -> Answers:
    for where, row in files.json_lines(path, needed=NEEDED):
        for name in row.keys() & {*NEEDED, "reasoning", "finish_reason"}:
            allowed = (str, int) if name == "id" else (str,)
            if not isinstance(row[name], allowed):
                raise BadFile(f"{where}, field '{name}' is not text.")
        yield _found(where, {name: str(value) for name, value in row.items()})


def _found(where: str, row: dict[str, Any]) -> Found:
    replicate = row.get("replicate") or "1"
    return Found(
        where=where,
        keys=(row["id"].strip(),),
        text=row["completion"],
        replicate=number(replicate, where=f"{where}, column 'replicate'"),
        reasoning=row.get("reasoning") or "",
        finish_reason=row.get("finish_reason") or "",
    )
