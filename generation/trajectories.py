"""Conversations in which the model answered every turn itself. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Turns = list[dict[str, str]]


def before_last(
    messages: Sequence[Mapping[str, Any]], trajectory: Sequence[Mapping[str, Any]]
) -> Turns:
    """What the last answer is the answer to: the prompt, or the turns that were played before it.

    Of a prompt that was played, its instructions to the assistant stand first.
    """
    if not trajectory:
        return [dict(each) for each in messages]
    said = [dict(each) for each in messages[:1] if each["role"] == "system"]
    for turn in trajectory:
        said.append({"role": "user", "content": turn["said"]})
        said.append({"role": "assistant", "content": turn["text"]})
    return said[:-1]


def apart(conversations: Sequence[Turns]) -> tuple[Turns, list[Turns]]:
    """The turns with which all conversations begin, and what comes after them in each.

    Answers to one prompt share all of it; where turns were played, its beginning.
    """
    n = 0
    for turns in zip(*conversations, strict=False):
        if any(turn != turns[0] for turn in turns):
            break
        n += 1
    shared = conversations[0][:n] if conversations else []
    return shared, [each[n:] for each in conversations]
