"""What makes a rubric whole, wherever it comes from: a file, or a curator at the editor. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext

from annotation import branching
from annotation.sheets import ANSWER, PROMPT, WITHOUT_SCALE, Asked, Point, Sheet
from gate.text import digest

KINDS = ("yes_no", "scale", "choice", "choices", "text", "strategy")
ABOUT = (ANSWER, PROMPT)
SEVERITIES = ("", "concern", "critical")
MAX_POINTS = 101
MAX_CRITERIA = 60


class BadRubric(ValueError):
    """A rubric that cannot be used; the message says where and what to mend."""

    http_status = 422


def problems(sheet: Sheet, where: str) -> Iterator[str]:
    """Everything that keeps the rubric from being used, each with its place."""
    keys = [asked.key for asked in sheet.criteria]
    if not keys or len(set(keys)) < len(keys):
        yield gettext("%(where)s: needs at least one criterion, each with a key of its own.") % {
            "where": where
        }
        return
    if len(keys) > MAX_CRITERIA:
        yield gettext("%(where)s: has %(n)s criteria. Nobody answers more than %(most)s.") % {
            "where": where,
            "n": len(keys),
            "most": MAX_CRITERIA,
        }
    for number, asked in enumerate(sheet.criteria, start=1):
        yield from (_placed(where, number, wrong) for wrong in criterion_problems(asked))
    for asked, wrong in branching.problems(sheet.criteria):
        yield _placed(where, keys.index(asked.key) + 1, wrong)


def _placed(where: str, number: int, wrong: str) -> str:
    return gettext("%(where)s, criterion %(number)s: %(wrong)s") % {
        "where": where,
        "number": number,
        "wrong": wrong,
    }


def _unknown(name: str, value: object, known: Iterable[str]) -> str:
    return gettext("%(name)s '%(value)s' is not known. Use one of: %(known)s.") % {
        "name": name,
        "value": value,
        "known": ", ".join(known),
    }


def criterion_problems(asked: Asked) -> Iterator[str]:
    """What is wrong with a criterion by itself."""
    if asked.kind not in KINDS:
        yield _unknown("kind", asked.kind, KINDS)
    elif asked.about not in ABOUT:
        yield _unknown("about", asked.about, ABOUT)
    elif asked.kind in WITHOUT_SCALE:
        if asked.points or asked.scale:
            yield gettext("a %(kind)s has neither minimum, maximum nor points.") % {
                "kind": asked.kind
            }
    elif not 1 < len(asked.scale) <= MAX_POINTS:
        yield gettext("minimum and maximum are whole numbers, the first is the lower.")
    elif asked.kind == "yes_no" and asked.scale != (0, 1):
        yield gettext("a yes_no goes from 0 (no) to 1 (yes).")
    else:
        yield from _point_problems(asked)


def _point_problems(asked: Asked) -> Iterator[str]:
    low, high = asked.scale[0], asked.scale[-1]
    values = [point.value for point in asked.points]
    if len(set(values)) < len(values) or any(not low <= value <= high for value in values):
        yield gettext("its points stand once each, from %(low)s to %(high)s.") % {
            "low": low,
            "high": high,
        }
    elif asked.kind in ("choice", "choices") and len(values) < len(asked.scale):
        missing = next(value for value in asked.scale if value not in values)
        yield gettext("each of its values has a point with a label; %(missing)s has none.") % {
            "missing": missing
        }
    for point in asked.points:
        if point.severity not in SEVERITIES:
            yield _unknown("severity", point.severity, SEVERITIES[1:])


def digest_of(slug: str, version: int, sheet: Sheet) -> str:
    """Of everything that a rater or a judge reads, and of what curators are warned of."""
    criteria = [_stated(asked) for asked in sheet.criteria]
    return digest(slug, version, sheet.title, sheet.intro, criteria)


def _stated(asked: Asked) -> dict[str, Any]:
    """What is as it mostly is goes unsaid, so that a rubric of yore keeps its digest."""
    stated = Sheet("", "", "", (asked,)).as_json[0]
    if asked.about == ANSWER:
        del stated["about"]
    if asked.ask_when is None:
        del stated["ask_when"]
    return stated | {"points": [_point(point) for point in asked.points]}


def _point(point: Point) -> dict[str, Any]:
    stated = {
        "value": point.value,
        "label": point.label,
        "anchor": point.anchor,
        "example": point.example,
    }
    return stated | ({"severity": point.severity} if point.severity else {})
