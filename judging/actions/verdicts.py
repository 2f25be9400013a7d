"""What a judge said: asked again, failed, or kept once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from annotation.models import Criterion
from gate.text import visible
from generation.queue import State
from judging.models import Judgement, Verdict
from judging.parsing import Reading


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
        by_key = {criterion.key: criterion for criterion in criteria}
        Verdict.objects.bulk_create(
            [verdict_of(judgement, by_key[reading.key], reading, at) for reading in readings]
        )
    return kept


def verdict_of(
    judgement: Judgement, criterion: Criterion, reading: Reading, at: datetime
) -> Verdict:
    """A row, not stored yet."""
    return Verdict(
        judgement=judgement,
        judge_id=judgement.judge_run.judge_id,
        completion_id=judgement.completion_id,
        anchor_id=judgement.anchor_id,
        criterion=criterion,
        replicate=judgement.replicate,
        value=reading.value,
        picked=None if reading.picked is None else list(reading.picked),
        words=reading.words,
        expected_value=reading.expected_value,
        unscored_reason=reading.unscored_reason[:300],
        evidence=reading.evidence,
        reasoning=reading.reasoning,
        created_at=at,
    )
