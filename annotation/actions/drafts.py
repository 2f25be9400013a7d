"""Keeps unfinished answers, so that nothing typed is lost."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from annotation import answers, blinding
from annotation.models import Assignment


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
        return at
    late = Q(state=Assignment.State.EXPIRED) | Q(state=Assignment.State.LEASED, token=token)
    if row.filter(late).update(draft=kept, draft_saved_at=at):
        raise LeaseLost(
            "This item was held for you for a while and has come back to the pool. "
            "What you wrote is kept. Load the page to go on."
        )
    raise LeaseLost(
        "This item is open in another tab, or was sent already. Load the page to go on."
    )


def keep(*, assignment: Assignment, body: Any, at: datetime) -> None:
    """Keep what could not be submitted, on whatever became of the lease."""
    unfinished = Assignment.objects.filter(pk=assignment.pk).exclude(
        state=Assignment.State.SUBMITTED
    )
    unfinished.update(draft=tidied(assignment, body), draft_saved_at=at)


def tidied(assignment: Assignment, body: Any) -> Any:
    """What of `body` ({"ratings", "preference"}) can be kept."""
    body = body if isinstance(body, dict) else {}
    return answers.tidy(
        body.get("ratings"),
        body.get("preference"),
        sheet=assignment.study.rubric.sheet,
        slots=tuple(blinding.arms(assignment.shown)),
    )
