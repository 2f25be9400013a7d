"""Judge runs: started, resumed, cancelled, swept."""

from datetime import datetime

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from generation.actions import jobs
from generation.bell import ring
from generation.models import Run
from generation.queue import State
from judging.actions.refusals import NotPossible
from judging.models import Judge, Judgement, JudgeRun

BATCH = 1000


@transaction.atomic
def start_judge_run(
    *, by: User | None, judge: Judge, run: Run, at: datetime, rings: bool = True
) -> JudgeRun:
    """The judge over every answer of the run that it has not seen yet."""
    judge_run, _ = JudgeRun.objects.get_or_create(judge=judge, run=run, defaults={"created_by": by})
    if _add_unseen(judge_run):
        moved = JudgeRun.move(
            judge_run.pk,
            come_from=["pending", "failed", "cancelled", "done"],
            to="pending",
            cancel_requested_at=None,
            finished_at=None,
            last_error="",
        )
        if moved and rings:
            ring(judge_run, at=at)
        record(by=by, verb="judge run started", target=judge_run.pk, note=str(judge_run))
    judge_run.refresh_from_db()
    return judge_run


def _add_unseen(judge_run: JudgeRun) -> int:
    """A waiting row for every answer that has none. Refuses a run without answers."""
    answers = judge_run.run.completions.filter(state=State.DONE)
    if not answers.exists():
        raise NotPossible(f"{judge_run.run} has no answers yet, so there is nothing to judge.")
    seen = Judgement.objects.filter(judge_run=judge_run).values("completion_id")
    unseen = list(answers.exclude(pk__in=seen).order_by("pk").values_list("pk", flat=True))
    rows = [Judgement(judge_run=judge_run, completion_id=pk) for pk in unseen]
    Judgement.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def resume(*, by: User | None, judge_run: JudgeRun, at: datetime, rings: bool = True) -> int:
    """Ask again for what has no verdict yet, failed rows included. How many wait now."""
    n = jobs.resume(judge_run, judge_run.judgements.all(), at=at, rings=rings)
    record(by=by, verb="judge run resumed", target=judge_run.pk, note=f"{n} waiting")
    return n


@transaction.atomic
def cancel(*, by: User | None, judge_run: JudgeRun, at: datetime) -> None:
    """Ask no more; the verdicts that came in stay."""
    jobs.cancel(judge_run, judge_run.judgements.all(), at=at)
    record(by=by, verb="judge run cancelled", target=judge_run.pk)


def sweep(*, at: datetime) -> tuple[int, int]:
    """Return expired leases and ring for judge runs that nobody works on: (rows, bells)."""
    return jobs.sweep_jobs(JudgeRun, Judgement.objects.all(), field="judge_run", at=at)
