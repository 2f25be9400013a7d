"""An answer found in a file, before it is matched with a prompt."""

from collections.abc import Iterator
from dataclasses import dataclass

# Marks by which models end a turn; some tools leave one at the end of the text.
END_MARKS = ("<|im_end|>", "<|eot_id|>", "<|endoftext|>", "</s>")


class BadFile(ValueError):
    """A file that cannot be imported; the message names row and column, and what is allowed."""


@dataclass(frozen=True)
class Found:
    """`keys` are the ids by which its prompt may be known in the set, the likeliest first."""

    where: str
    keys: tuple[str, ...]
    text: str
    replicate: int = 1
    reasoning: str = ""
    finish_reason: str = ""


Answers = Iterator[Found]


def without_end_mark(text: str) -> str:
    """The text without an end-of-turn mark at its very end."""
    bare = text.rstrip()
    for mark in END_MARKS:
        if bare.endswith(mark):
            return bare[: -len(mark)].rstrip()
    return text


def number(text: str, *, where: str, least: int = 1, most: int = 100) -> int:
    """A whole number in a cell."""
    if text.strip().isdecimal() and least <= int(text) <= most:
        return int(text)
    raise BadFile(f"{where}: {text[:40]!r} is not a whole number from {least} to {most}.")
