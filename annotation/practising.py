"""How what a rater said in practice compares with what was expected. No database.

Every criterion but a free text can be expected. What is about the prompt is expected once, beside
the values of the first answer. Where nothing is expected nobody is told that they were wrong.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from annotation.fitting import NONE, OUTSIDE, Given
from annotation.sheets import PROMPT, Asked, Sheet

# One value, several (all of them, and no other), or the short name of a strategy.
Wanted = int | str | Sequence[int]
Expected = Sequence[Mapping[str, Wanted]]


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
    return asked.kind != "text"


def outcomes(
    sheet: Sheet,
    expected: Expected,
    slots: Sequence[str],
    given: Sequence[Given],
    *,
    names: Mapping[str, str] | None = None,
) -> list[Outcome]:
    """One for each expected value: of the prompt, then by answer, in the rubric's order.

    What was "outside my competence" is never wrong and is left out. `names` are the strategies',
    by short name.
    """
    said = {(each.slot, each.criterion): each for each in given}
    about_prompt = expected[0] if expected else {}
    wanted = [(PROMPT, asked, about_prompt) for asked in sheet.of_prompt] + [
        (slot, asked, values)
        for slot, values in zip(slots, expected, strict=False)
        for asked in sheet.of_answers
    ]
    return [
        _outcome(slot, asked, values[asked.key], said.get((slot, asked.key)), names or {})
        for slot, asked, values in wanted
        if asked.key in values and not _is_outside(said.get((slot, asked.key)))
    ]


def _is_outside(given: Given | None) -> bool:
    return given is not None and given.answer == OUTSIDE


def _outcome(
    slot: str, asked: Asked, wanted: Wanted, given: Given | None, names: Mapping[str, str]
) -> Outcome:
    said = None if given is None else _said(asked, given)
    anchors = {point.value: point.anchor for point in asked.choices}
    return Outcome(
        slot="" if slot == PROMPT else slot,
        label=asked.label,
        expected=_named(asked, wanted, names),
        anchor=anchors.get(wanted, "") if isinstance(wanted, int) else "",
        said="" if said is None else _named(asked, said, names),
        is_right=said is not None and _same(said, wanted),
    )


def _said(asked: Asked, given: Given) -> Wanted | None:
    if asked.kind == "choices":
        return given.picked
    return (given.words or None) if asked.kind == "strategy" else given.value


def _same(said: Wanted, wanted: Wanted) -> bool:
    if isinstance(said, int | str) or isinstance(wanted, int | str):
        return said == wanted
    return set(said) == set(wanted)


def _named(asked: Asked, value: Wanted, names: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return gettext("None that I know") if value == NONE else names.get(value, value)
    if not isinstance(value, int):
        return ", ".join(_point(asked, each) for each in sorted(value)) or gettext("None of these")
    return _point(asked, value)


def _point(asked: Asked, value: int) -> str:
    point = next(point for point in asked.choices if point.value == value)
    is_bare = point.label == str(value)
    return point.label if asked.is_words or is_bare else f"{value}: {point.label}"


def problems(
    sheet: Sheet, expected: Expected, n_texts: int, strategies: Collection[str] = ()
) -> Iterator[str]:
    """What of the expected values no rater could ever give."""
    if len(expected) != n_texts:
        yield gettext("There are %(n)s answers and expected values for %(m)s.") % {
            "n": n_texts,
            "m": len(expected),
        }
    if not any(expected):
        yield gettext("No value is expected. Choose at least one.")
    for number, wanted in enumerate(expected, start=1):
        for key, value in wanted.items():
            asked = sheet.by_key.get(key)
            if asked is None or not _can_be_said(asked, value, number, strategies):
                yield gettext("Answer %(number)s: %(value)s is no value of '%(key)s'.") % {
                    "number": number,
                    "value": repr(value)[:60],
                    "key": key,
                }


def _can_be_said(asked: Asked, value: object, number: int, strategies: Collection[str]) -> bool:
    if not can_be_expected(asked) or (asked.about == PROMPT and number > 1):
        return False
    if asked.kind == "strategy":
        return isinstance(value, str) and value in (*strategies, NONE)
    if asked.kind == "choices":
        return isinstance(value, list | tuple) and all(_is_point(asked, each) for each in value)
    return _is_point(asked, value)


def _is_point(asked: Asked, value: object) -> bool:
    return type(value) is int and value in asked.scale


def is_enough(n_right: int, n_asked: int, percent: int | None) -> bool:
    """Whether the practice round opens the study; without a gate, going through it does."""
    return percent is None or n_right * 100 >= percent * n_asked
