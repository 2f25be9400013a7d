"""Checks what a rater submits against the rubric: every criterion that is asked, once.

A rating names its `slot` (a letter, or "prompt" for a criterion about the prompt) and `criterion`,
and holds a `value` of the scale, `picked` values, or `words`; `value` may also be "cannot_judge" or
"outside" (outside my competence). Answers to criteria that are not asked are dropped.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from annotation import branching, fitting
from annotation.fitting import CANNOT_JUDGE, MAX_RATIONALE, OUTSIDE, WITHOUT_VALUE, Given
from annotation.sheets import PROMPT, Asked, Sheet
from gate.text import problem

__all__ = [
    "BOTH_UNACCEPTABLE",
    "CANNOT_JUDGE",
    "EQUAL",
    "MAX_RATIONALE",
    "OUTSIDE",
    "PROMPT",
    "WITHOUT_VALUE",
    "Answers",
    "Errors",
    "Given",
    "Unfit",
    "check",
    "field",
    "tidy",
]

EQUAL, BOTH_UNACCEPTABLE = "equal", "both_unacceptable"
FIELDS = ("slot", "criterion", "value", "picked", "words", "rationale")

Errors = dict[str, list[str]]
Sent = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Answers:
    """All that a rater says about an item; `prompt_ratings` are about the prompt itself."""

    ratings: tuple[Given, ...]
    preference: str | None
    prompt_ratings: tuple[Given, ...] = ()
    reason: str = ""  # of the preference


class Unfit(ValueError):
    """The answers do not fit the rubric. `errors` says per field ("A.declines") what to mend."""

    http_status = 422

    def __init__(self, errors: Errors) -> None:
        self.errors = errors
        said = ngettext(
            "%(n)s answer is missing or does not fit: %(where)s.",
            "%(n)s answers are missing or do not fit: %(where)s.",
            len(errors),
        )
        super().__init__(said % {"n": len(errors), "where": ", ".join(list(errors)[:6])})


def check(
    *,
    ratings: object,
    preference: object,
    sheet: Sheet,
    slots: Sequence[str],
    asks_preference: bool,
    asks_ratings: bool = True,
    strategies: Collection[str] | None = None,
    reason: object = None,
    asks_reason: bool = False,
) -> Answers:
    """The answers in the order of the rubric, or `Unfit` naming every field at once.

    `strategies` are the short names that may be given; None: any. A study that asks no ratings
    asks no criterion at all, only the preference.
    """
    errors: Errors = {}
    criteria = sheet.criteria if asks_ratings else ()
    sent = _sorted_out(ratings, criteria, slots, errors)
    asked = _asked(criteria, slots, sent)
    found = [
        given
        for slot, each in asked
        if (given := _rating(slot, each, sent.get(field(slot, each.key), {}), errors, strategies))
    ]
    rated = [given for given in found if given.slot != PROMPT]
    is_needed = not rated or any(given.answer == "value" for given in rated)
    chosen = _preference(preference, slots, asks_preference, is_needed, errors)
    why = _reason(reason, asks_reason and asks_preference, chosen, errors)
    if errors:
        raise Unfit(errors)
    about_prompt = tuple(given for given in found if given.slot == PROMPT)
    return Answers(tuple(rated), chosen, about_prompt, why)


def _sorted_out(
    ratings: object, criteria: Sequence[Asked], slots: Sequence[str], errors: Errors
) -> dict[str, dict[str, Any]]:
    """What was sent, by field name; what belongs to no field is an error."""
    found: dict[str, dict[str, Any]] = {}
    if not isinstance(ratings, list):
        if criteria or ratings is not None:
            errors["ratings"] = ["Send a list with a rating for each criterion of each answer."]
        return found
    known = {asked.key: asked for asked in criteria}
    for number, rating in enumerate(ratings, start=1):
        wrong = _misplaced(rating, known, slots)
        name = "" if wrong else field(rating["slot"], rating["criterion"])
        if wrong:
            errors.setdefault(f"ratings[{number}]", []).append(wrong)
        elif name in found:
            errors.setdefault(name, []).append("Rated twice. Send it once.")
        else:
            found[name] = rating
    return found


def _misplaced(rating: object, known: Mapping[str, Asked], slots: Sequence[str]) -> str | None:
    if not isinstance(rating, dict):
        return f"Not an object with {', '.join(FIELDS[:3])} and rationale."
    if unknown := sorted(str(key) for key in set(rating) - set(FIELDS)):
        return f"Unknown field {unknown[0]!r}. Known: {', '.join(FIELDS)}."
    key = rating.get("criterion")
    if not isinstance(key, str) or key not in known:
        return f"The rubric has no such criterion. Use one of: {', '.join(known)}."
    places = (PROMPT,) if known[key].about == PROMPT else tuple(slots)
    if rating.get("slot") not in places:
        return f"There is no such answer for '{key}'. Use one of: {', '.join(places)}."
    return None


def _asked(criteria: Sequence[Asked], slots: Sequence[str], sent: Sent) -> list[tuple[str, Asked]]:
    """What is asked, given all that was said: of the prompt first, then by criterion and slot."""
    about_prompt = [each for each in criteria if each.about == PROMPT]
    before = _said(PROMPT, about_prompt, sent)
    first = branching.asked(about_prompt, before)
    before = {key: values for key, values in before.items() if key in first}
    rest = [each for each in criteria if each.about != PROMPT]
    by_slot = {slot: branching.asked(rest, before | _said(slot, rest, sent)) for slot in slots}
    return [(PROMPT, each) for each in first.values()] + [
        (slot, each) for each in rest for slot in slots if each.key in by_slot[slot]
    ]


def _said(slot: str, criteria: Sequence[Asked], sent: Sent) -> dict[str, frozenset[int | str]]:
    return {each.key: fitting.said(each, sent.get(field(slot, each.key), {})) for each in criteria}


def _rating(
    slot: str,
    asked: Asked,
    sent: Mapping[str, Any],
    errors: Errors,
    strategies: Collection[str] | None,
) -> Given | None:
    where = asked.label if slot == PROMPT else _where(slot, asked)
    if problems := list(fitting.problems(asked, sent, where, strategies)):
        errors.setdefault(field(slot, asked.key), []).extend(problems)
        return None
    return fitting.given(slot, asked, sent)


def _where(slot: str, asked: Asked) -> str:
    return gettext("Answer %(slot)s, %(label)s") % {"slot": slot, "label": asked.label}


def _preference(
    preference: object, slots: Sequence[str], is_asked: bool, is_needed: bool, errors: Errors
) -> str | None:
    """A slot, "equal" or "both_unacceptable"; not needed where nothing could be judged."""
    if not is_asked:
        if preference is not None:
            errors["preference"] = ["This study does not ask which answer is preferred."]
        return None
    allowed = [*slots, EQUAL, BOTH_UNACCEPTABLE]
    if isinstance(preference, str) and preference in allowed:
        return preference
    if preference is not None:
        errors["preference"] = [f"Not a choice. Use one of: {', '.join(allowed)}."]
    elif is_needed:
        errors["preference"] = [
            gettext("Choose which answer you would rather this person had read.")
        ]
    return None


def _reason(reason: object, is_asked: bool, chosen: str | None, errors: Errors) -> str:
    """Why this answer is preferred; needed where it is asked and something was chosen."""
    if reason is not None and not isinstance(reason, str):
        errors["reason"] = [gettext("The reason is not a text.")]
        return ""
    text = (reason or "").strip()
    if not is_asked:
        return ""
    if wrong := problem(text, limit=MAX_RATIONALE):
        errors["reason"] = [gettext("The reason %(problem)s.") % {"problem": wrong}]
    elif chosen and not text:
        errors["reason"] = [gettext("Say in a sentence why.")]
    return text


def field(slot: str, criterion: str) -> str:
    """The name of a field, on the page and in errors: "A.declines", "prompt.warranted"."""
    return f"{slot}.{criterion}"


def tidy(ratings: object, preference: object, *, sheet: Sheet, slots: Sequence[str]) -> Any:
    """What of unfinished answers can be kept as a draft. Never refuses.

    What is not asked for the moment is kept too: a rater who changes their mind finds it again.
    """
    kept = [
        {"slot": rating["slot"], "criterion": rating["criterion"]}
        | fitting.kept(sheet.by_key[rating["criterion"]], rating)
        for rating in (ratings if isinstance(ratings, list) else [])
        if _misplaced(rating, sheet.by_key, slots) is None
    ]
    is_choice = isinstance(preference, str) and preference in (*slots, EQUAL, BOTH_UNACCEPTABLE)
    return {
        "ratings": kept[: (len(slots) + 1) * len(sheet.criteria)],
        "preference": preference if is_choice else None,
    }
