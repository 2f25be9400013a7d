"""What a value in a file means on a criterion's scale: a number, a label, or why there is none."""

import re
from typing import Any

from annotation.answers import WITHOUT_VALUE
from annotation.sheets import Asked

_NUMBERED = re.compile(r"\A\d+[_\s.:-]+(?=\D)")


def meaning(asked: Asked, raw: Any) -> tuple[str, int | None] | None:
    """(answer, value), or None where the raw value is not on the scale.

    "4", 4, 4.0, "Yes", true, "full compliance" and "1_full_compliance" are understood.
    """
    if isinstance(raw, str) and raw.strip().lower() in WITHOUT_VALUE:
        return raw.strip().lower(), None
    value = _number(asked, raw)
    if value is None and isinstance(raw, str):
        value = _labelled(asked, raw)
    return ("value", value) if value is not None and value in asked.scale else None


def _number(asked: Asked, raw: Any) -> int | None:
    if isinstance(raw, bool):
        return int(raw) if asked.kind == "yes_no" else None
    if isinstance(raw, str) and re.fullmatch(r"-?\d{1,5}(\.0+)?", raw.strip()):
        return int(float(raw))
    if isinstance(raw, (int, float)) and raw == int(raw):
        return int(raw)
    return None


def _labelled(asked: Asked, raw: str) -> int | None:
    wanted = _plain(raw)
    return next((point.value for point in asked.points if _plain(point.label) == wanted), None)


def _plain(label: str) -> str:
    return " ".join(_NUMBERED.sub("", label.strip()).replace("_", " ").lower().split())


def allowed(asked: Asked) -> str:
    """The values in words, for a message."""
    points = [
        f"{point.value} ({point.label})" if point.label != str(point.value) else point.label
        for point in asked.choices
    ]
    return ", ".join([*points, *WITHOUT_VALUE])
