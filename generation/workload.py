"""What a shift needs to know of its work: the rows, how long it lasts, what came of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from django.conf import settings

from generation.chat import Pace, Patience
from generation.messages import ChatAnswer, ChatRequest
from generation.queue import WorkItem, WorkQuerySet

R = TypeVar("R", bound=WorkItem)


class Work(Protocol[R]):
    """What a kind of job tells about its rows. Every method is called in the calling thread."""

    @property
    def rows(self) -> WorkQuerySet[R]:
        """All rows of the job, loading what `request_for` reads (select_related)."""
        ...

    def is_cancelled(self) -> bool:
        """One small query; asked every second."""
        ...

    def request_for(self, row: R) -> ChatRequest: ...

    def keep(self, row: R, answer: ChatAnswer, *, worker: str, at: datetime) -> bool:
        """Write the answer by `rows.finish`; or hand the row back to have it asked again."""
        ...

    def fail(self, row: R, reason: str, *, worker: str, at: datetime) -> bool:
        """Write by `rows.finish` that the row has failed for good."""
        ...


def _patience() -> Pace:
    return Pace(patience=Patience(budget_s=240.0), drain_s=10.0)


@dataclass(frozen=True)
class Limits:
    """How long a shift lasts. After `draw_s` no new row is taken; after `stop_s` all is dropped."""

    draw_s: float = field(default_factory=lambda: settings.TASK_MINUTES * 60.0)
    stop_s: float = field(default_factory=lambda: settings.TASK_MINUTES * 120.0)
    beat_s: float = 1.0
    n_tries: int = 3  # to reach the server at the start; ten times as many once it has answered
    between_tries_s: float = 2.0
    pace: Pace = field(default_factory=_patience)


@dataclass(frozen=True)
class Outcome:
    """What a shift achieved. `trouble` says in words why nobody can be asked."""

    n_kept: int = 0
    n_failed: int = 0
    n_lost: int = 0  # answers to rows that another worker held by then
    trouble: str = ""
    is_gone: bool = False  # the trouble is that the server went away, or never came
    n_cut: int = 0  # rows under which the server died, counted as an attempt

    @property
    def is_progress(self) -> bool:
        """Whether it brought the job nearer to its end, so that a next shift may go on."""
        return bool(self.n_kept or self.n_failed or self.n_lost or self.n_cut)
