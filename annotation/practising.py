"""How what a rater said in practice compares with what was expected. No database.

Criteria with a single value can be expected: yes or no, a scale, one of several. Others are asked
in practice as they are in the study, and nobody is told that they were wrong.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotation.fitting import OUTSIDE, Given
from annotation.sheets import ANSWER, Asked, Sheet

Expected = Sequence[Mapping[str, int]]
WITH_VALUE = ("yes_no", "scale", "choice")


@dataclass(frozen=True)
class Outcome:
    """A value that was expected, and the one that was given."""

    slot: str
    label: str
    expected: str
    anchor: str
    said: str  # empty: the criterion was not asked after what was said before
    is_right: bool


def can_be_expected(asked: Asked) -> bool:
    return asked.kind in WITH_VALUE and asked.about == ANSWER


def outcomes(
    sheet: Sheet, expected: Expected, slots: Sequence[str], given: Sequence[Given]
) -> list[Outcome]:
    """One for each expected value, by answer and in the rubric's order.

    What was "outside my competence" is never wrong and is left out.
    """
    said = {(each.slot, each.criterion): each for each in given}
    return [
        _outcome(slot, asked, wanted[asked.key], said.get((slot, asked.key)))
        for slot, wanted in zip(slots, expected, strict=False)
        for asked in sheet.of_answers
        if asked.key in wanted and not _is_outside(said.get((slot, asked.key)))
    ]


def _is_outside(given: Given | None) -> bool:
    return given is not None and given.answer == OUTSIDE


def _outcome(slot: str, asked: Asked, wanted: int, given: Given | None) -> Outcome:
    points = {point.value: point for point in asked.choices}
    value = given.value if given else None
    return Outcome(
        slot=slot,
        label=asked.label,
        expected=_named(asked, wanted),
        anchor=points[wanted].anchor if wanted in points else "",
        said="" if value is None else _named(asked, value),
        is_right=value == wanted,
    )


def _named(asked: Asked, value: int) -> str:
    point = next(point for point in asked.choices if point.value == value)
    is_bare = point.label == str(value)
    return point.label if asked.is_words or is_bare else f"{value}: {point.label}"


def problems(sheet: Sheet, expected: Expected, n_texts: int) -> Iterator[str]:
    """What of the expected values no rater could ever give."""
    if len(expected) != n_texts:
        yield f"There are {n_texts} answers and expected values for {len(expected)}."
    if not any(expected):
        yield "No value is expected. Choose at least one."
    for number, wanted in enumerate(expected, start=1):
        for key, value in wanted.items():
            asked = sheet.by_key.get(key)
            if asked is None or not can_be_expected(asked) or value not in asked.scale:
                yield f"Answer {number}: {value!r} is no value of '{key}'."


def is_enough(n_right: int, n_asked: int, percent: int | None) -> bool:
    """Whether the practice round opens the study; without a gate, going through it does."""
    return percent is None or n_right * 100 >= percent * n_asked
