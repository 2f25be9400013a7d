"""The rating page as its template reads it, and its form as the rules read it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from annotation import fitting
from annotation.answers import CANNOT_JUDGE, OUTSIDE, PROMPT, WITHOUT_VALUE, Errors, field
from annotation.fitting import NONE
from annotation.sheets import Asked, Point, Sheet

Posted = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Option:
    """A point that can be chosen."""

    value: str
    label: str
    anchor: str
    is_chosen: bool


@dataclass(frozen=True)
class Cell:
    """A criterion asked of one answer, or of the prompt (whose slot is "prompt")."""

    name: str
    slot: str
    options: tuple[Option, ...]
    cannot_judge: bool
    outside: bool
    rationale: str
    errors: Sequence[str]
    none_of_these: bool = False
    words: str = ""
    ask_when: str = ""  # "A.refused=1|2", as the script reads it

    @property
    def is_about_prompt(self) -> bool:
        return self.slot == PROMPT


@dataclass(frozen=True)
class Row:
    """A criterion, asked of every answer, or once of the prompt."""

    asked: Asked
    cells: tuple[Cell, ...]
    condition: str = ""  # in words, for whoever reads the page without its script


@dataclass(frozen=True)
class Offered:
    """A strategy that can be named."""

    slug: str
    name: str


def rows(
    sheet: Sheet,
    slots: Sequence[str],
    filled: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    *,
    strategies: Sequence[Offered] = (),
) -> list[Row]:
    """Each criterion about the answers with what was chosen so far (`filled` is a draft)."""
    return _rows(sheet, sheet.of_answers, slots, filled, errors, strategies)


def prompt_rows(
    sheet: Sheet,
    filled: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    *,
    strategies: Sequence[Offered] = (),
) -> list[Row]:
    """Each criterion about the prompt itself, which is shown before any answer."""
    return _rows(sheet, sheet.of_prompt, (PROMPT,), filled, errors, strategies)


def _rows(
    sheet: Sheet,
    criteria: Sequence[Asked],
    slots: Sequence[str],
    filled: Mapping[str, Any] | None,
    errors: Errors | None,
    strategies: Sequence[Offered],
) -> list[Row]:
    so_far = {
        field(rating["slot"], rating["criterion"]): rating
        for rating in (filled or {}).get("ratings", [])
    }
    return [
        Row(
            asked,
            tuple(_cell(slot, asked, sheet, so_far, errors or {}, strategies) for slot in slots),
            condition(sheet, asked),
        )
        for asked in criteria
    ]


def _cell(
    slot: str,
    asked: Asked,
    sheet: Sheet,
    so_far: Mapping[str, Any],
    errors: Errors,
    strategies: Sequence[Offered],
) -> Cell:
    name = field(slot, asked.key)
    rating = so_far.get(name, {})
    value = rating.get("value")
    chosen = fitting.said(asked, rating)
    return Cell(
        name=name,
        slot=slot,
        options=tuple(_options(asked, chosen, strategies)),
        cannot_judge=value == CANNOT_JUDGE,
        outside=value == OUTSIDE,
        rationale=rating.get("rationale", ""),
        errors=errors.get(name, ()),
        none_of_these=rating.get("picked") == [],
        words=rating.get("words") or "",
        ask_when=_ask_when(slot, asked, sheet),
    )


def _options(
    asked: Asked, chosen: frozenset[int | str], strategies: Sequence[Offered]
) -> Iterator[Option]:
    if asked.kind == "strategy":
        for each in strategies:
            yield Option(each.slug, each.name, "", each.slug in chosen)
        return
    for point in asked.choices:
        label = point.label if asked.is_words else str(point.value)
        is_chosen = point.value in chosen
        yield Option(str(point.value), label, anchor(point, asked.is_words), is_chosen)


def _ask_when(slot: str, asked: Asked, sheet: Sheet) -> str:
    if asked.ask_when is None:
        return ""
    on = sheet.by_key[asked.ask_when.criterion]
    values = "|".join(map(str, asked.ask_when.values))
    return f"{field(PROMPT if on.about == PROMPT else slot, on.key)}={values}"


def condition(sheet: Sheet, asked: Asked) -> str:
    """When the criterion is asked, in words; empty where it always is."""
    if asked.ask_when is None:
        return ""
    on = sheet.by_key[asked.ask_when.criterion]
    named: dict[int | str, str] = {point.value: point.label for point in on.points}
    values = [named.get(value, str(value)) for value in asked.ask_when.values]
    return gettext("Only after %(values)s for “%(label)s”.") % {
        "values": gettext(" or ").join(f"“{value}”" for value in values),
        "label": on.label,
    }


def anchor(point: Point, is_words: bool) -> str:
    """What stands below the scale while a point is chosen or looked at."""
    name = (
        point.label
        if is_words or point.label == str(point.value)
        else (f"{point.value}, {point.label[:1].lower()}{point.label[1:]}")
    )
    example = gettext(" Example: “%(said)s”") % {"said": point.example} if point.example else ""
    return f"{name}: {point.anchor}{example}" if point.anchor else f"{name}{example}"


def read(
    posted: Posted, *, sheet: Sheet, slots: Sequence[str]
) -> tuple[list[dict[str, Any]], str | None]:
    """Ratings and preference of a posted form, in the shape that `answers.check` takes.

    The button "Outside my competence" says so for every criterion that is still open.
    """
    unanswered = OUTSIDE if "outside" in posted else None
    ratings = [
        _rating(slot, asked, posted, unanswered)
        for asked in sheet.criteria
        for slot in ((PROMPT,) if asked.about == PROMPT else slots)
    ]
    return ratings, next(iter(_all(posted, "preference")), None)


def _all(posted: Posted, name: str) -> list[str]:
    """Every value sent under the name that says something."""
    found = posted.get(name, ())
    return [each for each in ([found] if isinstance(found, str) else found) if each]


def _rating(slot: str, asked: Asked, posted: Posted, unanswered: str | None) -> dict[str, Any]:
    name, part = field(slot, asked.key), fitting.part(asked)
    sent, why_not = _all(posted, name), _all(posted, f"{name}.not")[:1]
    if asked.kind != "text" and len(sent) == 1 and sent[0] in WITHOUT_VALUE:
        sent, why_not = [], sent
    rating: dict[str, Any] = {
        "slot": slot,
        "criterion": asked.key,
        "value": why_not[0] if why_not else None if sent else unanswered,
        "rationale": "".join(_all(posted, f"{name}.why")[:1]),
    }
    if part == "picked":
        rating["picked"] = _picked(sent)
    elif part == "words":
        rating["words"] = sent[0] if sent else ""
    elif sent:
        rating["value"] = _value(sent[0])
    return rating


def _picked(sent: Sequence[str]) -> list[int | str] | None:
    """None: nothing was ticked. An empty list: "None of these"."""
    return [] if list(sent) == [NONE] else [_value(each) for each in sent] or None


def _value(text: str) -> int | str:
    try:
        return int(text) if len(text) < 7 else text
    except ValueError:
        return text
