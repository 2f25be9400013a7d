"""Judge runs: started, resumed, cancelled, swept."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice, product

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.actions import record
from accounts.models import User
from generation.actions import jobs
from generation.bell import ring
from generation.models import Completion, Run
from generation.queue import State
from judging.actions.refusals import NotPossible
from judging.models import Anchor, Judge, Judgement, JudgeRun
from judging.sheets import answerable_of

BATCH = 1000


@transaction.atomic
def start_judge_run(
    *, by: User | None, judge: Judge, run: Run, at: datetime, rings: bool = True
) -> JudgeRun:
    """The judge over every answer of the run, and every live anchor, that it has not seen yet."""
    if judge.kind == Judge.Kind.SIDE_BY_SIDE:
        raise NotPossible(
            gettext("%(judge)s compares answers of two runs. Put two runs side by side.")
            % {"judge": judge}
        )
    judge_run, _ = JudgeRun.objects.get_or_create(judge=judge, run=run, defaults={"created_by": by})
    if _add_unseen(judge_run):
        moved = JudgeRun.wait_again(
            judge_run.pk, come_from=["pending", "failed", "cancelled", "done"]
        )
        if moved and rings:
            ring(judge_run, at=at)
        record(by=by, verb="judge run started", target=judge_run.pk, note=str(judge_run))
    judge_run.refresh_from_db()
    return judge_run


def _add_unseen(judge_run: JudgeRun) -> int:
    """A waiting row for everything that has none. Refuses a run without answers."""
    if not judge_run.run.completions.filter(state=State.DONE).exists():
        raise NotPossible(
            gettext("%(run)s has no answers yet, so there is nothing to judge.")
            % {"run": judge_run.run}
        )
    rows, n = rows_for(judge_run.judge, judge_run), 0
    while batch := list(islice(rows, BATCH)):
        Judgement.objects.bulk_create(batch, ignore_conflicts=True)
        n += len(batch)
    return n


def rows_for(judge: Judge, judge_run: JudgeRun) -> Iterator[Judgement]:
    """The rows of work that are missing: a judge's settings say how many an answer has.

    All rows of an answer are made together, so an answer with any row has them all.
    """
    seen = judge_run.judgements.all()
    answers = judge_run.run.completions.filter(state=State.DONE).exclude(
        pk__in=seen.filter(completion__isnull=False).values("completion_id")
    )
    anchors = Anchor.objects.live(judge.rubric_id).exclude(
        pk__in=seen.filter(anchor__isnull=False).values("anchor_id")
    )
    asked = list(_askings(judge))
    for name, keys in (("anchor_id", _keys(anchors)), ("completion_id", _keys(answers))):
        for pk, (criterion, replicate) in product(keys, asked):
            yield Judgement(
                judge_run=judge_run, criterion_id=criterion, replicate=replicate, **{name: pk}
            )


def _keys(rows: QuerySet[Anchor] | QuerySet[Completion]) -> list[str]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _askings(judge: Judge) -> Iterable[tuple[str | None, int]]:
    """(criterion, or none for all at once, replicate): how often an answer comes before it."""
    criteria: list[str | None] = [None]
    if judge.asks_one_by_one:
        criteria = [criterion.pk for criterion in answerable_of(judge.rubric)]
    return product(criteria, range(1, judge.replicates + 1))


def sweep(*, at: datetime) -> tuple[int, int]:
    """Return expired leases and ring for judge runs that nobody works on: (rows, bells)."""
    return jobs.sweep_jobs(JudgeRun, Judgement.objects.all(), field="judge_run", at=at)
