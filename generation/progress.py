"""How far a job is, in numbers and words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

TOO_FEW = 5
WINDOW = timedelta(minutes=5)


@dataclass(frozen=True)
class Pace:
    """What came in during the last `seconds`."""

    n_rows: int = 0
    n_tokens: int = 0
    seconds: float = 0.0

    @property
    def tokens_per_second(self) -> int | None:
        """None while nothing came in, or where the server counts no tokens."""
        return round(self.n_tokens / self.seconds) if self.seconds and self.n_tokens else None

    @property
    def minutes(self) -> int:
        return max(1, round(self.seconds / 60))


@dataclass(frozen=True)
class Progress:
    """Rows by state. `worked_s` is how long the job has been worked on."""

    waiting: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0
    worked_s: float = 0.0
    pace: Pace | None = None

    @classmethod
    def of(
        cls,
        counts: Mapping[str, int],
        *,
        started_at: datetime | None = None,
        now: datetime | None = None,
        pace: Pace | None = None,
    ) -> "Progress":
        worked_s = (now - started_at).total_seconds() if now and started_at else 0.0
        return cls(
            waiting=counts["pending"],
            running=counts["running"],
            done=counts["done"],
            failed=counts["failed"],
            worked_s=worked_s,
            pace=pace,
        )

    @property
    def total(self) -> int:
        return self.waiting + self.running + self.done + self.failed

    @property
    def ended(self) -> int:
        return self.done + self.failed

    @property
    def left(self) -> int:
        return self.waiting + self.running

    @property
    def minutes_left(self) -> int | None:
        """At the pace of the last minutes, or so far; None while that would be a guess."""
        if self.pace:
            seconds = self.left * self.pace.seconds / max(self.pace.n_rows, 1)
            is_guess = self.pace.n_rows < TOO_FEW or not self.left
            return None if is_guess else max(1, round(seconds / 60))
        if self.ended < TOO_FEW or not self.left or self.worked_s <= 0:
            return None
        return max(1, round(self.left * self.worked_s / self.ended / 60))

    @property
    def words(self) -> str:
        """ "120 of 450, about 3 minutes left"."""
        words = _("%(done)s of %(total)s") % {"done": f"{self.ended:,}", "total": f"{self.total:,}"}
        minutes = self.minutes_left
        if minutes is None:
            return words
        left = ngettext("about %(n)d minute left", "about %(n)d minutes left", minutes)
        return f"{words}, {left % {'n': minutes}}"
