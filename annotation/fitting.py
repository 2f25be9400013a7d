"""Whether what was sent fits a criterion of its kind, and what it then says. No database."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from annotation.sheets import Asked
from gate.text import problem

CANNOT_JUDGE, OUTSIDE = "cannot_judge", "outside"
WITHOUT_VALUE = (CANNOT_JUDGE, OUTSIDE)
NONE = "none"  # none of these; of strategies: none that I know
MAX_WORDS = 2_000
MAX_RATIONALE = 5_000
# Which part of a rating a kind fills.
PART = {"choices": "picked", "text": "words", "strategy": "words"}


@dataclass(frozen=True)
class Given:
    """One rating: a value, several, or words; or why there is none."""

    slot: str
    criterion: str
    answer: str
    value: int | None
    rationale: str
    picked: tuple[int, ...] | None = None
    words: str = ""


def part(asked: Asked) -> str:
    """The part of a rating that holds the answer: value, picked or words."""
    return PART.get(asked.kind, "value")


def said(asked: Asked, sent: Mapping[str, Any]) -> frozenset[int | str]:
    """The values that other criteria may depend on; nothing where none fits."""
    if sent.get("value") in WITHOUT_VALUE:
        return frozenset()
    found = sent.get(part(asked))
    values = found if isinstance(found, list | tuple) else [found]
    if part(asked) == "words":
        return frozenset(each for each in values if isinstance(each, str) and each)
    return frozenset(each for each in values if type(each) is int and each in asked.scale)


def given(slot: str, asked: Asked, sent: Mapping[str, Any]) -> Given:
    """What was sent, once it has no problems."""
    text = str(sent.get("rationale") or "").strip()
    why = sent.get("value")
    if why in WITHOUT_VALUE:
        return Given(slot, asked.key, str(why), None, text)
    found = sent[part(asked)]
    if part(asked) == "picked":
        return Given(slot, asked.key, "value", None, text, picked=tuple(sorted(found)))
    if part(asked) == "words":
        return Given(slot, asked.key, "value", None, text, words=found.strip())
    return Given(slot, asked.key, "value", found, text)


def problems(
    asked: Asked, sent: Mapping[str, Any], where: str, strategies: Collection[str] | None
) -> Iterator[str]:
    """What keeps it from being taken, in words that begin with `where`."""
    found = None if sent.get("value") in WITHOUT_VALUE else _problem(asked, sent, strategies)
    if found:
        yield f"{where}: {found}"
    if reason := _rationale_problem(asked, sent):
        yield f"{where}: {reason}"


def _problem(
    asked: Asked, sent: Mapping[str, Any], strategies: Collection[str] | None
) -> str | None:
    name = part(asked)
    if stray := [each for each in ("value", "picked", "words") if each != name and sent.get(each)]:
        return gettext("this kind of question takes '%(name)s', not '%(stray)s'.") % {
            "name": name,
            "stray": stray[0],
        }
    found = sent.get(name)
    if name == "picked":
        return _picked_problem(asked, found)
    if asked.kind == "text":
        return _text_problem(found)
    if asked.kind == "strategy":
        return _strategy_problem(found, strategies)
    if found is None:
        return gettext("choose a point, or say that you cannot judge it.")
    if type(found) is not int or found not in asked.scale:
        return _off_scale(asked, found)
    return None


def _off_scale(asked: Asked, found: object) -> str:
    points = ", ".join(str(point) for point in asked.scale)
    return gettext("%(found)s is not on the scale. Use one of: %(points)s.") % {
        "found": repr(found)[:40],
        "points": f"{points}, {CANNOT_JUDGE}, {OUTSIDE}",
    }


def _picked_problem(asked: Asked, found: object) -> str | None:
    if found is None:
        return gettext("choose what applies, or “None of these”, or say that you cannot judge it.")
    if not isinstance(found, list | tuple):
        return gettext("send a list of values; an empty one means none of these.")
    if any(each == NONE or each in WITHOUT_VALUE for each in found):
        return gettext("choose what applies or one of the last three, not both.")
    wrong = [each for each in found if type(each) is not int or each not in asked.scale]
    if wrong:
        return _off_scale(asked, wrong[0])
    if len(set(found)) < len(found):
        return gettext("a value is named twice. Send it once.")
    return None


def _text_problem(found: object) -> str | None:
    if found is None or found == "" or (isinstance(found, str) and not found.strip()):
        return gettext("write a few words, or say that you cannot judge it.")
    if not isinstance(found, str):
        return gettext("the answer is not a text.")
    reason = problem(found, limit=MAX_WORDS)
    return gettext("the text %(reason)s.") % {"reason": reason} if reason else None


def _strategy_problem(found: object, strategies: Collection[str] | None) -> str | None:
    if not found:
        return gettext("choose a strategy, or “None that I know”, or say that you cannot judge it.")
    if not isinstance(found, str) or len(found) > 60 or problem(found):
        return gettext("the strategy is not a short name.")
    if strategies is not None and found not in (*strategies, NONE):
        return gettext(
            "%(found)s is not a strategy for this conversation. Use one of: %(known)s."
        ) % {
            "found": repr(found),
            "known": ", ".join([*strategies, NONE]),
        }
    return None


def _rationale_problem(asked: Asked, sent: Mapping[str, Any]) -> str | None:
    rationale = sent.get("rationale")
    if rationale is not None and not isinstance(rationale, str):
        return gettext("the reason is not a text.")
    if reason := problem(rationale or "", limit=MAX_RATIONALE):
        return gettext("the reason %(reason)s.") % {"reason": reason}
    has_answer = sent.get("value") not in WITHOUT_VALUE and sent.get(part(asked)) is not None
    if asked.asks_rationale and has_answer and not (rationale or "").strip():
        return gettext("give your reason in a sentence.")
    return None


def kept(asked: Asked, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What of an unfinished answer can be kept as a draft. Never refuses."""
    value, name = sent.get("value"), part(asked)
    fits = value in WITHOUT_VALUE or (
        name == "value" and type(value) is int and value in asked.scale
    )
    draft: dict[str, Any] = {"value": value if fits else None}
    if name == "picked" and value not in WITHOUT_VALUE and isinstance(sent.get(name), list | tuple):
        draft["picked"] = sorted(v for v in said(asked, sent) if isinstance(v, int))
    if name == "words":
        draft["words"] = _typed(sent.get("words"), MAX_WORDS)
    draft["rationale"] = _typed(sent.get("rationale"), MAX_RATIONALE)
    return draft


def _typed(text: object, limit: int) -> str:
    """What was typed, though it may still be far too long."""
    return text if isinstance(text, str) and problem(text, limit=limit * 4) is None else ""
