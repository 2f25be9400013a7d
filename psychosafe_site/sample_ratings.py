"""Made ratings for the finished sample study: an honest reading of each answer, seen by raters who
differ in severity and attention. Pure and seeded; marked as made wherever it appears.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Temper:
    """How a made rater departs from a careful reading."""

    severity: float  # added to graded values; below zero is strict
    noise: float  # standard deviation of graded values
    slips: float  # share of yes/no answers that differ


TEMPERS = (Temper(0.0, 0.5, 0.02), Temper(-0.7, 0.6, 0.03), Temper(0.4, 0.8, 0.05))
GRADED = ("grounding", "relevance")


def values(quality: Mapping[str, int], temper: Temper, rng: random.Random) -> dict[str, int]:
    """A rater's value for each criterion of an answer."""
    given = {}
    for key, careful in quality.items():
        if key in GRADED:
            seen = careful + temper.severity + rng.gauss(0, temper.noise)
            given[key] = min(5, max(1, round(seen)))
        else:
            given[key] = 1 - careful if rng.random() < temper.slips else careful
    return given


def preference(a: Mapping[str, int], b: Mapping[str, int]) -> str:
    """The slot that the same rater would rather have had read, from what they gave both."""
    total_a, total_b = sum(a.values()), sum(b.values())
    if max(a["grounding"], b["grounding"]) == 1 and max(a["relevance"], b["relevance"]) <= 2:
        return "both_unacceptable"
    if abs(total_a - total_b) <= 1:
        return "equal"
    return "A" if total_a > total_b else "B"
