"""A rubric as a rating page, the REST answer and the checks read it: plain values, no queries."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

ANSWER, PROMPT = "answer", "prompt"
WITHOUT_SCALE = ("text", "strategy")


@dataclass(frozen=True)
class Point:
    """A value of a scale with what it means."""

    value: int
    label: str
    anchor: str = ""
    example: str = ""
    severity: str = ""  # for curators: raters are not shown it


@dataclass(frozen=True)
class When:
    """A criterion is asked only after one of these values of an earlier one."""

    criterion: str
    values: tuple[int | str, ...]


@dataclass(frozen=True)
class Asked:
    """A criterion as it is asked of each answer, or once of the prompt."""

    id: str
    key: str
    label: str
    question: str
    hint: str
    kind: str
    scale: tuple[int, ...]
    asks_rationale: bool = False
    points: tuple[Point, ...] = ()
    about: str = ANSWER
    ask_when: When | None = None

    @property
    def is_words(self) -> bool:
        """The points are chosen by their words, not by their numbers."""
        return self.kind != "scale"

    @cached_property
    def choices(self) -> tuple[Point, ...]:
        """A point for every value, in the order shown: yes before no, else ascending."""
        named = {point.value: point for point in self.points}
        values = reversed(self.scale) if self.kind == "yes_no" else self.scale
        return tuple(named.get(value) or Point(value, str(value)) for value in values)


@dataclass(frozen=True)
class Sheet:
    """A version of a rubric, whole."""

    digest: str
    title: str
    intro: str
    criteria: tuple[Asked, ...]

    @cached_property
    def by_key(self) -> dict[str, Asked]:
        return {asked.key: asked for asked in self.criteria}

    @cached_property
    def of_prompt(self) -> tuple[Asked, ...]:
        """What is asked once, before any answer is rated."""
        return tuple(asked for asked in self.criteria if asked.about == PROMPT)

    @cached_property
    def of_answers(self) -> tuple[Asked, ...]:
        return tuple(asked for asked in self.criteria if asked.about == ANSWER)

    @property
    def asks_strategy(self) -> bool:
        return any(asked.kind == "strategy" for asked in self.criteria)

    @cached_property
    def as_json(self) -> list[dict[str, Any]]:
        """The criteria in the REST shape. Carries keys, never database ids, and no severity."""
        return [_as_json(asked) for asked in self.criteria]


def _as_json(asked: Asked) -> dict[str, Any]:
    return {
        "key": asked.key,
        "label": asked.label,
        "question": asked.question,
        "hint": asked.hint,
        "kind": asked.kind,
        "about": asked.about,
        "ask_when": when_as_json(asked.ask_when),
        "scale": list(asked.scale),
        "asks_rationale": asked.asks_rationale,
        "points": [
            {
                "value": point.value,
                "label": point.label,
                "anchor": point.anchor,
                "example": point.example,
            }
            for point in asked.points
        ],
    }


def when_as_json(when: When | None) -> dict[str, Any] | None:
    return {"criterion": when.criterion, "values": list(when.values)} if when else None
