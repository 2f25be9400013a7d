"""When a model server is asked again, and after how long.

Pure: randomness, the date and the seconds gone by are passed in. Waits follow exponential
backoff with full jitter, so that many clients do not come back at the same moment.
"""

import enum
import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

AGAIN_STATUSES = frozenset({408, 425, 429})
OVERLOADED_STATUSES = frozenset({429, 503})


class Fate(enum.Enum):
    """What a failed attempt means for the next one."""

    AGAIN = "again"  # the server's trouble: asked again until the patience is used up
    COUNTED = "counted"  # an unusable answer: asked again a few times only
    NEVER = "never"  # the request itself is at fault


@dataclass(frozen=True)
class Patience:
    """How long one request is tried: `budget_s` seconds in all, waits growing to `longest_s`.

    A wait that a server asks for is granted up to `most_asked_s`: its clock may be wrong, and a
    quota that comes back tomorrow is for a person to wait for.
    """

    first_s: float = 1.0
    longest_s: float = 60.0
    budget_s: float = 600.0
    n_counted: int = 3
    most_asked_s: float = 120.0

    def granted_s(self, retry_after: float | None) -> float:
        """How long to leave a server alone that asks for it."""
        return min(max(retry_after or 0.0, 0.0), self.most_asked_s)


@dataclass(frozen=True)
class Attempts:
    """What one request has been through so far; `elapsed_s` counts from its first attempt."""

    n_failed: int = 0
    n_counted: int = 0
    elapsed_s: float = 0.0

    def after(self, fate: Fate, *, elapsed_s: float) -> "Attempts":
        n_counted = self.n_counted + (fate is Fate.COUNTED)
        return Attempts(self.n_failed + 1, n_counted, elapsed_s)


def fate_of(status: int) -> Fate:
    """Fate of an HTTP status other than 200. Redirects are never followed, so they are final."""
    return Fate.AGAIN if status in AGAIN_STATUSES or status >= 500 else Fate.NEVER


def ceiling(n_failed: int, patience: Patience) -> float:
    """Longest wait in seconds after the n-th failure in a row (n from 1)."""
    doublings = min(max(n_failed - 1, 0), 32)
    return min(patience.longest_s, patience.first_s * 2.0**doublings)


def next_wait(
    fate: Fate,
    attempts: Attempts,
    patience: Patience,
    rng: random.Random,
    *,
    retry_after: float | None = None,
) -> float | None:
    """Seconds to wait before asking again, or None to give up.

    `attempts` includes the failure just seen. What the patience grants of a wait asked for by the
    server is kept to: if it does not fit into what is left, the request is given up instead.
    """
    if fate is Fate.NEVER:
        return None
    if fate is Fate.COUNTED and attempts.n_counted >= patience.n_counted:
        return None
    wait = rng.uniform(0.0, ceiling(attempts.n_failed, patience))
    wait += patience.granted_s(retry_after)
    return wait if attempts.elapsed_s + wait <= patience.budget_s else None


def read_retry_after(header: str | None, *, now: datetime) -> float | None:
    """Seconds asked for by a Retry-After header (a number or an HTTP date), None if unreadable."""
    text = (header or "").strip()
    try:
        seconds = float(text)
    except ValueError:
        return _seconds_until(text, now)
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _seconds_until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
