"""One row, and what its columns hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.reading.problems import RowProblem
from gate.text import BadText, accept


@dataclass(frozen=True)
class Row:
    """A row's number and its values by column: text in CSV, any JSON value elsewhere."""

    number: int
    values: dict[str, Any]


def check_names(row: Row, required: Sequence[str], optional: Sequence[str] | None) -> None:
    """Every needed value is there, and no unknown one; `optional=None` lets any name pass."""
    for name in required:
        if name not in row.values:
            raise RowProblem(name, f"The value is missing. Needed: {', '.join(required)}.")
    if optional is None:
        return
    known = [*required, *optional]
    for name in row.values:
        if name not in known:
            raise RowProblem(name[:60], f"The name is not known. Names here: {', '.join(known)}.")


def text(row: Row, column: str, *, limit: int, default: str | None = None) -> str:
    """The text in a column; numbers are read as text. Without a default it may not be empty."""
    value = row.values.get(column)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise RowProblem(column, "There must be text.")
    if not value or (default is None and not value.strip()):
        if default is None:
            raise RowProblem(column, "There is no text.")
        return default
    try:
        return accept(value, where="The text", limit=limit)
    except BadText as error:
        raise RowProblem(column, str(error)) from None


def choice(
    row: Row, column: str, meanings: Mapping[str, str], *, default: str | None = None
) -> str:
    """What the word in a column means. Case does not matter; an unknown word is refused."""
    word = text(row, column, limit=1000, default=default).strip()
    if default is not None and word == default:
        return default
    if word.lower() not in meanings:
        listed = ", ".join(meanings)
        raise RowProblem(column, f"{word[:60]!r} is not known. Use one of: {listed}.")
    return meanings[word.lower()]
