"""What a side-by-side judge said: asked again, failed, or kept once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from gate.text import visible
from generation.queue import State
from judging.models import Duel
from judging.side_by_side import Reading, of_runs


@transaction.atomic
def ask_duel_again(*, duel: Duel, worker: str) -> bool:
    """Hand an unread row back for another try, with the ask counted."""
    held = Duel.objects.filter(pk=duel.pk, state=State.RUNNING, claimed_by=worker)
    counted = held.update(n_asks=F("n_asks") + 1)
    return bool(counted and Duel.objects.hand_back(worker=worker, keys=[duel.pk], refund=True))


def record_duel_failure(*, duel: Duel, reason: str, worker: str) -> bool:
    """The judge could not be asked about this pair in this order, for good."""
    return Duel.objects.finish(
        duel.pk, worker=worker, state=State.FAILED, error=visible(reason)[:2000]
    )


def keep_choice(
    *,
    duel: Duel,
    worker: str,
    reading: Reading,
    raw: str,
    provenance: dict[str, Any],
    at: datetime,
) -> bool:
    """The judge's choice in terms of the runs, once. False: the lease was lost, nothing is kept."""
    return Duel.objects.finish(
        duel.pk,
        worker=worker,
        state=State.DONE,
        choice=of_runs(reading.choice, is_swapped=duel.is_swapped),
        unscored_reason=reading.unscored_reason[:300],
        reasoning=reading.reasoning,
        raw=visible(raw),
        n_asks=duel.n_asks + 1,
        completed_at=at,
        provenance=provenance,
    )
