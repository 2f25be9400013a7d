"""An answer found in a file, before it is matched with a prompt."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from corpus.reading import Problems, Row, RowProblem, text

# Marks by which models end a turn; some tools leave one at the end of the text.
END_MARKS = ("<|im_end|>", "<|eot_id|>", "<|endoftext|>", "</s>")
MAX_ANSWER = 100_000


@dataclass(frozen=True)
class Found:
    """`keys` are the ids by which its prompt may be known in the set, the likeliest first."""

    row: int
    keys: tuple[str, ...]
    text: str
    replicate: int = 1
    reasoning: str = ""
    finish_reason: str = ""


Read = Callable[[BinaryIO, Problems], Iterator[Found]]


def answer(row: Row, column: str) -> str:
    """An answer may be empty: that too is something that a model said."""
    return without_end_mark(text(row, column, limit=MAX_ANSWER, default=""))


def without_end_mark(said: str) -> str:
    """The text without an end-of-turn mark at its very end."""
    bare = said.rstrip()
    for mark in END_MARKS:
        if bare.endswith(mark):
            return bare[: -len(mark)].rstrip()
    return said


def whole_number(row: Row, column: str, *, default: int, most: int) -> int:
    """A number from 1 to `most`."""
    given = text(row, column, limit=20, default=str(default)).strip()
    if given.isdecimal() and 1 <= int(given) <= most:
        return int(given)
    raise RowProblem(column, f"{given!r} is not a whole number from 1 to {most}.")
