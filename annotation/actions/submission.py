"""Takes a rater's answers, once: the same key with the same body always gets the same answer."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from annotation import answers, blinding, repeats, strategies
from annotation.actions import drafts, leases
from annotation.actions.drafts import LeaseLost
from annotation.models import (
    Assignment,
    ItemAnswer,
    Preference,
    Rater,
    Rating,
    Repeat,
    RepeatPreference,
)
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
) -> Receipt:
    """Write the ratings and the preference; all of it or nothing.

    Raises `answers.Unfit`, `KeyReused`, `AlreadyFinished`, `LeaseLost` or `StudyClosed`. In the
    last two cases the answers are kept as a draft. Costs one read and four statements.
    """
    if assignment.rater_id != rater.pk:
        raise LeaseLost("This item is held by somebody else.")
    body_digest = digest(token, ratings, preference)
    if assignment.state in Assignment.FINISHED:
        return _replayed(assignment, key, body_digest)
    given = _checked(assignment, ratings, preference)
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
            _write(assignment, rater, given, at)
    if moved:
        return Receipt(assignment.pk, at)
    return _not_moved(assignment, key, body_digest, ratings, preference, at)


def _checked(assignment: Assignment, ratings: object, preference: object) -> answers.Answers:
    sheet = assignment.study.rubric.sheet
    offered = strategies.offered(assignment.item_id, sheet)
    return answers.check(
        ratings=ratings,
        preference=preference,
        sheet=sheet,
        strategies=[each.slug for each in offered],
        slots=tuple(blinding.arms(assignment.shown)),
        asks_preference=assignment.study.asks_preference,
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


def _write(assignment: Assignment, rater: Rater, given: answers.Answers, at: datetime) -> None:
    """Letters become completions here, by the stored order, and are never stored.

    The second occasion is written apart, so that nothing counts it as another rating.
    """
    shown = _shown(assignment)
    sheet = assignment.study.rubric.sheet
    is_repeat = assignment.occasion == 2
    common = {
        "study_id": assignment.study_id,
        "assignment_id": assignment.pk,
        "rater_id": rater.pk,
        "created_at": at,
    }
    (Repeat if is_repeat else Rating).objects.bulk_create(
        (Repeat if is_repeat else Rating)(
            **common,
            **({} if is_repeat else {"completion_digest": shown[rating.slot][1]}),
            completion_id=shown[rating.slot][0],
            criterion_id=sheet.by_key[rating.criterion].id,
            answer=rating.answer,
            value=rating.value,
            rationale=rating.rationale,
            rubric_digest=sheet.digest,
        )
        for rating in given.ratings
    )
    if given.preference:
        chosen, _ = shown.get(given.preference, (None, ""))
        (RepeatPreference if is_repeat else Preference)(
            **common,
            **({} if is_repeat else {"item_id": assignment.item_id}),
            choice=Preference.Kind.PREFERS if chosen else given.preference,
            chosen_id=chosen,
        ).save(force_insert=True)


def _shown(assignment: Assignment) -> dict[str, tuple[str, str]]:
    """Slot -> id and digest of its completion, by the order stored when the item was leased."""
    rows = ItemAnswer.objects.filter(item_id=assignment.item_id).order_by()
    by_arm = {
        arm: (completion, completion_digest)
        for arm, completion, completion_digest in rows.values_list(
            "position", "completion_id", "completion__digest"
        )
    }
    return {slot: by_arm[arm] for slot, arm in blinding.arms(assignment.shown).items()}


def _replayed(assignment: Assignment, key: str, body_digest: str) -> Receipt:
    if assignment.submit_key != key or assignment.finished_at is None:
        raise AlreadyFinished("You have finished this item before. Nothing was changed.")
    if assignment.submit_digest != body_digest:
        raise KeyReused("This Idempotency-Key came before with other answers. Nothing was changed.")
    return Receipt(assignment.pk, assignment.finished_at)


def _not_moved(
    assignment: Assignment,
    key: str,
    body_digest: str,
    ratings: object,
    preference: object,
    at: datetime,
) -> Receipt:
    """A replay that ran beside the first, or a lease that was lost."""
    now = Assignment.objects.select_related("study").get(pk=assignment.pk)
    if now.state in Assignment.FINISHED:
        return _replayed(now, key, body_digest)
    drafts.keep(assignment=assignment, body={"ratings": ratings, "preference": preference}, at=at)
    if not now.study.is_open:
        raise StudyClosed("This study is closed. Nothing was counted; your answers are kept.")
    raise LeaseLost(
        "This item had gone back to the pool before you sent it. Nothing was counted. "
        "Your answers are kept: load the page to go on."
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
        raise AlreadyFinished("This item was sent already, or is open in another tab.")
