"""Reads a rubric from its TOML file. Every mistake is named with the file and the criterion."""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from annotation import rubric_rules
from annotation.rubric_rules import KINDS, BadRubric
from annotation.sheets import ANSWER, WITHOUT_SCALE, Asked, Point, Sheet, When
from gate.text import BadText, accept

__all__ = ["BadRubric", "RubricFile", "read"]


@dataclass(frozen=True)
class RubricFile:
    """A rubric as its file states it."""

    slug: str
    version: int
    sheet: Sheet
    origin: str = ""


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
    listed = stated.get("criteria", [])
    criteria = tuple(
        _asked(each, number, f"{name}, criterion {number}")
        for number, each in enumerate(listed if isinstance(listed, list) else [], start=1)
    )
    title = _text(stated, "title", name, limit=120)
    intro = _text(stated, "intro", name, needed=False)
    sheet = Sheet("", title, intro, criteria)
    for problem in rubric_rules.problems(sheet, name):
        raise BadRubric(problem)
    sheet = replace(sheet, digest=rubric_rules.digest_of(slug, version, sheet))
    return RubricFile(slug, version, sheet, _text(stated, "origin", name, limit=200, needed=False))


def _asked(stated: dict[str, Any], number: int, where: str) -> Asked:
    kind = stated.get("kind")
    if kind not in KINDS:
        raise BadRubric(f"{where}: kind {kind!r} is not known. Use one of: {', '.join(KINDS)}.")
    points = [_point(each, f"{where}, point {n}") for n, each in enumerate(_points(stated), 1)]
    return Asked(
        id=str(number),
        key=_text(stated, "key", where, limit=40),
        label=_text(stated, "label", where, limit=120),
        question=_text(stated, "question", where),
        hint=_text(stated, "hint", where, needed=False),
        kind=kind,
        scale=_scale(stated, kind, where),
        asks_rationale=stated.get("asks_rationale", False) is True,
        points=tuple(sorted(points, key=lambda point: point.value)),
        about=stated.get("about", ANSWER),
        ask_when=_when(stated.get("ask_when"), where),
    )


def _scale(stated: dict[str, Any], kind: str, where: str) -> tuple[int, ...]:
    low, high = stated.get("minimum"), stated.get("maximum")
    if kind in WITHOUT_SCALE and low is None and high is None:
        return ()
    if type(low) is not int or type(high) is not int or not 0 < high - low < 1_000:
        raise BadRubric(f"{where}: minimum and maximum are whole numbers, the first is the lower.")
    return tuple(range(low, high + 1))


def _points(stated: dict[str, Any]) -> list[dict[str, Any]]:
    listed = stated.get("points", [])
    return listed if isinstance(listed, list) else []


def _when(stated: Any, where: str) -> When | None:
    if stated is None:
        return None
    values = stated.get("values") if isinstance(stated, dict) else None
    if not isinstance(values, list) or not isinstance(stated.get("criterion"), str):
        raise BadRubric(
            f'{where}: write ask_when = {{ criterion = "key of an earlier one", values = [1, 2] }}.'
        )
    return When(stated["criterion"], tuple(values))


def _point(stated: dict[str, Any], where: str) -> Point:
    value = stated.get("value")
    if type(value) is not int:
        raise BadRubric(f"{where}: value {value!r} is not a whole number.")
    return Point(
        value,
        _text(stated, "label", where, limit=60),
        _text(stated, "anchor", where, needed=False),
        _text(stated, "example", where, needed=False),
        _text(stated, "severity", where, limit=10, needed=False),
    )


def _text(
    stated: dict[str, Any], key: str, where: str, *, limit: int = 5_000, needed: bool = True
) -> str:
    value = stated.get(key, "")
    if not isinstance(value, str) or (needed and not value.strip()):
        raise BadRubric(f"{where}: '{key}' is missing or not a text.")
    return accept(value.strip(), where=f"{where}, '{key}'", limit=limit)
