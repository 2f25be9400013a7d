"""The states of a job, moved by conditional updates: what runs, judge runs and matchups share.

`rows` is always the whole work of the job. Any number of workers may call these at once.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from generation.actions.refusals import TooLate
from generation.bell import ring
from generation.queue import Job, State, WorkQuerySet

OPEN = ["pending", "running"]
SILENCE = timedelta(seconds=30)  # three signs of life that did not come


def begin(job: Job, *, at: datetime) -> bool:
    """The job is being worked on. False: it was cancelled or ended meanwhile."""
    kind = type(job)
    if not kind.move(job.pk, come_from=OPEN, to="running", last_error=""):
        return False
    kind._default_manager.filter(pk=job.pk, started_at=None).update(started_at=at)
    return True


@transaction.atomic
def settle(job: Job, rows: WorkQuerySet[Any], *, at: datetime, trouble: str = "") -> str:
    """Where the job stands after a shift: its new state, moved only if the rows say so.

    `done` means that no row waits and none is in hands; rows that failed for good are counted on
    the job's page. A job of which nothing succeeded has failed. While others hold rows they go
    on: one worker's trouble is not the job's, and it is cancelled when the last of them is out.
    """
    kind = type(job)
    _locked(job)  # so that rows which a retry returns meanwhile are not overlooked
    counts = rows.progress()
    if not (counts[State.PENDING] or counts[State.RUNNING]):
        failed = not counts[State.DONE] and bool(counts[State.FAILED])
        to, trouble = ("failed", _commonest(rows)) if failed else ("done", "")
    elif counts[State.RUNNING]:
        return job.state
    elif job.cancel_requested_at:
        to, trouble = "cancelled", ""
    elif trouble:
        to = "failed"
    else:
        return job.state
    # Another worker may have met trouble while this one answered the rest.
    come_from = [*OPEN, "failed"] if to == "done" else OPEN
    kind.move(job.pk, come_from=come_from, to=to, finished_at=at, last_error=trouble)
    job.refresh_from_db(fields=["state", "finished_at", "last_error"])
    return job.state


def stay(job: Job, *, at: datetime) -> None:
    """A worker waits for its server: the sweeper need not ring for another one."""
    type(job)._default_manager.filter(pk=job.pk, bell="").update(rung_at=at)


@transaction.atomic
def cancel(*, by: User | None, job: Job, at: datetime) -> None:
    """Workers stop within seconds; answers that came in stay. Nothing is lost: see `resume`."""
    kind = type(job)
    asked = kind._default_manager.filter(pk=job.pk, state__in=OPEN).update(cancel_requested_at=at)
    if not asked:
        raise TooLate(_("This has ended already, so there is nothing to cancel."))
    record(by=by, verb=f"{job.noun} cancelled", target=job.pk)
    if not job.rows.in_hands().exists():
        kind.move(job.pk, come_from=OPEN, to="cancelled", finished_at=at)


@transaction.atomic
def resume(*, by: User | None, job: Job, at: datetime, rings: bool = True) -> int:
    """Take up again what was cancelled or failed; answers that are there are kept.

    Returns how many rows wait now, failed ones among them.
    """
    _locked(job)
    if job.state in OPEN:
        raise TooLate(_("This is being worked on already."))
    job.rows.retry_failed()
    n = job.rows.waiting().count()
    if not n:
        raise TooLate(_("Everything in here is answered, so there is nothing to resume."))
    _reopen(job, at=at, rings=rings)
    record(by=by, verb=f"{job.noun} resumed", target=job.pk, note=f"{n} waiting")
    return n


@transaction.atomic
def retry(*, by: User | None, job: Job, at: datetime, rings: bool = True) -> int:
    """Ask again for the rows that failed, and for nothing else. How many there were.

    While others are being asked the failed ones wait among them.
    """
    _locked(job)
    if job.cancel_requested_at and job.state in OPEN:
        raise TooLate(_("This is being stopped. Resume it when it has stopped."))
    if job.is_finished and (left := job.rows.waiting().count()):
        raise TooLate(
            _("%(left)s were never asked. Resume: what failed is asked again with them.")
            % {"left": f"{left:,}"}
        )
    n = job.rows.retry_failed()
    if not n:
        raise TooLate(_("Nothing in here has failed."))
    if job.is_finished:
        _reopen(job, at=at, rings=rings)
    record(by=by, verb=f"{job.noun} retried", target=job.pk, note=f"{n} waiting")
    return n


def _locked(job: Job) -> None:
    """The job as it stands now; until the transaction ends nobody else moves it."""
    rows = type(job)._default_manager.select_for_update()
    job.refresh_from_db(fields=["state", "cancel_requested_at"], from_queryset=rows)


def _reopen(job: Job, *, at: datetime, rings: bool) -> None:
    """An ended job waits for a worker."""
    if not type(job).wait_again(job.pk, come_from=["failed", "cancelled", "done"]):
        raise TooLate(_("This is being worked on already."))
    if rings:
        ring(job, at=at)


def sweep_jobs(
    kind: type[Job], items: WorkQuerySet[Any], *, field: str, at: datetime
) -> tuple[int, int]:
    """Return expired leases of `items`; settle or ring for the open jobs that nobody works on.

    `field` is the items' foreign key to the job. (rows returned, bells rung).
    """
    n_returned, n_rung = items.sweep(at=at), 0
    for job in kind._default_manager.filter(state__in=OPEN):
        rows = items.filter(**{field: job})
        if rows.in_hands().exists():
            continue
        if settle(job, rows, at=at) not in OPEN:
            continue
        # A bell on its way gets time; who answered it and waits for a server says so in between.
        patience = timedelta(seconds=settings.LEASE_SECONDS) if job.bell else SILENCE
        if job.rung_at is None or job.rung_at < at - patience:
            ring(job, at=at)
            n_rung += 1
    return n_returned, n_rung


def _commonest(rows: WorkQuerySet[Any]) -> str:
    """The error that most rows failed with."""
    counted = rows.filter(state=State.FAILED).order_by().values_list("error")
    found = counted.annotate(n=Count("pk")).order_by("-n", "error").first()
    return str(found[0]) if found else ""
