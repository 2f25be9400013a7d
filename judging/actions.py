"""Everything that changes judges, their runs and their verdicts."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.actions import record
from accounts.models import User
from annotation.models import Criterion, Rubric
from gate.text import accept, digest, visible
from generation.actions import jobs
from generation.bell import ring
from generation.models import LanguageModel, Run
from generation.queue import State
from judging.models import Judge, Judgement, JudgeRun, Verdict
from judging.parsing import Reading
from judging.prompting import AFTER

DEFAULT_PROMPT = Path(settings.BASE_DIR) / "judging" / "prompts" / "rubric_judge.txt"
BATCH = 1000


class NotPossible(Exception):
    """The action is refused; the message is for the person who asked."""

    http_status = 409


@transaction.atomic
def make_judge(
    *,
    by: User | None,
    name: str,
    model: LanguageModel,
    rubric: Rubric,
    prompt: str = "",
    temperature: float = 0.0,
    max_tokens: int = 1500,
    seed: int = 0,
) -> Judge:
    """A judge. Its prompt must hold the places for the rubric and the fence, before and after."""
    prompt = accept(prompt, where="The judge's prompt") or DEFAULT_PROMPT.read_text("utf-8")
    for place in ("{rubric}", "{fence}", AFTER):
        if place not in prompt:
            raise NotPossible(f"The judge's prompt has no {place!r}. It needs one.")
    if model.endpoint_id is None:
        raise NotPossible(f"{model} has no endpoint, so it cannot be asked. Choose another model.")
    if Judge.objects.filter(name=name).exists():
        raise NotPossible(f"There is a judge called {name!r} already. A change is a new judge.")
    return Judge.objects.create(
        name=accept(name, where="The judge's name", limit=80),
        model=model,
        rubric=rubric,
        prompt=prompt,
        prompt_digest=digest(prompt),
        temperature=temperature,
        max_tokens=max_tokens,
        seed=seed,
        created_by=by,
    )


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


@transaction.atomic
def ask_again(*, judgement: Judgement, worker: str) -> bool:
    """Hand an unread row back for another try, with the ask counted."""
    held = Judgement.objects.filter(pk=judgement.pk, state=State.RUNNING, claimed_by=worker)
    counted = held.update(n_asks=F("n_asks") + 1)
    return bool(
        counted and Judgement.objects.hand_back(worker=worker, keys=[judgement.pk], refund=True)
    )


def record_failure(*, judgement: Judgement, reason: str, worker: str) -> bool:
    """The judge could not be asked about this answer, for good."""
    return Judgement.objects.finish(
        judgement.pk, worker=worker, state=State.FAILED, error=visible(reason)[:2000]
    )


@transaction.atomic
def keep_verdicts(
    *,
    judgement: Judgement,
    worker: str,
    readings: Sequence[Reading],
    criteria: Sequence[Criterion],
    raw: str,
    n_asks: int,
    provenance: dict[str, Any],
    at: datetime,
) -> bool:
    """The judge's answer and its verdicts, once. False: the lease was lost and nothing is kept."""
    kept = Judgement.objects.finish(
        judgement.pk,
        worker=worker,
        state=State.DONE,
        raw=visible(raw),
        n_asks=n_asks,
        completed_at=at,
        provenance=provenance,
    )
    if kept:
        Verdict.objects.bulk_create(
            [
                _verdict(judgement, criterion, reading, at)
                for criterion, reading in zip(criteria, readings, strict=True)
            ]
        )
    return kept


def _verdict(judgement: Judgement, criterion: Criterion, reading: Reading, at: datetime) -> Verdict:
    return Verdict(
        judgement=judgement,
        judge_id=judgement.judge_run.judge_id,
        completion_id=judgement.completion_id,
        criterion=criterion,
        value=reading.value,
        unscored_reason=reading.unscored_reason[:300],
        evidence=reading.evidence,
        reasoning=reading.reasoning,
        created_at=at,
    )
