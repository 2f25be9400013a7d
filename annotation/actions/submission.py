"""Takes a rater's answers, once: the same key with the same body always gets the same answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from annotation import answers, blinding, repeats, strategies
from annotation.actions import care, drafts, given, leases
from annotation.actions.drafts import LeaseLost
from annotation.models import Assignment, Rater
from gate.text import digest

MAX_KEY = 80


class KeyReused(Exception):
    """The key came before with other answers."""

    http_status = 422


class StudyClosed(LeaseLost):
    """The study takes no more ratings. What was typed is kept."""


class AlreadyFinished(Exception):
    """The item was submitted or skipped before, under another key."""

    http_status = 409


@dataclass(frozen=True)
class Receipt:
    """What became of the answers. A replay gets an equal one."""

    assignment: str
    submitted_at: datetime


def submit(
    *,
    assignment: Assignment,
    rater: Rater,
    token: str,
    key: str,
    ratings: object,
    preference: object,
    at: datetime,
    reason: object = None,
) -> Receipt:
    """Write the ratings and the preference; all of it or nothing.

    Raises `answers.Unfit`, `KeyReused`, `AlreadyFinished`, `LeaseLost` or `StudyClosed`. In the
    last two cases the answers are kept as a draft. Costs one read and four statements.
    """
    if assignment.rater_id != rater.pk:
        raise LeaseLost(gettext("This item is held by somebody else."))
    sent: dict[str, Any] = {"ratings": ratings, "preference": preference, "reason": reason}
    body_digest = digest(token, *sent.values())
    if assignment.state in Assignment.FINISHED:
        return _replayed(assignment, key, body_digest)
    checked = _checked(assignment, sent)
    with transaction.atomic():
        moved = assignment.study.is_open and (
            Assignment.objects.leased()
            .filter(pk=assignment.pk, token=token, lease_expires_at__gt=at)
            .update(
                state=Assignment.State.SUBMITTED,
                lease_expires_at=None,
                finished_at=at,
                draft=None,
                submit_key=key,
                submit_digest=body_digest,
                repeat_due_at=_due_again(assignment, at),
            )
        )
        if moved:
            given.write(assignment, checked, at)
            care.work(assignment, at)
    if moved:
        return Receipt(assignment.pk, at)
    return _not_moved(assignment, (key, body_digest), token, sent, at)


def _checked(assignment: Assignment, sent: dict[str, Any]) -> answers.Answers:
    study = assignment.study
    sheet = study.sheet
    offered = strategies.offered(assignment.item_id, sheet)
    return answers.check(
        **sent,
        sheet=sheet,
        strategies=[each.slug for each in offered],
        slots=tuple(blinding.arms(assignment.shown)),
        asks_preference=study.asks_preference,
        asks_ratings=study.asks_ratings,
        asks_reason=study.asks_reason,
    )


def _due_again(assignment: Assignment, at: datetime) -> datetime | None:
    """When the rater is shown this item once more; None: never, or this is that time."""
    study = assignment.study
    if assignment.occasion == 2 or not study.repeat_percent:
        return None
    return repeats.due_at(
        seed=study.seed,
        rater_id=assignment.rater_id,
        item_id=assignment.item_id,
        percent=study.repeat_percent,
        days=study.repeat_after_days,
        at=at,
    )


def _replayed(assignment: Assignment, key: str, body_digest: str) -> Receipt:
    if assignment.submit_key != key or assignment.finished_at is None:
        raise AlreadyFinished(gettext("You have finished this item before. Nothing was changed."))
    if assignment.submit_digest != body_digest:
        raise KeyReused(
            gettext("This Idempotency-Key came before with other answers. Nothing was changed.")
        )
    return Receipt(assignment.pk, assignment.finished_at)


def _not_moved(
    assignment: Assignment,
    replay: tuple[str, str],
    token: str,
    sent: dict[str, Any],
    at: datetime,
) -> Receipt:
    """A replay that ran beside the first, or a lease that was lost."""
    now = Assignment.objects.select_related("study").get(pk=assignment.pk)
    if now.state in Assignment.FINISHED:
        return _replayed(now, *replay)
    is_kept = drafts.keep(assignment=assignment, token=token, body=sent, at=at)
    if not now.study.is_open:
        raise StudyClosed(
            gettext("This study is closed. Nothing was counted; your answers are kept.")
        )
    if not is_kept:
        raise LeaseLost(
            gettext(
                "You have gone on with this item in another tab, and what you wrote there is "
                "kept. Nothing of this tab was counted. Load the page to go on."
            )
        )
    raise LeaseLost(
        gettext(
            "This item had gone back to the pool before you sent it. Nothing was counted. "
            "Your answers are kept: load the page to go on."
        )
    )


def skip(*, assignment: Assignment, token: str, at: datetime) -> None:
    """The item goes to somebody else and never comes back to this rater. No reason is asked."""
    skipped = Assignment.State.SKIPPED
    if leases.release(pk=assignment.pk, token=token, to=skipped, finished_at=at):
        return
    expired = Assignment.objects.filter(pk=assignment.pk, state=Assignment.State.EXPIRED)
    if expired.update(state=skipped, finished_at=at):
        return
    if not Assignment.objects.filter(pk=assignment.pk, state=skipped).exists():
        raise AlreadyFinished(gettext("This item was sent already, or is open in another tab."))
