"""Counts what a study would be of, before it is made. Writes nothing."""

from collections.abc import Sequence
from typing import Any

from annotation.actions import laying
from annotation.models import Rubric
from annotation.plan import Plan
from generation.models import Run


def of(
    *,
    runs: Sequence[Run],
    rubric: Rubric,
    k: int = 3,
    asks_ratings: bool = True,
    asks_preference: bool | None = None,
    n_shared: int | None = None,
    n_core: int = 0,
    repeat_percent: int = 0,
    repeat_after_days: int = 3,
    **_other: Any,
) -> Plan:
    """The plan of what `studies.create` would make of the same settings. One query for each run."""
    answers = laying.answered(list(runs))
    prefers = len(runs) > 1 if asks_preference is None else asks_preference
    return Plan(
        n_items=len(answers[0]) if answers else 0,
        n_arms=len(runs),
        n_criteria=len(rubric.sheet.criteria) if asks_ratings else 0,
        k=k,
        asks_preference=prefers,
        n_shared=n_shared,
        n_core=n_core,
        repeat_percent=repeat_percent,
        repeat_after_days=repeat_after_days,
    )
