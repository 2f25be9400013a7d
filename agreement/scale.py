"""The scale that raters used: its levels in order, and the number that stands for each.

A declared scale keeps its levels even if nobody used them, because kappa and AC2 depend on them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = get_args(Level)
Value = str | float | int


class ScaleError(ValueError):
    """A value or a scale that the level of measurement does not allow."""


def number_of(value: Value) -> float | None:
    """The finite number that `value` spells, or None where it spells none ("nan" is none)."""
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def is_missing(value: Value | None) -> bool:
    """True for None, blank text and the float NaN."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    return math.isnan(value)


@dataclass(frozen=True)
class Scale:
    """Levels in ascending order. `values` are the numbers themselves, or 1, 2, 3 … for labels."""

    labels: tuple[str, ...]
    values: tuple[float, ...]
    is_numeric: bool
    is_declared: bool

    @classmethod
    def build(
        cls, level: Level, seen: Iterable[Value], declared: Sequence[Value] | None = None
    ) -> Scale:
        """The declared scale, or the sorted values seen. Labels need a declared order if ordinal.

        Raises ScaleError where the level does not allow such a scale.
        """
        levels = list(declared) if declared else _distinct(seen)
        numbers = [number_of(value) for value in levels]
        if any(number is None for number in numbers):
            scale = cls._of_labels(levels, declared=bool(declared))
        else:
            values = tuple(sorted({number for number in numbers if number is not None}))
            scale = cls(tuple(map(_spell, values)), values, True, bool(declared))
        scale.check(level)
        return scale

    @classmethod
    def _of_labels(cls, levels: Sequence[Value], *, declared: bool) -> Scale:
        texts = [str(value).strip() for value in levels]
        labels = tuple(dict.fromkeys(texts if declared else sorted(texts)))
        return cls(
            labels, tuple(float(code) for code in range(1, len(labels) + 1)), False, declared
        )

    def check(self, level: Level) -> None:
        """Raise ScaleError unless `level` can be measured on this scale."""
        if level in ("interval", "ratio") and not self.is_numeric:
            wrong = next(label for label in self.labels if number_of(label) is None)
            raise ScaleError(f"{wrong!r} is not a number, which the level {level} needs.")
        if level == "ordinal" and not (self.is_numeric or self.is_declared):
            wrong = next(label for label in self.labels if number_of(label) is None)
            raise ScaleError(
                f"{wrong!r} is not a number, and the order of the levels is not known. "
                "Name them from lowest to highest, such as low,medium,high."
            )
        if level == "ratio" and self.values and self.values[0] < 0:
            raise ScaleError(
                f"{self.labels[0]} is below zero, which the level ratio does not allow."
            )

    @property
    def allowed(self) -> str:
        """The levels as people read them."""
        return ", ".join(self.labels)

    def coder(self) -> dict[Value, float]:
        """A table from value to number, to be filled by `code` as spellings are met."""
        if self.is_numeric:
            return {}
        return dict(zip(self.labels, self.values, strict=True))

    def code(self, value: Value) -> float:
        """The number that stands for `value`. Raises ScaleError when it is not on the scale."""
        if self.is_numeric:
            number = number_of(value)
            if number is not None and (not self.is_declared or number in self.values):
                return number
        elif str(value).strip() in self.labels:
            return self.values[self.labels.index(str(value).strip())]
        raise ScaleError(f"{str(value)!r} is not on the scale. Use one of: {self.allowed}.")


def _distinct(seen: Iterable[Value]) -> list[Value]:
    return list(dict.fromkeys(seen))


def _spell(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)
