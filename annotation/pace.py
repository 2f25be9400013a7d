"""How long the rest will take, from the rater's own recent pace."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median

USUAL = timedelta(seconds=90)
LONGEST = timedelta(minutes=10)  # longer is a break, not a pace


def minutes_left(spent: Sequence[timedelta], n_left: int) -> int:
    """Whole minutes for `n_left` items; a guess of 90 seconds each until there is a pace."""
    seconds = median(min(each, LONGEST).total_seconds() for each in spent or [USUAL])
    return max(1, round(seconds * n_left / 60)) if n_left else 0
