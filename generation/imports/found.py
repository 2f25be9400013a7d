"""An answer found in a file, before it is matched with a prompt."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from corpus import conversation
from corpus.conversation import ASSISTANT, USER, Message
from corpus.reading import Problems, Row, RowProblem, text

# Marks by which models end a turn; some tools leave one at the end of the text.
END_MARKS = ("<|im_end|>", "<|eot_id|>", "<|endoftext|>", "</s>")
MAX_ANSWER = 100_000
MAX_REPLICATES = 100
NEXT = 0  # in place of a replicate's number: the next one that is free


@dataclass(frozen=True, kw_only=True)
class Found:
    """An answer, and by what its prompt may be known.

    `keys` are ids, the likeliest first; `asked` are conversations of which one may be the prompt.
    """

    row: int
    keys: tuple[str, ...] = ()
    asked: tuple[list[Message], ...] = ()
    text: str
    replicate: int = 1
    reasoning: str = ""
    finish_reason: str = ""
    # All answers of a conversation that was played turn by turn; `text` is the last of them.
    turns: tuple[str, ...] = ()
    # Names by which the file calls whoever answered, the most exact one last.
    by: tuple[str, ...] = ()
    n_prompt_tokens: int | None = None
    n_completion_tokens: int | None = None
    latency_s: float | None = None
    told: Mapping[str, Any] = field(default_factory=dict)  # for the provenance
    replaces: bool = False  # a later row takes the place of an earlier one
    is_place: bool = False  # the key only counts rows of somebody's data: the words must agree


@dataclass(frozen=True)
class Passed:
    """A row without an answer, and why."""

    row: int
    reason: str


Read = Callable[[BinaryIO, Problems], Iterator[Found | Passed]]


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
    raise RowProblem(
        column,
        _("%(given)s is not a whole number from 1 to %(most)s.")
        % {"given": repr(given), "most": most},
    )


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def key(value: Any) -> str:
    """An id as text, or ""."""
    is_id = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value).strip()[:120] if is_id else ""


def count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return value if is_count else None


def seconds(value: Any, *, per: float = 1.0) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return round(value / per, 4) if is_number and 0 <= value < 1e9 else None


def is_setting(value: Any) -> bool:
    """A number, or yes or no, that every database keeps: JSON's 1e999 is none."""
    return isinstance(value, int | float) and math.isfinite(value)


def spoken(value: Any) -> list[Message]:
    """Turns of a person and an assistant as tools write them; instructions to the model are not."""
    turns = [mapping(each) for each in value] if isinstance(value, list) else []
    return [
        {"role": str(turn["role"]), "content": said(turn.get("content"))}
        for turn in turns
        if turn.get("role") in (USER, ASSISTANT)
    ]


def said(content: Any) -> str:
    """The text of a message, which is a string or a list of parts."""
    if not isinstance(content, list):
        return words(content)
    parts = [mapping(part) for part in content]
    return "".join(words(part.get("text")) for part in parts if part.get("type") == "text")


def sent_as(sent: str) -> list[Message]:
    """What a model was sent: turns, where a tool wrote them as JSON, else one turn."""
    if sent.lstrip().startswith("["):
        try:
            turns = spoken(json.loads(sent))
        except (ValueError, RecursionError):
            turns = []
        if turns:
            return turns
    return conversation.single(sent)
