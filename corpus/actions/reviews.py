"""Reviewing: signatures and decisions. Nobody decides on a pair that they wrote."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from corpus.actions.refusals import (
    AlreadySigned,
    Conflict,
    NotNow,
    NotYours,
    OwnWork,
    ReasonMissing,
    Stopped,
    Unmet,
)
from corpus.actions.results import keep
from corpus.actions.sets import prompt_of
from corpus.actions.splits import settle
from corpus.actions.threads import remark
from corpus.checks import Setting, blocking
from corpus.inspection import inspect
from corpus.models import Approval, CheckSetting, Comment, Version
from corpus.models.pairs import Status
from corpus.signatures import Standing, standing
from gate.wording import within

FRESH_DAYS = 365


@transaction.atomic
def approve(
    *,
    by: User,
    version: Version,
    at: datetime,
    method: str,
    reason: str = "",
    best_before: date | None = None,
    lock_version: int | None = None,
) -> Version:
    """Sign the version; the signature that completes it approves it, fresh until the earliest
    day that a signer asked (a year where nobody did). Until then it stays in review.

    The caller has asked for the password or passkey (`method`) again, just now. With
    `lock_version`, what is signed is what was read: a version that its author withdrew and sent
    again in the meantime is a `Conflict`. `Unmet` by requests that nobody resolved, `Stopped` by
    checks that a curator made binding. Who signed before completes the approval only where the
    domain has since come to ask for no more than there is; else it is `AlreadySigned`.
    """
    stored = _open_for(by, version, lock_version)
    why = needed(reason)
    check_requests(stored)
    check_binding(stored, at.date())
    fresh_until = best_before or (at + timedelta(days=FRESH_DAYS)).date()
    if fresh_until <= at.date():
        raise NotNow(_("The best-before date has passed already. Choose a later day."))
    signed = standing(stored, at.date())
    if not signed.of(by):
        _sign(stored, signed.digest, by=by, at=at, method=method, why=why, until=fresh_until)
        signed = standing(stored, at.date())
    elif not signed.is_enough:
        raise AlreadySigned(signed.words)
    if not signed.is_enough:
        record(by=by, verb="pair signed", target=stored.pk, note=_noted(signed))
        return stored
    approved = _decide(
        stored,
        by=by,
        at=at,
        status=Status.APPROVED,
        decision_reason=why,
        digest=signed.digest,
        prompt=prompt_of(stored),
        best_before=signed.best_before,
    )
    keep([approved], at)
    settle(approved)
    return approved


def _noted(signed: Standing) -> str:
    """For the record, in the language of records."""
    return f"{len(signed.counting)} of {signed.needed} signatures {signed.digest}"


def _sign(
    stored: Version, digest: str, *, by: User, at: datetime, method: str, why: str, until: date
) -> None:
    Approval.objects.create(
        version=stored,
        reviewer=by,
        author=stored.author,
        last_editor=stored.last_editor or stored.author,
        digest=digest,
        method=method,
        reason=why,
        best_before=until,
        signed_at=at,
    )


def check_requests(version: Version) -> None:
    unmet = list(Comment.objects.blocking(version.pair))
    if unmet:
        raise Unmet(unmet)


def check_binding(version: Version, on: date) -> None:
    """Only the checks that may stop an approval are asked."""
    settings = CheckSetting.objects.current()
    binding = {key: Setting(each.blocks_approval, True) for key, each in settings.items()}
    found = blocking(inspect(version, on=on, settings=binding))
    if found:
        raise Stopped(found)


@transaction.atomic
def request_changes(
    *, by: User, version: Version, reason: str, at: datetime, lock_version: int | None = None
) -> Version:
    """Back to the author, who writes a new version."""
    stored = _open_for(by, version, lock_version)
    why = needed(reason)
    return _decide(stored, by=by, at=at, status=Status.CHANGES_REQUESTED, decision_reason=why)


@transaction.atomic
def reject(
    *, by: User, version: Version, reason: str, at: datetime, lock_version: int | None = None
) -> Version:
    """The pair does not belong in the corpus."""
    stored = _open_for(by, version, lock_version)
    return _decide(stored, by=by, at=at, status=Status.REJECTED, decision_reason=needed(reason))


def _open_for(by: User, version: Version, lock_version: int | None) -> Version:
    """Locked: of two who sign at once the second sees the first's signature, so both count.

    SQLite's transactions take turns by themselves.
    """
    rows = Version.objects.select_for_update(of=("self",)).with_people()
    stored = rows.get(pk=version.pk)
    if not by.can("pairs.review"):
        raise NotYours(_("Reviewers decide on pairs."))
    if stored.pair.is_work_of(by):
        raise OwnWork
    if stored.status != Status.IN_REVIEW:
        raise NotNow(
            _("This version is %(state)s, not in review.")
            % {"state": within(stored.get_status_display())}
        )
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
        raise NotNow(_("Somebody decided on this version, or it was withdrawn, a moment ago."))
    verb = "pair " + status.value.replace("_", " ")
    record(by=by, verb=verb, target=stored.pk, note=rest.get("digest", ""))
    stored.refresh_from_db()
    return stored


def needed(reason: str) -> str:
    text = remark(reason, _("The reason"))
    if not text:
        raise ReasonMissing
    return text
