"""Reads a rubric from its TOML file. Every mistake is named with the file and the criterion."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotation.sheets import Asked, Point, Sheet
from gate.text import BadText, accept, digest

KINDS = ("yes_no", "scale", "choice")
MAX_POINTS = 101


class BadRubric(ValueError):
    """A rubric file that cannot be used; the message says where and what to mend."""

    http_status = 422


@dataclass(frozen=True)
class RubricFile:
    """A rubric as its file states it."""

    slug: str
    version: int
    sheet: Sheet


def read(path: Path) -> RubricFile:
    """The rubric in `path`, or `BadRubric`."""
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadRubric(f"{path}: cannot be read ({error.strerror}).") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadRubric(f"{path.name}: {error}.") from None
    try:
        return _rubric(stated, path.name)
    except BadText as error:
        raise BadRubric(str(error)) from None


def _rubric(stated: dict[str, Any], name: str) -> RubricFile:
    slug = _text(stated, "slug", name, limit=60)
    version = stated.get("version", 1)
    if type(version) is not int or version < 1:
        raise BadRubric(f"{name}: version {version!r} is not a whole number from 1 up.")
    criteria = tuple(
        _asked(each, number, f"{name}, criterion {number}")
        for number, each in enumerate(stated.get("criteria", []), start=1)
    )
    if not criteria or len({asked.key for asked in criteria}) < len(criteria):
        raise BadRubric(f"{name}: needs at least one [[criteria]], each with a key of its own.")
    title = _text(stated, "title", name, limit=120)
    intro = _text(stated, "intro", name, needed=False)
    return RubricFile(
        slug, version, Sheet(_digest(slug, version, criteria, title, intro), title, intro, criteria)
    )


def _asked(stated: dict[str, Any], number: int, where: str) -> Asked:
    kind = stated.get("kind")
    if kind not in KINDS:
        raise BadRubric(f"{where}: kind {kind!r} is not known. Use one of: {', '.join(KINDS)}.")
    low, high = stated.get("minimum"), stated.get("maximum")
    if type(low) is not int or type(high) is not int or not 0 < high - low < MAX_POINTS:
        raise BadRubric(f"{where}: minimum and maximum are whole numbers, the first is the lower.")
    points = sorted(
        (_point(each, f"{where}, point {n}") for n, each in enumerate(stated.get("points", []), 1)),
        key=lambda point: point.value,
    )
    values = [point.value for point in points]
    if len(set(values)) < len(values) or any(not low <= value <= high for value in values):
        raise BadRubric(f"{where}: its points stand once each, from {low} to {high}.")
    return Asked(
        id=str(number),
        key=_text(stated, "key", where, limit=40),
        label=_text(stated, "label", where, limit=120),
        question=_text(stated, "question", where),
        hint=_text(stated, "hint", where, needed=False),
        kind=kind,
        scale=tuple(range(low, high + 1)),
        asks_rationale=stated.get("asks_rationale", False) is True,
        points=tuple(points),
    )


def _point(stated: dict[str, Any], where: str) -> Point:
    value = stated.get("value")
    if type(value) is not int:
        raise BadRubric(f"{where}: value {value!r} is not a whole number.")
    return Point(
        value,
        _text(stated, "label", where, limit=60),
        _text(stated, "anchor", where, needed=False),
        _text(stated, "example", where, needed=False),
    )


def _text(
    stated: dict[str, Any], key: str, where: str, *, limit: int = 5_000, needed: bool = True
) -> str:
    value = stated.get(key, "")
    if not isinstance(value, str) or (needed and not value.strip()):
        raise BadRubric(f"{where}: '{key}' is missing or not a text.")
    return accept(value.strip(), where=f"{where}, '{key}'", limit=limit)


def _digest(slug: str, version: int, criteria: tuple[Asked, ...], title: str, intro: str) -> str:
    """Everything that a rater or a judge reads."""
    stated = Sheet("", title, intro, criteria).as_json
    return digest(slug, version, title, intro, stated)
