"""Keeps unfinished answers, so that nothing typed is lost."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from annotation import answers, blinding
from annotation.actions import care
from annotation.fitting import MAX_RATIONALE
from annotation.models import Assignment
from gate.text import problem


class LeaseLost(Exception):
    """The item is no longer held under this token. What was typed is kept."""

    http_status = 409


def save(*, assignment: Assignment, token: str, body: Any, at: datetime) -> datetime:
    """Keep what was typed and prolong the lease; returns when.

    A late save still keeps the text while no newer lease is held, but never disturbs one.
    """
    kept = tidied(assignment, body)
    held = Q(state=Assignment.State.LEASED, token=token, lease_expires_at__gt=at)
    row = Assignment.objects.filter(pk=assignment.pk)
    end = at + timedelta(minutes=assignment.study.lease_minutes)
    if row.filter(held).update(draft=kept, draft_saved_at=at, lease_expires_at=end):
        care.work(assignment, at, is_draft=True)
        return at
    late = Q(state=Assignment.State.EXPIRED) | Q(state=Assignment.State.LEASED, token=token)
    if row.filter(late).update(draft=kept, draft_saved_at=at):
        raise LeaseLost(
            gettext(
                "This item was held for you for a while and has come back to the pool. "
                "What you wrote is kept. Load the page to go on."
            )
        )
    raise LeaseLost(
        gettext("This item is open in another tab, or was sent already. Load the page to go on.")
    )


def keep(*, assignment: Assignment, token: str, body: Any, at: datetime) -> bool:
    """Keep what could not be submitted, on whatever became of the lease; whether it was kept.

    What was written under a newer lease is never written over.
    """
    newer = Q(state=Assignment.State.LEASED, draft__isnull=False) & ~Q(token=token)
    unfinished = Assignment.objects.filter(pk=assignment.pk).exclude(
        state=Assignment.State.SUBMITTED
    )
    kept = unfinished.exclude(newer).update(draft=tidied(assignment, body), draft_saved_at=at)
    return bool(kept)


def tidied(assignment: Assignment, body: Any) -> Any:
    """What of `body` ({"ratings", "preference", "reason"}) can be kept."""
    body = body if isinstance(body, dict) else {}
    kept = answers.tidy(
        body.get("ratings"),
        body.get("preference"),
        sheet=assignment.study.sheet,
        slots=tuple(blinding.arms(assignment.shown)),
    )
    reason = body.get("reason")
    if isinstance(reason, str) and reason and problem(reason, limit=MAX_RATIONALE * 4) is None:
        kept["reason"] = reason
    return kept
