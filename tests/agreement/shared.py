"""Where the shared data are, and how its wide tables become ratings."""

import csv
import os
from pathlib import Path
from typing import Any

import pytest

from agreement.ratings import Ratings
from agreement.scale import Level

HERE = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("PSYCHOSAFE_SHARED_DATA", HERE.parent / "shared" / "data"))


def needs(path: str) -> Any:
    """Marks for a test that reads `path` under the shared data."""
    absent = not (FOLDER / path).exists()
    return [
        pytest.mark.shared_data,
        pytest.mark.skipif(absent, reason=f"the shared data folder has no {path}"),
    ]


def records(path: str) -> list[dict[str, str]]:
    """The rows of a shared CSV; none where the folder is absent."""
    if not (FOLDER / path).exists():
        return []
    with (FOLDER / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wide(name: str, level: Level = "nominal", scale: list[Any] | None = None) -> Ratings:
    """A wide table: column `unit`, then one column per rater, empty where missing."""
    rows = []
    for record in records(f"agreement/{name}.csv"):
        unit = record.pop("unit")
        rows += [(unit, rater, value) for rater, value in record.items()]
    return Ratings.from_rows(rows, level, scale)
