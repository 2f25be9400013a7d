"""One shift of a worker on a job of any kind: begin, open the model's place, work, settle."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from gate.identity import new_id
from generation.actions import jobs
from generation.bell import ring
from generation.models import LanguageModel
from generation.queue import Job
from generation.serving import CannotAsk, Place, open_place
from generation.work import Limits, Outcome, Work, work_off


@dataclass(frozen=True)
class Shift:
    """What a worker does for one job. Tests pass their own limits, clock and way to open."""

    job: Job
    work: Work[Any]
    model: LanguageModel
    limits: Limits | None = None
    clock: Callable[[], datetime] = timezone.now
    should_stop: Callable[[], bool] = lambda: False
    on_row: Callable[[], None] = lambda: None
    open_place: Callable[[LanguageModel, Callable[[], bool]], Place] = open_place

    def run(self) -> str:
        """The job's state afterwards; `running` if rows still wait. Never raises for a server."""
        if not jobs.begin(self.job, at=self.clock()):
            self.job.refresh_from_db(fields=["state"])
            return self.job.state
        try:
            place = self.open_place(self.model, self._must_stop)
        except CannotAsk as error:
            return self._settle(Outcome(trouble=str(error)))
        # A server that is still needed goes on; the next shift takes it over.
        state = "failed"
        try:
            state = self._settle(self._work(place), comes_back=place.comes_back)
        finally:
            if state != "running":
                place.close()
        return state

    def run_and_ring(self) -> str:
        """`run`, and the bell for the next shift if rows still wait."""
        state = self.run()
        if state == "running" and self.work.rows.waiting().exists():
            ring(self.job, at=self.clock())
        return state

    def _work(self, place: Place) -> Outcome:
        return work_off(
            self.work,
            place.client(),
            worker=f"worker-{new_id()}",
            limits=self.limits,
            clock=self.clock,
            should_stop=self.should_stop,
            on_row=self.on_row,
        )

    def _must_stop(self) -> bool:
        return self.should_stop() or self.work.is_cancelled()

    def _settle(self, outcome: Outcome, *, comes_back: bool = False) -> str:
        """A server that somebody starts again is no trouble: the next shift waits for it."""
        trouble = "" if comes_back else outcome.trouble
        return jobs.settle(self.job, self.work.rows, at=self.clock(), trouble=trouble)
