"""One shift of a worker on a job of any kind: begin, open the model's place, work, settle."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from gate.identity import new_id
from generation.actions import jobs
from generation.bell import invite, ring
from generation.models import LanguageModel
from generation.queue import Job
from generation.serving import CannotAsk, Place, open_place
from generation.work import Limits, Outcome, Work, work_off

log = logging.getLogger(__name__)

# How often in a shift a server that comes back is waited for before anything was asked of it.
N_OPENINGS = 3
SIGN_OF_LIFE = timedelta(seconds=10)


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
    invites: bool = True
    open_place: Callable[[LanguageModel, Callable[[], bool]], Place] = open_place

    def run(self) -> str:
        """The job's state afterwards; `running` if rows still wait. Never raises for a server."""
        return self._run()[0]

    def run_and_ring(self) -> str:
        """`run`, and the bell for the next shift if this worker could do more."""
        state, trouble = self._run()
        if state == "running" and not trouble and self.has_work():
            ring(self.job, at=self.clock())
        return state

    def has_work(self) -> bool:
        """Whether a worker who came now would find a row to ask."""
        rows = self.work.rows
        if self.work.is_cancelled():
            return False  # who holds its last rows settles it
        if rows.waiting_in_company().exists():
            return True
        return rows.waiting().exists() and not rows.in_hands().exists()

    def _run(self) -> tuple[str, str]:
        """The job's state, and what kept this worker from asking."""
        if not jobs.begin(self.job, at=self.clock()):
            self.job.refresh_from_db(fields=["state"])
            return self.job.state, ""
        if not self.has_work():
            return self._settle(Outcome()), ""
        place: Place | None = None
        # A server that is still needed goes on; the next shift takes it over.
        state = "failed"
        try:
            place, outcome = self._ask()
            state = self._settle(outcome)
        finally:
            if place and state != "running":
                place.close()
        return state, outcome.trouble

    def _ask(self) -> tuple[Place | None, Outcome]:
        """Open the place and work there; a server that dies before it was asked is opened again."""
        for _ in range(N_OPENINGS):
            try:
                place = self.open_place(self.model, self._sign_of_life())
            except CannotAsk as error:
                return None, Outcome(trouble=str(error))
            self._invite_others(place)
            outcome = self._work(place)
            if not (outcome.is_gone and place.comes_back):
                break
            if outcome.is_progress:
                # Somebody starts it again: no trouble, the next shift waits for it.
                return place, replace(outcome, trouble="")
        return place, outcome

    def _invite_others(self, place: Place) -> None:
        """More rows wait than this worker can have under way: one more worker may join.

        Who joins does the same, so all that are idle come, one after another. Rung only by who
        could open the place: a host that cannot serve the model would invite itself for ever.
        """
        if not (self.invites and place.is_shared):
            return
        rows, n = self.work.rows.waiting_in_company(), place.in_flight
        if rows.order_by("pk").values("pk")[n : n + 1]:
            invite(self.job, at=self.clock())

    def _work(self, place: Place) -> Outcome:
        return work_off(
            self.work,
            place.client(),
            worker=f"worker-{new_id()}",
            limits=self.limits,
            clock=self.clock,
            should_stop=self.should_stop,
            on_row=self.on_row,
            is_shared=place.is_shared,
        )

    def _sign_of_life(self) -> Callable[[], bool]:
        """Whether to stop waiting for the server; asking it tells the sweeper that we wait."""
        seen = self.clock()

        def must_stop() -> bool:
            nonlocal seen
            if self.clock() - seen > SIGN_OF_LIFE:
                seen = self.clock()
                jobs.stay(self.job, at=seen)
            return self.should_stop() or self.work.is_cancelled()

        return must_stop

    def _settle(self, outcome: Outcome) -> str:
        if outcome.trouble:
            log.warning("A shift on %s ended early: %s", self.job.pk, outcome.trouble)
        return jobs.settle(self.job, self.work.rows, at=self.clock(), trouble=outcome.trouble)
