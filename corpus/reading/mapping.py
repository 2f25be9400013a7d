"""Which of a file's columns is which of ours, and what its words mean. Pure.

Conversations come as the usual tools write them: `role`/`content`, ShareGPT's `from`/`value`, a
list of one text, a transcript, or JSON in a cell. Several texts in a list do not say whose they
are, so they are refused. A system turn belongs to a condition, not a prompt.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from corpus.reading.problems import RowProblem
from corpus.reading.values import Row

PROMPT_COLUMNS = ("prompt", "messages", "id", "expected_action", "domain", "category",
                  "language", "country")  # fmt: skip
PAIR_COLUMNS = ("prompt", "messages", "response", "id", "expected_action", "domain", "strategy",
                "category", "language", "country")  # fmt: skip
OURS = {"prompts": PROMPT_COLUMNS, "pairs": PAIR_COLUMNS}
# Where a word of theirs may stand for a word of ours, and where one may stand for every row.
WITH_MEANINGS = ("expected_action", "domain", "strategy", "language", "country")
NEEDED = ("prompt", "response")  # an empty one is said to be empty, not to be missing
FIXABLE = ("expected_action", "domain", "language", "country")
LEFT_OUT = "-"
ROLES = {
    **dict.fromkeys(("user", "human", "prompter", "person", "usr"), "user"),
    **dict.fromkeys(("assistant", "gpt", "bot", "model", "chatgpt", "ai"), "assistant"),
    **dict.fromkeys(("system", "developer"), "system"),
}
TURN = re.compile(r"(?:^|\n\n)(Human|Assistant):[ \t]*")
Turns = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Matched:
    """What a person said of a file's columns."""

    columns: Mapping[str, str] = field(default_factory=dict)  # ours -> the file's
    fixed: Mapping[str, str] = field(default_factory=dict)  # ours -> a value for every row
    meanings: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # ours -> theirs -> ours

    def __bool__(self) -> bool:
        return bool(self.columns or self.fixed)

    def apply(self, row: Row) -> Row:
        """The row under our names; columns that nobody chose are left out."""
        values: dict[str, Any] = {ours: word for ours, word in self.fixed.items() if word}
        for ours, theirs in self.columns.items():
            said = self._meant(ours, row.values.get(theirs))
            if said not in (None, "") or ours in NEEDED:
                values[ours] = "" if said is None else said
        return Row(row.number, _spoken(values))

    def _meant(self, ours: str, value: Any) -> Any:
        known = self.meanings.get(ours)
        if known and isinstance(value, str | int | float):
            meant = known.get(word_of(value)) or value
            return None if meant == LEFT_OUT else meant
        if isinstance(value, bool | float) and ours not in ("prompt", "messages", "response"):
            return word_of(value)
        return value

    def theirs(self, ours: str) -> str:
        """What the file calls one of our columns; the answer may stand in the conversation."""
        said = ("messages", "prompt") if ours in ("response", "messages", "prompt") else ()
        return next((self.columns[name] for name in (ours, *said) if name in self.columns), ours)

    def problems(self, names: Iterable[str], what: str) -> list[str]:
        """What keeps these columns from being read, in words for a person."""
        found = []
        missing = [theirs for theirs in self.columns.values() if theirs not in set(names)]
        if missing:
            found.append(
                _("The file has no column %(column)s. It has: %(columns)s.")
                % {"column": repr(missing[0]), "columns": ", ".join(names)}
            )
        unknown = [ours for ours in self.columns if ours not in OURS[what]]
        if unknown:
            listed = ", ".join(OURS[what])
            found.append(
                _("There is no column %(column)s here. Use one of: %(columns)s.")
                % {"column": repr(unknown[0]), "columns": listed}
            )
        if not {"prompt", "messages"} & set(self.columns):
            found.append(_("Say which column holds what the person wrote."))
        if what == "pairs" and not {"response", "messages"} & set(self.columns):
            found.append(_("Say which column holds the response."))
        return found


def word_of(value: Any) -> str:
    """A cell as a word that can be looked up: `1.0` and `1` are one."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _spoken(values: dict[str, Any]) -> dict[str, Any]:
    """One of prompt and messages; an answer that ends a conversation is the response."""
    said = values.get("messages", values.get("prompt"))
    turns = turns_in(said)
    if turns is None:
        return values
    column = "messages" if "messages" in values else "prompt"
    rest = {name: value for name, value in values.items() if name not in ("prompt", "messages")}
    turns = [turn for turn in turns if turn["role"] != "system"]
    if turns and turns[-1]["role"] == "assistant" and not rest.get("response"):
        rest["response"] = turns.pop()["content"]
    if not turns:
        raise RowProblem(column, "The conversation has no turn of the person.")
    answer = turns_in(rest.get("response"))
    if answer:
        rest["response"] = answer[-1]["content"]
    return {**rest, "messages": turns}


def turns_in(value: Any) -> Turns | None:
    """The turns of a conversation however it is written; None for what is a plain text."""
    if isinstance(value, str):
        return _turns_in_text(value)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list) or not value:
        return None
    if isinstance(value[0], str) and len(value) == 1:
        return [{"role": "user", "content": value[0]}]
    found = [_turn(each) for each in value]
    return None if None in found else [turn for turn in found if turn]


def _turn(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    role, content = value.get("role", value.get("from")), value.get("content", value.get("value"))
    if not isinstance(role, str) or content is None:
        return None
    return {"role": ROLES.get(role.strip().lower(), role), "content": content}


def _turns_in_text(text: str) -> Turns | None:
    start = text.lstrip()
    if start.startswith(("[{", "[ {", '["')):
        try:
            value = json.loads(start)
        except (ValueError, RecursionError):
            return None
        return turns_in(value) if isinstance(value, list) else None
    parts = TURN.split(text)
    if len(parts) < 5 or parts[0].strip() or not TURN.match(text):
        return None
    return [
        {"role": ROLES[who.lower()], "content": said.strip()}
        for who, said in zip(parts[1::2], parts[2::2], strict=True)
    ]
