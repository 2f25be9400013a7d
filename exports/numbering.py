"""Versions of a release: three numbers, and which comes next. Pure.

The rule: major when pairs were removed or mean something else (another conversation, domain,
expected action or split), minor when pairs or studies were added, patch for everything else, such
as a better wording of a response. Order is that of Semantic Versioning 2.0.0, section 11.
"""

import re
from collections.abc import Iterable
from typing import Any

PATTERN = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?")
FIRST = "1.0.0"


def is_version(text: str) -> bool:
    return len(text) <= 20 and PATTERN.fullmatch(text) is not None


def order(version: str) -> tuple[Any, ...]:
    """Sorts as versions do: 1.0.0-draft before 1.0.0 before 1.0.1 before 1.10.0."""
    numbers, _, word = version.partition("-")
    marks = tuple(
        (0, int(mark), "") if mark.isdigit() else (1, 0, mark) for mark in word.split(".")
    )
    return *map(int, numbers.split(".")), not word, marks if word else ()


def highest(versions: Iterable[str]) -> str:
    """ "" of none."""
    return max(versions, key=order, default="")


def following(last: str, *, breaks: bool, adds: bool) -> str:
    """What comes after `last`; a last one with a word, such as 1.0.0-draft, becomes 1.0.0."""
    if not last:
        return FIRST
    numbers, _, word = last.partition("-")
    major, minor, patch = map(int, numbers.split("."))
    if breaks:
        return f"{major + 1}.0.0"
    if adds:
        return f"{major}.{minor + 1}.0"
    return numbers if word else f"{major}.{minor}.{patch + 1}"
