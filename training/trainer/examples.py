"""Rows of a release as the trainers of TRL read them. Standard library alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Message = dict[str, str]
Example = dict[str, list[Message]]


class BadRow(ValueError):
    """A row that cannot be trained on; the message says which and why."""


def read(path: Path, method: str) -> Iterator[Example]:
    """Prompt and completion, or prompt, chosen and rejected, of every row."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield example(json.loads(line), method, number)


def example(row: dict[str, Any], method: str, number: int) -> Example:
    """Only the last turn is a vetted response; what was said before it is the prompt."""
    if method == "dpo":
        parts = {name: _turns(row, name, number) for name in ("prompt", "chosen", "rejected")}
        if not all(parts.values()):
            raise BadRow(f"Row {number} needs a prompt, a chosen and a rejected answer.")
        return parts
    messages = _turns(row, "messages", number)
    if len(messages) < 2 or messages[-1]["role"] != "assistant":
        raise BadRow(f"Row {number} does not end with a response to what was said before it.")
    return {"prompt": messages[:-1], "completion": messages[-1:]}


def longest(made: Example) -> list[list[Message]]:
    """The conversations whose lengths count: one, or with each of the two answers."""
    return [made["prompt"] + made[name] for name in made if name != "prompt"]


def _turns(row: dict[str, Any], name: str, number: int) -> list[Message]:
    found = row.get(name)
    if not isinstance(found, list):
        raise BadRow(f"Row {number} has no list '{name}'.")
    try:
        return [{"role": str(turn["role"]), "content": str(turn["content"])} for turn in found]
    except (TypeError, KeyError):
        raise BadRow(f"Row {number}: a turn of '{name}' has no role or no content.") from None
