"""Recomputes a judge beside its raters from ratings.csv and judged.csv, and compares it with
expected.json.

Needs Python 3.11, NumPy, SciPy and the folder agreement/ beside this file.
"""

import csv
import json
import sys
from collections import Counter
from pathlib import Path
from statistics import fmean
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import numpy as np  # noqa: E402  # found only after the line above

from agreement import alt_test, bootstrap, clustered  # noqa: E402
from agreement.ratings import Ratings  # noqa: E402

Row = dict[str, str]


def main() -> int:
    expected = json.loads((HERE / "expected.json").read_text("utf-8"))
    judged = judged_values()
    wrong = 0
    for key, rows in by_criterion().items():
        found = figures(rows, judged[key], expected["settings"])
        for name, its in expected["criteria"][key].items():
            wrong += tell(key, name, found[name], its)
    return 1 if wrong else 0


def by_criterion() -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    with (HERE / "ratings.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            groups.setdefault(row["criterion"], []).append(row)
    return groups


def judged_values() -> dict[str, dict[str, float]]:
    values: dict[str, dict[str, float]] = {}
    with (HERE / "judged.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values.setdefault(row["criterion"], {})[row["item"]] = float(row["value"])
    return values


def figures(rows: list[Row], judged: dict[str, float], settings: dict[str, Any]) -> dict[str, Any]:
    scale = list(range(int(rows[0]["low"]), int(rows[0]["high"]) + 1))
    given = [(row["item"], row["rater"], int(row["value"])) for row in rows]
    human = Ratings.from_rows(given, "interval", scale)
    judge = np.array([judged[item] for item in human.items])
    is_scale = rows[0]["level"] == "ordinal"
    test = alt_test.run(
        *(human.matrix, judge), measure="distance" if is_scale else "match", **settings
    )
    return {
        "advantage": test.advantage,
        "winning rate": test.winning_rate,
        "judge beside raters": beside(rows, judged, scale, settings),
        "bias": bias(rows, judged),
    }


def beside(
    rows: list[Row], judged: dict[str, float], scale: list[int], settings: dict[str, Any]
) -> Any:
    """Alpha with the raters' mean on scales, with their majority otherwise."""
    is_scale = rows[0]["level"] == "ordinal"
    level: Any = "interval" if is_scale else "nominal"
    together = {item: fmean(values) for item, values in by_item(rows).items()}
    if not is_scale:
        together = majorities(by_item(rows))
    given = [(item, "raters", value) for item, value in together.items()]
    given += [(item, "judge", judged[item]) for item in together]
    levels = None if is_scale else [float(value) for value in scale]
    return bootstrap.alpha_interval(Ratings.from_rows(given, level, levels), level, **settings)


def majorities(values: dict[str, list[int]]) -> dict[str, float]:
    """A tie has no majority."""
    found = {}
    for item, given in values.items():
        most = Counter(given).most_common(2)
        if len(most) == 1 or most[0][1] > most[1][1]:
            found[item] = float(most[0][0])
    return found


def bias(rows: list[Row], judged: dict[str, float]) -> Any:
    """The judge less the mean of people; the prompt is the cluster."""
    prompts = {row["item"]: row["prompt"] for row in rows}
    gaps = {item: judged[item] - fmean(values) for item, values in by_item(rows).items()}
    values = np.array(list(gaps.values()))
    return clustered.mean(values, clustered.codes([prompts[item] for item in gaps]))


def by_item(rows: list[Row]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row["item"], []).append(int(row["value"]))
    return found


def tell(key: str, name: str, mine: Any, its: dict[str, Any]) -> bool:
    same = all(alike(getattr(mine, end), its[end]) for end in ("value", "low", "high"))
    print(  # noqa: T201  # what the script is for
        *(key, name, mine.value, mine.low, mine.high),
        "as reported" if same else its,
    )
    return not same


def alike(mine: float | None, its: float | None) -> bool:
    if mine is None or its is None:
        return mine is its
    return abs(mine - its) < 1e-9


if __name__ == "__main__":
    sys.exit(main())
