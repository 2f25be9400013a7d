"""Recomputes the comparison of two runs from scores.csv and compares it with expected.json.

Needs Python 3.11, NumPy, SciPy and the folder agreement/ beside this file.
"""

import csv
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from agreement import paired, permutation, ppi  # noqa: E402  # found only after the line above

Row = tuple[str, str, float]


def main() -> int:
    expected = json.loads((HERE / "expected.json").read_text("utf-8"))
    rows = scores()
    wrong = 0
    for source, key in rows:
        its = expected["criteria"][key][source]
        for name, mine in figures(rows[source, key], expected["settings"]).items():
            wrong += tell(source, key, name, mine, its[name])
    for key, its in expected["criteria"].items():
        if its.get("both"):
            mine = both(rows.get(("people", key), []), rows.get(("judge", key), []))
            wrong += tell("both", key, "difference", mine, its["both"]["difference"])
    return 1 if wrong else 0


def scores() -> dict[tuple[str, str], list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    with (HERE / "scores.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            place = row["source"], row["criterion"]
            groups.setdefault(place, []).append((row["prompt"], row["side"], float(row["score"])))
    return groups


def figures(rows: list[Row], settings: dict[str, Any]) -> dict[str, Any]:
    pairs = paired.Pairs.by_prompt(rows, "a", "b")
    gaps = (pairs.b - pairs.a).tolist()
    return {
        "difference": paired.mean_difference(pairs),
        "superiority": paired.superiority(pairs, **settings),
        "p": permutation.sign_flip(gaps).p,
    }


def both(people: list[Row], judge: list[Row]) -> Any:
    mine, its = gaps(people), gaps(judge)
    shared = [prompt for prompt in mine if prompt in its]
    others = [gap for prompt, gap in its.items() if prompt not in mine]
    return ppi.mean([mine[p] for p in shared], [its[p] for p in shared], others)


def gaps(rows: list[Row]) -> dict[str, float]:
    names = dict.fromkeys(prompt for prompt, _side, _score in rows)
    found = {}
    for name in names:
        pairs = paired.Pairs.by_prompt([row for row in rows if row[0] == name], "a", "b")
        if pairs.n_prompts:
            found[name] = float((pairs.b - pairs.a)[0])
    return found


def tell(source: str, key: str, name: str, mine: Any, its: dict[str, Any]) -> bool:
    same = all(alike(getattr(mine, end), its[end]) for end in ("value", "low", "high"))
    print(  # noqa: T201  # what the script is for
        *(source, key, name, mine.value, mine.low, mine.high),
        "as reported" if same else its,
    )
    return not same


def alike(mine: float | None, its: float | None) -> bool:
    if mine is None or its is None:
        return mine is its
    return abs(mine - its) < 1e-9


if __name__ == "__main__":
    sys.exit(main())
