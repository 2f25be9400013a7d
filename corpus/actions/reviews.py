"""Reviewing: decisions. Nobody decides on a pair that they wrote."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from corpus.actions.refusals import (
    Conflict,
    NotNow,
    NotYours,
    OwnWork,
    ReasonMissing,
    Stopped,
    Unmet,
)
from corpus.actions.sets import prompt_of
from corpus.actions.threads import remark
from corpus.checks import Setting, blocking
from corpus.inspection import inspect
from corpus.models import CheckSetting, Comment, Version
from corpus.models.pairs import Status
from gate.text import digest

FRESH_DAYS = 365


def signature(version: Version) -> str:
    """The digest that a reviewer signs: everything that the version says."""
    return digest(
        version.messages,
        version.language,
        version.country,
        version.domain.slug if version.domain else "",
        version.category,
        version.strategy.slug if version.strategy else "",
        version.expected_action,
        version.response,
    )


@transaction.atomic
def approve(
    *,
    by: User,
    version: Version,
    at: datetime,
    reason: str = "",
    best_before: date | None = None,
    lock_version: int | None = None,
) -> Version:
    """Sign the version. It makes the prompt that sets and runs use; it is fresh for a year.

    With `lock_version`, what is signed is what was read: a version that its author withdrew and
    sent again in the meantime is a `Conflict`. `Unmet` by requests that nobody resolved,
    `Stopped` by checks that a curator made binding.
    """
    stored = _open_for(by, version, lock_version)
    _check_requests(stored)
    _check(stored)
    fresh_until = best_before or (at + timedelta(days=FRESH_DAYS)).date()
    if fresh_until <= at.date():
        raise NotNow("The best-before date has passed already. Choose a later day.")
    return _decide(
        stored,
        by=by,
        at=at,
        status=Status.APPROVED,
        decision_reason=remark(reason, "The reason"),
        digest=signature(stored),
        prompt=prompt_of(stored),
        best_before=fresh_until,
    )


def _check_requests(version: Version) -> None:
    unmet = list(Comment.objects.blocking(version.pair))
    if unmet:
        raise Unmet(unmet)


def _check(version: Version) -> None:
    """Only the checks that may stop an approval are asked."""
    settings = CheckSetting.objects.current()
    binding = {key: Setting(each.blocks_approval, True) for key, each in settings.items()}
    found = blocking(inspect(version, binding))
    if found:
        raise Stopped(found)


@transaction.atomic
def request_changes(
    *, by: User, version: Version, reason: str, at: datetime, lock_version: int | None = None
) -> Version:
    """Back to the author, who writes a new version."""
    stored = _open_for(by, version, lock_version)
    why = _needed(reason)
    return _decide(stored, by=by, at=at, status=Status.CHANGES_REQUESTED, decision_reason=why)


@transaction.atomic
def reject(
    *, by: User, version: Version, reason: str, at: datetime, lock_version: int | None = None
) -> Version:
    """The pair does not belong in the corpus."""
    stored = _open_for(by, version, lock_version)
    return _decide(stored, by=by, at=at, status=Status.REJECTED, decision_reason=_needed(reason))


def _open_for(by: User, version: Version, lock_version: int | None) -> Version:
    stored = Version.objects.with_people().get(pk=version.pk)
    if not by.can("pairs.review"):
        raise NotYours("Reviewers decide on pairs.")
    if stored.pair.is_work_of(by):
        raise OwnWork
    if stored.status != Status.IN_REVIEW:
        raise NotNow(f"This version is {stored.get_status_display().lower()}, not in review.")
    if lock_version is not None and lock_version != stored.lock_version:
        raise Conflict(stored)
    return stored


def _decide(stored: Version, *, by: User, at: datetime, status: Status, **rest: Any) -> Version:
    """One conditional update: of two reviewers, the second is told."""
    decided = (
        Version.objects.filter(
            pk=stored.pk, status=Status.IN_REVIEW, lock_version=stored.lock_version
        )
        .exclude(author=by)
        .update(status=status, decided_by=by, decided_at=at, **rest)
    )
    if not decided:
        raise NotNow("Somebody decided on this version, or it was withdrawn, a moment ago.")
    record(
        by=by, verb=f"pair {status.label.lower()}", target=stored.pk, note=rest.get("digest", "")
    )
    stored.refresh_from_db()
    return stored


def _needed(reason: str) -> str:
    text = remark(reason, "The reason")
    if not text:
        raise ReasonMissing
    return text
