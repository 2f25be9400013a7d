"""Shows the blocks of a report: cells in words, any block as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from annotation.telling import told
from judging.reports import document, drawing, written

register = template.Library()
LONG = 24


@register.filter
def at(found: Mapping[Any, Any] | Sequence[Any], key: Any) -> Any:
    """What stands there, or nothing."""
    if isinstance(found, Mapping):
        return found.get(key)
    return found[key] if 0 <= key < len(found) else None


@register.filter
def shown(cell: Any) -> str:
    """A cell as a person reads it."""
    return written.in_words(cell)


@register.filter
def as_table(block: document.Block) -> document.Block:
    """Any block as a table; a matrix keeps its shades. `sides` says which columns hold numbers."""
    table: document.Block = told(document.as_table(block))
    sides = [written.is_of_numbers(table, place) for place in range(len(table["columns"]))]
    return table | {"shades": block.get("shades"), "sides": sides}


@register.filter
def shade(shades: Sequence[Sequence[float | None]], row: int) -> list[str]:
    """The classes of a row of a matrix, from light to dark; the first column holds its name."""
    return ["", *(f"cell-{min(3, int(4 * max(0.0, value or 0.0)))}" for value in shades[row])]


@register.filter
def is_long(cell: Any) -> bool:
    """Whether the cell is a text that needs room to be read."""
    return isinstance(cell, str) and len(cell) > LONG


@register.filter
def kinds(block: document.Block) -> list[str]:
    """What a block can be taken away as."""
    drawn = ["pdf", "png", "svg"] if block["kind"] in drawing.DRAWN else []
    return [*drawn, "csv", "tex"]
