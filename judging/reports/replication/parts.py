"""What the bundles of all kinds of report have in common: figures, tables and scripts. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agreement import bootstrap

HERE = Path(__file__).parent
EMPTY: Mapping[str, Any] = {"value": None, "low": None, "high": None}


def scripts(kind: str) -> dict[str, str]:
    names = (f"replicate_{kind}.py", f"replicate_{kind}.R")
    return {name: (HERE / name).read_text("utf-8") for name in names}


def figure(table: dict[str, Any], row: Sequence[Any], column: str) -> dict[str, float | None]:
    cell = row[table["columns"].index(column)] or EMPTY
    return {end: cell[end] for end in EMPTY}


def expected(criteria: dict[str, Any], draws: int) -> str:
    return as_json({"settings": {"draws": draws, "seed": bootstrap.SEED}, "criteria": criteria})


def as_csv(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    written = io.StringIO()
    to = csv.writer(written, lineterminator="\n")
    to.writerow(columns)
    to.writerows(rows)
    return written.getvalue()


def as_json(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"
