"""Recomputes a study's agreement from ratings.csv and compares it with expected.json.

Needs Python 3.11, NumPy, SciPy and the folder agreement/ beside this file.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from agreement import report  # noqa: E402  # found only after the line above
from agreement.ratings import Ratings  # noqa: E402

NAMES = ("alpha", "ac", "percent", "kappa")


def main() -> int:
    expected = json.loads((HERE / "expected.json").read_text("utf-8"))
    settings = expected["settings"]
    wrong = 0
    for key, rows in by_criterion():
        scale = list(range(int(rows[0]["low"]), int(rows[0]["high"]) + 1))
        given = [(row["item"], row["rater"], int(row["value"])) for row in rows]
        level: Any = rows[0]["level"]
        found = report.summarise(Ratings.from_rows(given, level, scale), level, **settings)
        for name in NAMES:
            mine = getattr(found, name)
            its = expected["criteria"][key][name]
            same = all(alike(getattr(mine, end), its[end]) for end in ("value", "low", "high"))
            wrong += not same
            print(  # noqa: T201  # what the script is for
                *(key, name, mine.value, mine.low, mine.high),
                "as reported" if same else its,
            )
    return 1 if wrong else 0


def by_criterion() -> Iterator[tuple[str, list[dict[str, str]]]]:
    groups: dict[str, list[dict[str, str]]] = {}
    with (HERE / "ratings.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            groups.setdefault(row["criterion"], []).append(row)
    yield from groups.items()


def alike(mine: float | None, its: float | None) -> bool:
    if mine is None or its is None:
        return mine is its
    return abs(mine - its) < 1e-9


if __name__ == "__main__":
    sys.exit(main())
