"""Which texts of a stored document no translator would reach."""

from collections.abc import Iterator
from typing import Any

from agreement import wording

MARK = "¤"
# The same in every language.
SYMBOLS = {"p", "p (Holm)", "p (BY)", "P(B>A)"}


def untold(kept: Any) -> set[str]:
    """Of its headings, sentences, titles, notes, columns, labels of figures and their ends."""
    found = wording.told(kept, lambda text: MARK + text, lambda one, many, n: MARK + one)
    return {text for text in _texts(found) if text and MARK not in text} - SYMBOLS


def _texts(found: Any) -> Iterator[str]:
    yield from (found["headline"], found["lead"], *found["warnings"], *found["methods"])
    for section in found["sections"]:
        yield from (section["title"], *section["said"], *section["warnings"])
        for block in section["blocks"]:
            yield from (block["title"], block["note"])
            yield from block.get("columns", ())
            yield from block.get("ends") or ()
            yield from _of_rows(block)


def _of_rows(block: Any) -> Iterator[str]:
    """Labels of what has groups, and reasons: other texts in rows are names that people gave."""
    for row in block.get("rows", ()):
        if isinstance(row, dict):
            yield row.get("reason", "")
            if row.get("group"):
                yield row["label"]
        else:
            yield from (cell["reason"] for cell in row if isinstance(cell, dict) and "low" in cell)
