"""The bundle of a judge beside raters: only labels that may be seen beside it are in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from judging.reports.document import Block
from judging.reports.replication.parts import EMPTY, as_csv, expected, figure, scripts
from judging.reports.validation import Pair

COLUMNS = ("criterion", "level", "kind", "low", "high", "item", "prompt", "rater", "value")


def files(known: Sequence[Pair], tables: Mapping[str, Block], draws: int) -> dict[str, str]:
    """Ratings, the judge's values, what the report says of both, and the scripts."""
    ratings = [
        (*_of(pair), row.item, row.prompt, row.rater, row.value)
        for pair in known
        for row in pair.rows
        if row.item in pair.judged
    ]
    judged = [
        (pair.table.criterion.key, item, value)
        for pair in known
        for item, value in pair.judged.items()
    ]
    return {
        "ratings.csv": as_csv(COLUMNS, ratings),
        "judged.csv": as_csv(("criterion", "item", "value"), judged),
        "expected.json": expected(_expected(known, tables), draws),
        **scripts("validation"),
    }


def _of(pair: Pair) -> tuple[object, ...]:
    criterion = pair.table.criterion
    return criterion.key, pair.table.level, criterion.kind, criterion.scale[0], criterion.scale[-1]


def _expected(known: Sequence[Pair], tables: Mapping[str, Block]) -> dict[str, Any]:
    """By criterion: the test, the bias over all answers, and the judge beside the raters."""
    found: dict[str, Any] = {}
    for pair, row in zip(known, tables["replacing"]["rows"], strict=True):
        columns = tables["replacing"]["columns"]
        found[pair.table.criterion.key] = {
            "advantage": figure(tables["replacing"], row, "Judge as close or closer"),
            "winning rate": {**EMPTY, "value": row[columns.index("Raters beaten")]},
            "judge beside raters": _beside(tables["beside"], pair.label),
        }
        if bias := _bias(tables.get("biases"), pair.label):
            found[pair.table.criterion.key]["bias"] = bias
    return found


def _beside(forest: Block, label: str) -> dict[str, Any]:
    line = next(row for row in forest["rows"] if (row["group"], row["label"]) == (label, "judge"))
    return {end: line[end] for end in EMPTY}


def _bias(table: Block | None, label: str) -> dict[str, Any] | None:
    rows = table["rows"] if table else []
    row = next((row for row in rows if row[:2] == [label, "all answers"]), None)
    return figure(table, row, "Judge less people") if table and row else None
