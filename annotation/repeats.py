"""Which items a rater sees a second time, when, and how they are mixed with new ones.

All of it follows from the study's seed and the ids, so it can be made again by whoever knows the
seed; nothing that a rater sees depends on it but the order of what comes.
"""

import hashlib
from datetime import datetime, timedelta
from math import factorial

from annotation import blinding

# One in so many draws is a repeat while some are due: they come among new items, not in a block.
ONE_IN = 3
# Of three draws two are of the core, while this rater has any of it left.
CORE_OF_THREE = 2


def due_at(
    *, seed: int, rater_id: str, item_id: str, percent: int, days: int, at: datetime
) -> datetime | None:
    """When an item that was submitted `at` may come back to its rater; None: it does not."""
    if _number("repeat", seed, rater_id, item_id) % 10_000 >= percent * 100:
        return None
    return at + timedelta(days=days)


def comes_now(*, seed: int, rater_id: str, again: str, new: str) -> bool:
    """Whether of an item that is due again and a new one the repeat comes first.

    Asked anew for every pair, so neither repeats nor new items come in a block.
    """
    return _number("mix", seed, rater_id, again, new) % ONE_IN == 0


def core_comes_now(*, seed: int, rater_id: str, core: str, other: str) -> bool:
    """Whether of a core item and another one the core's comes first."""
    return _number("core", seed, rater_id, core, other) % 3 < CORE_OF_THREE


def other_order(first: str, *, seed: int, rater_id: str, item_id: str) -> str:
    """Another order of the answers than the stored `first`; each other one is equally likely.

    One answer has one order.
    """
    shown = tuple(blinding.arms(first).values())
    n = len(shown)
    if n < 2:
        return first
    rank = blinding.rank(shown)
    step = 1 + _number("other", seed, rater_id, item_id) % (factorial(n) - 1)
    return blinding.stored(blinding.order((rank + step) % factorial(n), n))


def _number(*parts: object) -> int:
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
