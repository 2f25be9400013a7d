"""What a report says, as plain data: sentences, tables, and figures with numbers behind them. Pure.

Pages, spreadsheets, LaTeX and drawings are all made from this, so no two of them can differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agreement.estimate import Estimate
from agreement.wording import _

Block = dict[str, Any]
Section = dict[str, Any]
Document = dict[str, Any]
# Raised when the shape changes: stored reports of an older shape are out of date.
SHAPE = 2
PEOPLE, JUDGE, BOTH = "people", "judge", "both"
# xgettext:no-python-format
FIGURE = _("Figure [95 % interval]")


def cell(found: Estimate | None) -> dict[str, Any] | None:
    """A figure with its interval, or with the reason why there is none."""
    if found is None:
        return None
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "reason": found.reason or found.interval_reason or "",
    }


def percent(found: Estimate | None) -> dict[str, Any] | None:
    """A share, to be read as a percentage."""
    made = cell(found)
    return made and {**made, "unit": "percent"}


def link(text: str, href: str) -> dict[str, str]:
    return {"text": text, "href": href}


def table(
    key: str, title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], note: str = ""
) -> Block:
    """Rows of cells: a text, a number, `cell(...)`, `link(...)` or None."""
    return {
        "kind": "table",
        "key": key,
        "title": title,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "note": note,
    }


def mark(label: str, found: Estimate, *, of: str = PEOPLE, group: str = "") -> dict[str, Any]:
    """A line of a forest: a dot with whiskers. Lines of one group stand together."""
    return {"label": label, "group": group, "mark": of, **(cell(found) or {})}


def forest(
    key: str,
    title: str,
    marks: Iterable[Mapping[str, Any]],
    *,
    axis: tuple[float, float] | None = (0.0, 1.0),
    zero: float | None = None,
    ends: tuple[str, str] | None = None,
    note: str = "",
) -> Block:
    """Dots with whiskers on one axis; without `axis` it is as long as the intervals need."""
    return {
        "kind": "forest",
        "key": key,
        "title": title,
        "axis": list(axis) if axis else None,
        "zero": zero,
        "ends": list(ends) if ends else None,
        "rows": [dict(each) for each in marks],
        "note": note,
    }


def bars(
    key: str, title: str, levels: Sequence[str], counts: Mapping[str, Sequence[int]], note: str = ""
) -> Block:
    """How often each level was given, a bar for each label."""
    rows = [{"label": label, "counts": list(many)} for label, many in counts.items()]
    return {
        "kind": "bars",
        "key": key,
        "title": title,
        "levels": list(levels),
        "rows": rows,
        "note": note,
    }


def matrix(
    key: str,
    title: str,
    labels: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    shades: Sequence[Sequence[float | None]] | None = None,
    note: str = "",
) -> Block:
    """Numbers by two lists of the same labels; `shades` from 0 to 1 say how dark each cell is."""
    return {
        "kind": "matrix",
        "key": key,
        "title": title,
        "labels": list(labels),
        "values": [list(row) for row in values],
        "shades": [list(row) for row in (shades if shades is not None else values)],
        "note": note,
    }


def section(
    key: str,
    title: str,
    blocks: Iterable[Block],
    *,
    said: Iterable[str] = (),
    warnings: Iterable[str] = (),
) -> Section:
    """Sentences first, then the figures and tables."""
    return {
        "key": key,
        "title": title,
        "said": [each for each in said if each],
        "warnings": list(warnings),
        "blocks": list(blocks),
    }


def document(
    *,
    headline: str,
    lead: str,
    sections: Iterable[Section],
    methods: Sequence[str],
    warnings: Iterable[str] = (),
) -> Document:
    """The whole report. Sections without a figure, a table and a word are left out."""
    kept = [each for each in sections if each["blocks"] or each["said"] or each["warnings"]]
    return {
        "shape": SHAPE,
        "headline": headline,
        "lead": lead,
        "warnings": list(warnings),
        "sections": kept,
        "methods": list(methods),
    }


def blocks(found: Document) -> dict[str, Block]:
    """Every figure and table by its key."""
    return {block["key"]: block for each in found["sections"] for block in each["blocks"]}


def as_table(block: Block) -> Block:
    """Any block as a table: the numbers behind a drawing. Columns of its own are yet to be told."""
    make = {"forest": _forest_table, "bars": _bars_table, "matrix": _matrix_table}
    return make[block["kind"]](block) if block["kind"] in make else block


def _forest_table(block: Block) -> Block:
    grouped = any(row["group"] for row in block["rows"])
    rows = [
        [*([row["group"]] if grouped else []), row["label"], _numbers(row)] for row in block["rows"]
    ]
    columns = [*([_("Criterion")] if grouped else []), _("What"), FIGURE]
    return table(block["key"], block["title"], columns, rows, block["note"])


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("value", "low", "high", "reason")}


def _bars_table(block: Block) -> Block:
    rows = [[row["label"], *row["counts"]] for row in block["rows"]]
    return table(block["key"], block["title"], ["", *block["levels"]], rows, block["note"])


def _matrix_table(block: Block) -> Block:
    rows = [[name, *row] for name, row in zip(block["labels"], block["values"], strict=True)]
    return table(block["key"], block["title"], ["", *block["labels"]], rows, block["note"])
