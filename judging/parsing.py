"""Reads what a judge wrote. The last verdict wins; what cannot be read is unscored, never a number.

Text after or before the JSON is tolerated, because judges quote and correct themselves; a value off
the scale, a boolean or a word is not rounded, mapped or guessed.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gate.text import visible
from judging.prompting import MAX_EVIDENCE, MAX_REASONING, Question

NO_VALUE = "The judge gave no value."


@dataclass(frozen=True)
class Reading:
    """A criterion's verdict as read: a value, or the reason why there is none."""

    key: str
    value: int | None
    unscored_reason: str = ""
    evidence: str = ""
    reasoning: str = ""


def read(text: str, questions: Sequence[Question]) -> list[Reading]:
    """One reading for every question, in their order."""
    found = _last_verdict(text)
    if found is None:
        return _unscored(questions, "The judge's answer holds no verdict.")
    criteria = found["criteria"]
    return [_reading(question, criteria.get(question.key)) for question in questions]


def is_settled(readings: Sequence[Reading]) -> bool:
    """Whether every criterion has a value or was left open on purpose, so that asking ends."""
    return all(
        reading.value is not None or reading.unscored_reason == NO_VALUE for reading in readings
    )


def _unscored(questions: Sequence[Question], reason: str) -> list[Reading]:
    return [Reading(question.key, None, reason) for question in questions]


def _last_verdict(text: str) -> dict[str, Any] | None:
    last = None
    for document in _objects(text):
        if isinstance(document.get("criteria"), dict):
            last = document
    return last


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Every outermost JSON object in `text`, in order; NaN and duplicate nonsense do not parse."""
    decoder = json.JSONDecoder(parse_constant=_refuse)
    position = text.find("{")
    while position != -1:
        try:
            document, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            end = position + 1
        else:
            if isinstance(document, dict):
                yield document
        position = text.find("{", end)


def _refuse(name: str) -> float:
    raise ValueError(name)


def _reading(question: Question, given: Any) -> Reading:
    if not isinstance(given, dict):
        return Reading(question.key, None, f"The judge left out {question.label!r}.")
    evidence = visible(str(given.get("evidence") or ""))[:MAX_EVIDENCE]
    reasoning = visible(str(given.get("reasoning") or ""))[:MAX_REASONING]
    value, reason = _value(question, given.get("value"))
    return Reading(question.key, value, reason, evidence, reasoning)


def _value(question: Question, given: Any) -> tuple[int | None, str]:
    if given is None:
        return None, NO_VALUE
    if isinstance(given, bool) or not isinstance(given, int):
        return None, f"The judge gave {visible(str(given))[:40]!r}, which is no whole number."
    if given not in question.values:
        low, high = question.values[0], question.values[-1]
        return None, f"The judge gave {str(given)[:20]}, which is outside {low} to {high}."
    return given, ""
