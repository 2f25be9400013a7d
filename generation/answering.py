"""The work of a run: each row asks its prompt, and keeps what the model said."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from generation.actions import cancel, record_answer, record_failure
from generation.conversation import request_for, script
from generation.messages import ChatAnswer, ChatRequest
from generation.models import Completion, Condition, LanguageModel, Run
from generation.queue import WorkQuerySet
from generation.shifts import Shift


@dataclass(frozen=True)
class Answering:
    """A run as `generation.work.Work`."""

    run: Run
    model: LanguageModel
    condition: Condition

    @property
    def rows(self) -> WorkQuerySet[Completion]:
        return self.run.completions.select_related("prompt")

    def is_cancelled(self) -> bool:
        return Run.objects.filter(pk=self.run.pk, cancel_requested_at__isnull=False).exists()

    def request_for(self, row: Completion) -> ChatRequest:
        return request_for(self.model, self.condition, row, plays_turns=self.run.plays_turns)

    def keep(self, row: Completion, answer: ChatAnswer, *, worker: str, at: datetime) -> bool:
        request = self.request_for(row)
        return record_answer(
            run=self.run, row=row, request=request, answer=answer, worker=worker, at=at
        )

    def fail(self, row: Completion, reason: str, *, worker: str, at: datetime) -> bool:
        return record_failure(row=row, reason=reason, worker=worker, at=at)


def shift_on(run: Run) -> Shift | None:
    """A shift on this run; None for an imported run, which asks nobody."""
    if run.condition is None:
        return None
    return Shift(job=run, work=Answering(run, run.model, run.condition), model=run.model)


def n_answers(run: Run) -> int:
    """How many times the model is asked: once a row, or once a turn that is played."""
    if not run.plays_turns:
        return run.completions.count()
    said = run.completions.order_by().values_list("prompt__messages", flat=True)
    return sum(len(script(messages)) for messages in said.iterator())


def wait_for(
    run: Run,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    on_row: Callable[[], None] = lambda: None,
) -> str:
    """Work on the run in this process until it has ended; its state. Stopped, it is cancelled."""
    run = Run.objects.select_related(
        "model__endpoint", "model__base__endpoint", "condition", "prompt_set"
    ).get(pk=run.pk)
    shift = shift_on(run)
    if shift is None:
        return run.state
    shift = replace(shift, should_stop=should_stop, on_row=on_row, invites=False)
    while (state := shift.run()) == "running" and not should_stop():
        if not shift.has_work():
            time.sleep(1.0)  # the last rows are in another worker's hands
    if state == "running":
        cancel(by=None, job=run, at=timezone.now())
        run.refresh_from_db(fields=["state"])
    return run.state
