"""In which order items come: one seeded shuffle a study, and for each rater where they begin.

Raters begin at different places and walk round, so that they do not queue for the same row.
"""

import hashlib
from collections.abc import Iterable


def shuffled(keys: Iterable[str], *, seed: int) -> list[str]:
    """The keys in an order that depends on the seed and on the keys alone."""
    return sorted(keys, key=lambda key: (_digest("item", seed, key), key))


def beginning(*, seed: int, rater_id: str, n: int) -> int:
    """The position, 0 to n - 1, at which a rater's walk begins."""
    return int.from_bytes(_digest("rater", seed, rater_id), "big") % n if n else 0


def stretches(*, begin: int, walked: int, n: int) -> list[tuple[int, int]]:
    """What is left of a walk round n positions: half-open ranges, in walking order."""
    here = begin + walked
    ranges = [(here, n), (0, begin)] if here < n else [(here - n, begin)]
    return [(low, high) for low, high in ranges if low < high]


def steps(*, begin: int, position: int, n: int) -> int:
    """How far the walk has come once `position` has been visited."""
    return (position - begin) % n + 1


def _digest(*parts: object) -> bytes:
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()
