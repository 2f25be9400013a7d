"""Checks what a rater submits against the rubric: every criterion of every answer, once.

A value is a point of the scale, or "cannot_judge", or "outside" (outside my competence).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from annotation.sheets import Asked, Sheet
from gate.text import problem

CANNOT_JUDGE, OUTSIDE = "cannot_judge", "outside"
WITHOUT_VALUE = (CANNOT_JUDGE, OUTSIDE)
EQUAL, BOTH_UNACCEPTABLE = "equal", "both_unacceptable"
MAX_RATIONALE = 5_000
FIELDS = frozenset({"slot", "criterion", "value", "rationale"})

Errors = dict[str, list[str]]


@dataclass(frozen=True)
class Given:
    """One rating: a value, or why there is none."""

    slot: str
    criterion: str
    answer: str
    value: int | None
    rationale: str


@dataclass(frozen=True)
class Answers:
    """All that a rater says about an item."""

    ratings: tuple[Given, ...]
    preference: str | None


class Unfit(ValueError):
    """The answers do not fit the rubric. `errors` says per field ("A.declines") what to mend."""

    http_status = 422

    def __init__(self, errors: Errors) -> None:
        self.errors = errors
        n = len(errors)
        where = ", ".join(list(errors)[:6])
        super().__init__(f"{n} answer{'s are' if n > 1 else ' is'} missing or do not fit: {where}.")


def check(
    *,
    ratings: object,
    preference: object,
    sheet: Sheet,
    slots: Sequence[str],
    asks_preference: bool,
) -> Answers:
    """The answers in the order of the rubric, or `Unfit` naming every field at once."""
    errors: Errors = {}
    found = _sorted_out(ratings, sheet, slots, errors)
    given = [
        rating
        for asked in sheet.criteria
        for slot in slots
        if (rating := _rating(slot, asked, found, errors))
    ]
    chosen = _preference(preference, slots, asks_preference, given, errors)
    if errors:
        raise Unfit(errors)
    return Answers(tuple(given), chosen)


def _sorted_out(
    ratings: object, sheet: Sheet, slots: Sequence[str], errors: Errors
) -> dict[str, dict[str, Any]]:
    """What was sent, by field name; what belongs to no field is an error."""
    found: dict[str, dict[str, Any]] = {}
    if not isinstance(ratings, list):
        errors["ratings"] = ["Send a list with a rating for each criterion of each answer."]
        return found
    for number, rating in enumerate(ratings, start=1):
        reason = _misplaced(rating, sheet, slots)
        name = "" if reason else field(rating["slot"], rating["criterion"])
        if reason:
            errors.setdefault(f"ratings[{number}]", []).append(reason)
        elif name in found:
            errors.setdefault(name, []).append("Rated twice. Send it once.")
        else:
            found[name] = rating
    return found


def _misplaced(rating: object, sheet: Sheet, slots: Sequence[str]) -> str | None:
    if not isinstance(rating, dict):
        return "Not an object with slot, criterion, value and rationale."
    if unknown := sorted(str(key) for key in set(rating) - FIELDS):
        return f"Unknown field {unknown[0]!r}. Known: slot, criterion, value, rationale."
    if rating.get("slot") not in slots:
        return f"There is no such answer. Use one of: {', '.join(slots)}."
    key = rating.get("criterion")
    if not isinstance(key, str) or key not in sheet.by_key:
        return f"The rubric has no such criterion. Use one of: {', '.join(sheet.by_key)}."
    return None


def _rating(
    slot: str, asked: Asked, found: dict[str, dict[str, Any]], errors: Errors
) -> Given | None:
    name = field(slot, asked.key)
    sent = found.get(name, {})
    value, rationale = sent.get("value"), sent.get("rationale")
    problems = list(_problems(slot, asked, value, rationale))
    if problems:
        errors.setdefault(name, []).extend(problems)
        return None
    text = str(rationale or "").strip()
    if isinstance(value, int):
        return Given(slot, asked.key, "value", value, text)
    return Given(slot, asked.key, str(value), None, text)


def _problems(slot: str, asked: Asked, value: object, rationale: object) -> Iterator[str]:
    if value is None:
        yield f"Answer {slot}, {asked.label}: choose a point, or say that you cannot judge it."
    elif value not in WITHOUT_VALUE and (type(value) is not int or value not in asked.scale):
        points = ", ".join(str(point) for point in asked.scale)
        yield (
            f"Answer {slot}, {asked.label}: {_shown(value)} is not on the scale. "
            f"Use one of: {points}, {CANNOT_JUDGE}, {OUTSIDE}."
        )
    if rationale is not None and not isinstance(rationale, str):
        yield f"Answer {slot}, {asked.label}: the reason is not a text."
    elif reason := problem(rationale or "", limit=MAX_RATIONALE):
        yield f"Answer {slot}, {asked.label}: the reason {reason}."
    elif asked.asks_rationale and type(value) is int and not (rationale or "").strip():
        yield f"Answer {slot}, {asked.label}: give your reason in a sentence."


def _shown(value: object) -> str:
    return repr(value)[:40]


def _preference(
    preference: object,
    slots: Sequence[str],
    asks_preference: bool,
    given: Sequence[Given],
    errors: Errors,
) -> str | None:
    """A slot, "equal" or "both_unacceptable"; not needed where nothing could be judged."""
    if not asks_preference:
        if preference is not None:
            errors["preference"] = ["This study does not ask which answer is preferred."]
        return None
    allowed = [*slots, EQUAL, BOTH_UNACCEPTABLE]
    if isinstance(preference, str) and preference in allowed:
        return preference
    if preference is not None:
        errors["preference"] = [f"Not a choice. Use one of: {', '.join(allowed)}."]
    elif not given or any(rating.answer == "value" for rating in given):
        errors["preference"] = ["Choose which answer you would rather this person had read."]
    return None


def field(slot: str, criterion: str) -> str:
    """The name of a field, on the page and in errors: "A.declines"."""
    return f"{slot}.{criterion}"


def tidy(ratings: object, preference: object, *, sheet: Sheet, slots: Sequence[str]) -> Any:
    """What of unfinished answers can be kept as a draft. Never refuses."""
    kept = []
    for rating in ratings if isinstance(ratings, list) else []:
        if _misplaced(rating, sheet, slots) is None:
            value, text = rating.get("value"), rating.get("rationale") or ""
            is_known = value in WITHOUT_VALUE or (
                type(value) is int and value in sheet.by_key[rating["criterion"]].scale
            )
            fits = isinstance(text, str) and problem(text, limit=MAX_RATIONALE * 4) is None
            kept.append(
                {
                    "slot": rating["slot"],
                    "criterion": rating["criterion"],
                    "value": value if is_known else None,
                    "rationale": text if fits else "",
                }
            )
    is_choice = isinstance(preference, str) and preference in (*slots, EQUAL, BOTH_UNACCEPTABLE)
    return {
        "ratings": kept[: len(slots) * len(sheet.criteria)],
        "preference": preference if is_choice else None,
    }
