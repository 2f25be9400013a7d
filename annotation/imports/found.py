"""A rating found in a file, before it is matched with a completion and a criterion."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """What was rated, as far as the file says: each format knows something else."""

    completion: str = ""  # our own id
    item: str = ""  # the prompt's id in its set
    run: str = ""  # our own id of the run, or its model's name
    prompt: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Found:
    """`criterion` is a key, "#2" for the second, or empty where the rubric has only one."""

    row: int
    column: str  # where the value stands
    target: Target
    rater: str
    value: Any
    criterion: str = ""
    rationale: str = ""
    is_final: bool = False  # the settled value, not one rater's


def words(value: Any) -> str:
    """Text or a number as text; anything else as nothing."""
    is_plain = isinstance(value, (str, int)) and not isinstance(value, bool)
    return str(value).strip() if is_plain else ""


def first(values: dict[str, Any], *names: str) -> str:
    """The first of the names that holds something."""
    return next((found for name in names if (found := words(values.get(name)))), "")
