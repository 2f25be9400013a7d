"""Tables as CSV for spreadsheets and as LaTeX for a paper, in the language of who takes them."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from agreement.wording import _
from annotation.telling import told
from judging.reports.document import Block, as_table

_LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "–": "--",
    "“": "``",
    "”": "''",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(block: Block) -> str:
    """One row for each line; a figure with an interval takes four columns, in full precision."""
    table = as_table(block)
    written = io.StringIO()
    to = csv.writer(written, lineterminator="\n")
    wide = {i for row in table["rows"] for i, cell in enumerate(row) if _has_interval(cell)}
    to.writerow(
        told(name)
        for i, column in enumerate(table["columns"])
        for name in (_four_names(column) if i in wide else [column])
    )
    for row in table["rows"]:
        to.writerow(
            value
            for i, cell in enumerate(row)
            for value in (_four(cell) if i in wide else [_safe(_plain(cell))])
        )
    return written.getvalue()


def as_latex(block: Block) -> str:
    """A table with booktabs rules; figures have two decimals and their interval in brackets."""
    table = told(as_table(block))
    side = "".join("r" if is_of_numbers(table, i) else "l" for i in range(len(table["columns"])))
    lines = [
        r"\begin{table}",
        rf"\caption{{{_tex(table['title'])}}}",
        rf"\begin{{tabular}}{{{side}}}",
        r"\toprule",
        " & ".join(_tex(column) for column in table["columns"]) + r" \\",
        r"\midrule",
        *(" & ".join(_tex(in_words(cell)) for cell in row) + r" \\" for row in table["rows"]),
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def in_words(cell: Any) -> str:
    """A cell as a person reads it: 0.61 [0.50, 0.70], 61 %, or a dash."""
    if cell is None:
        return "–"
    if isinstance(cell, Mapping):
        return str(cell["text"]) if "text" in cell else _interval(cell)
    if isinstance(cell, float):
        return _two(cell)
    return str(cell)


def _interval(cell: Mapping[str, Any]) -> str:
    if cell["value"] is None:
        return "–"
    show = _percent if cell.get("unit") == "percent" else _two
    if cell["low"] is None:
        return show(cell["value"])
    return f"{show(cell['value'])} [{show(cell['low'])}, {show(cell['high'])}]"


def _two(value: float) -> str:
    return f"{value if abs(value) >= 0.005 else 0.0:.2f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _has_interval(cell: Any) -> bool:
    return isinstance(cell, Mapping) and "value" in cell


def _four_names(column: str) -> list[str]:
    low, high = _("{column} low", column=column), _("{column} high", column=column)
    return [column, low, high, _("why")]


def _four(cell: Any) -> list[Any]:
    if not _has_interval(cell):
        return [_safe(_plain(cell)), "", "", ""]
    return [
        *("" if cell[name] is None else cell[name] for name in ("value", "low", "high")),
        cell["reason"],
    ]


def _plain(cell: Any) -> Any:
    if isinstance(cell, Mapping):
        return cell["text"] if "text" in cell else cell["value"]
    return "" if cell is None else cell


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def is_of_numbers(table: Block, column: int) -> bool:
    """Whether the column holds figures alone, and at least one."""
    cells = [row[column] for row in table["rows"] if row[column] is not None]
    return bool(cells) and all(
        isinstance(cell, int | float) or _has_interval(cell) for cell in cells
    )


def _tex(text: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in text)
