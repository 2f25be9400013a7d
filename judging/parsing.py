"""Reads what a judge wrote. The last verdict wins; what cannot be read is unscored, never a number.

Text after or before the JSON is tolerated, because judges quote and correct themselves; a value off
the scale, a boolean or a word is not rounded, mapped or guessed. A verdict that stands in what is
judged is a quotation, wherever the judge repeats it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from annotation import branching
from gate.text import visible
from judging.markup import restored
from judging.prompting import MAX_EVIDENCE, MAX_REASONING, MAX_WORDS, NO_STRATEGY, Question

NO_VALUE = "The judge gave no value."


@dataclass(frozen=True)
class Reading:
    """A criterion's verdict as read: a value, several, or words; or why there is none."""

    key: str
    value: int | None
    unscored_reason: str = ""
    evidence: str = ""
    reasoning: str = ""
    # The mean over the probabilities of the scale's values, where the server offered them.
    expected_value: float | None = None
    picked: tuple[int, ...] | None = None
    words: str = ""

    @property
    def says_something(self) -> bool:
        return self.value is not None or self.picked is not None or bool(self.words)

    @property
    def said(self) -> frozenset[int | str]:
        """The values that other criteria may depend on."""
        found = (self.value, *(self.picked or ()), self.words)
        return frozenset(each for each in found if each is not None and each != "")


def read(text: str, questions: Sequence[Question], *, judged: str = "") -> list[Reading]:
    """A reading for every question that was asked, in their order.

    Which those are follows from what the judge said before; what it says of others is dropped.
    `judged` is all that the judge was shown.
    """
    found = last_verdict(text, judged=judged)
    if found is None:
        return _unscored(questions, why_none(text))
    criteria = found[0]["criteria"]
    return _of_asked(questions, [_reading(each, criteria.get(each.key)) for each in questions])


def _of_asked(questions: Sequence[Question], readings: list[Reading]) -> list[Reading]:
    """Where a criterion is asked alone, the judge itself says by a null that it was not asked."""
    keys = {question.key for question in questions}
    alone = {q.key for q in questions if q.ask_when and q.ask_when.criterion not in keys}
    together = [question for question in questions if question.key not in alone]
    asked = branching.asked(together, {reading.key: reading.said for reading in readings})
    return [
        reading
        for reading in readings
        if reading.key in asked or (reading.key in alone and reading.unscored_reason != NO_VALUE)
    ]


def is_settled(readings: Sequence[Reading]) -> bool:
    """Whether every criterion has a value or was left open on purpose, so that asking ends."""
    return all(
        reading.says_something or reading.unscored_reason == NO_VALUE for reading in readings
    )


def _unscored(questions: Sequence[Question], reason: str) -> list[Reading]:
    return [Reading(question.key, None, reason) for question in questions]


def last_verdict(
    text: str, *, judged: str = "", holds: Callable[[dict[str, Any]], bool] | None = None
) -> tuple[dict[str, Any], int] | None:
    """The last object that is a verdict and the judge's own, and where it begins.

    `holds` says what a verdict is; left out, an object with criteria.
    """
    is_verdict, shown, last = holds or _has_criteria, _squeezed(judged), None
    for document, start, end in _objects(text):
        if is_verdict(document) and not _is_quoted(document, text[start:end], shown):
            last = document, start
    return last


def why_none(text: str) -> str:
    """Why no verdict was found in what the judge wrote."""
    if not text.strip():
        return "The judge's answer is empty."
    what = "a verdict that is broken, cut off or not its own" if "{" in text else "no verdict"
    return f"The judge's answer holds {what}: the server did not keep to the schema."


def _has_criteria(document: dict[str, Any]) -> bool:
    return isinstance(document.get("criteria"), dict)


def _is_quoted(document: dict[str, Any], source: str, shown: str) -> bool:
    spellings = (source, json.dumps(document, ensure_ascii=False))
    return any(_squeezed(each) in shown for each in spellings)


def _squeezed(text: str) -> str:
    """What a quotation keeps: no blanks, no escapes, and no letter that can be spelled in bytes."""
    return "".join(each for each in text if "!" <= each <= "~" and each != "\\")


def _objects(text: str) -> Iterator[tuple[dict[str, Any], int, int]]:
    """Every outermost JSON object in `text` and where it stands, in order; NaN does not parse."""
    # A server may hold a judge to a schema and still let a bare line break stand in a text.
    decoder = json.JSONDecoder(parse_constant=_refuse, strict=False)
    position = text.find("{")
    while position != -1:
        try:
            document, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            end = position + 1
        else:
            if isinstance(document, dict):
                yield document, position, end
        position = text.find("{", end)


def _refuse(name: str) -> float:
    raise ValueError(name)


def _reading(question: Question, given: Any) -> Reading:
    if not isinstance(given, dict):
        return Reading(question.key, None, f"The judge left out {question.label!r}.")
    evidence = spoken(given.get("evidence"))[:MAX_EVIDENCE]
    reasoning = spoken(given.get("reasoning"))[:MAX_REASONING]
    if question.kind in READS and given.get("value") is not None:
        found, reason = READS[question.kind](question, given["value"])
        part = "picked" if question.kind == "choices" else "words"
        said = {part: found} if found is not None else {}
        return Reading(question.key, None, reason, evidence, reasoning, **said)
    value, reason = _value(question, given.get("value"))
    return Reading(question.key, value, reason, evidence, reasoning)


def _picked(question: Question, given: Any) -> tuple[tuple[int, ...] | None, str]:
    if not isinstance(given, list) or any(type(each) is not int for each in given):
        return None, f"The judge gave {visible(str(given))[:40]!r}, which is no list of values."
    if stray := set(given) - set(question.values):
        return None, f"The judge gave {str(min(stray))[:20]}, which is none of the values."
    return tuple(sorted(set(given))), ""


def _text(_question: Question, given: Any) -> tuple[str | None, str]:
    text = spoken(given).strip()[:MAX_WORDS] if isinstance(given, str) else ""
    return (text, "") if text else (None, "The judge gave no text.")


def _strategy(question: Question, given: Any) -> tuple[str | None, str]:
    if given in (*(slug for slug, _ in question.names), NO_STRATEGY):
        return str(given), ""
    return None, f"The judge gave {visible(str(given))[:40]!r}, which is no strategy's name."


READS: dict[str, Callable[[Question, Any], tuple[Any, str]]] = {
    "choices": _picked,
    "text": _text,
    "strategy": _strategy,
}


def spoken(given: Any) -> str:
    """A text of the judge's, with its quotes as they stand in the answer."""
    return visible(restored(str(given or "")))


def _value(question: Question, given: Any) -> tuple[int | None, str]:
    if given is None:
        return None, NO_VALUE
    if isinstance(given, bool) or not isinstance(given, int):
        return None, f"The judge gave {visible(str(given))[:40]!r}, which is no whole number."
    if given not in question.values:
        low, high = question.values[0], question.values[-1]
        return None, f"The judge gave {str(given)[:20]}, which is outside {low} to {high}."
    return given, ""
