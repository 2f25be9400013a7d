"""A rubric as a rating page, the REST answer and the checks read it: plain values, no queries."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Point:
    """A value of a scale with what it means."""

    value: int
    label: str
    anchor: str = ""
    example: str = ""


@dataclass(frozen=True)
class Asked:
    """A criterion as it is asked of each answer."""

    id: str
    key: str
    label: str
    question: str
    hint: str
    kind: str
    scale: tuple[int, ...]
    asks_rationale: bool = False
    points: tuple[Point, ...] = ()

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
    def as_json(self) -> list[dict[str, Any]]:
        """The criteria in the REST shape. Carries keys, never database ids."""
        return [
            {
                "key": asked.key,
                "label": asked.label,
                "question": asked.question,
                "hint": asked.hint,
                "kind": asked.kind,
                "scale": list(asked.scale),
                "asks_rationale": asked.asks_rationale,
                "points": [vars(point) for point in asked.points],
            }
            for asked in self.criteria
        ]
