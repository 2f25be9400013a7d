"""What the jobs of this app share: each is one process, attended by one worker of one host.

The row is its own queue: it is claimed by a conditional update and leased while it is attended. The
process outlives the worker that started it; whoever claims the row next on that host takes it over.
"""

from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User

OPEN = ["pending", "running"]
STATES = [*OPEN, "done", "failed", "cancelled"]
BETWEEN = "between shifts"  # who attended it left in good order; the next one may come at once
A = TypeVar("A", bound="Attended")


def silence() -> timedelta:
    """After so long without an attendant a process ends by itself, so it runs nowhere any more."""
    return timedelta(seconds=3 * settings.LEASE_SECONDS)


class AttendedQuerySet(models.QuerySet[A]):
    """The moves of the queue. Each is one UPDATE whose WHERE says what must still be true."""

    def claim(self, pk: str, *, worker: str, host: str, at: datetime) -> bool:
        """The row is `worker`'s now. Another host gets it only when its process must have ended."""
        free = Q(state="pending") | Q(state="running", claimed_by=BETWEEN)
        here = Q(host__in=("", host)) | Q(seen_at=None) | Q(seen_at__lt=at - silence())
        return (
            self.filter(free, here, pk=pk).update(
                state="running",
                claimed_by=worker,
                lease_expires_at=_lease(at),
                host=host,
                seen_at=at,
            )
            == 1
        )

    def renew(self, pk: str, *, worker: str, at: datetime, **seen: Any) -> bool:
        """Prolong the lease and note what was seen. False: somebody else has the row."""
        held = self.filter(pk=pk, state="running", claimed_by=worker)
        return held.update(lease_expires_at=_lease(at), seen_at=at, **seen) == 1

    def leave(self, pk: str, *, worker: str, at: datetime) -> bool:
        """The shift is over and the process goes on: the next shift may begin at once."""
        held = self.filter(pk=pk, state="running", claimed_by=worker)
        return held.update(claimed_by=BETWEEN, lease_expires_at=_lease(at), seen_at=at) == 1

    def wait(self, pk: str, *, worker: str, **said: Any) -> bool:
        """Nothing runs: the row waits again."""
        held = self.filter(pk=pk, state="running", claimed_by=worker)
        return held.update(state="pending", claimed_by="", lease_expires_at=None, **said) == 1

    def end(self, pk: str, *, worker: str, state: str, at: datetime, **result: Any) -> bool:
        """Done, failed or cancelled, if `worker` still holds the row."""
        held = self.filter(pk=pk, state="running", claimed_by=worker)
        return (
            held.update(state=state, claimed_by="", lease_expires_at=None, finished_at=at, **result)
            == 1
        )

    def sweep(self, *, at: datetime) -> int:
        """Rows whose attendant was lost wait again; their processes may still run."""
        lost = self.filter(state="running", lease_expires_at__lt=at)
        return lost.update(state="pending", claimed_by="", lease_expires_at=None)

    def abandoned(self, *, at: datetime) -> Self:
        """To be stopped, with nobody left who could: their processes ended by themselves."""
        asked = self.filter(state="pending", cancel_requested_at__isnull=False)
        return asked.filter(Q(seen_at=None) | Q(seen_at__lt=at - silence()))

    def starts_again(self, pk: str, *, worker: str) -> bool:
        """One more start of the process is counted."""
        return (
            self.filter(pk=pk, state="running", claimed_by=worker).update(
                attempts=F("attempts") + 1
            )
            == 1
        )


def _lease(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.LEASE_SECONDS)


class Attended(models.Model):
    """The columns of a job that is one process. Beside `generation.queue.Job`."""

    host = models.CharField(max_length=120, blank=True)  # where its process runs, HOST_NAME
    claimed_by = models.CharField(max_length=80, blank=True)
    lease_expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # starts since it last came further
    seen_at = models.DateTimeField(null=True)  # by its attendant
    log_tail = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    @staticmethod
    def constraints_for(name: str) -> list[models.BaseConstraint]:
        """Running rows, and only they, have an attendant and a lease; ended ones say when."""
        held = Q(lease_expires_at__isnull=False) & ~Q(claimed_by="")
        free = Q(lease_expires_at__isnull=True, claimed_by="")
        ended = Q(state__in=["done", "failed", "cancelled"])
        return [
            models.CheckConstraint(condition=Q(state__in=STATES), name=f"{name}_state_known"),
            models.CheckConstraint(
                condition=(Q(state="running") & held) | (~Q(state="running") & free),
                name=f"{name}_running_is_leased",
            ),
            models.CheckConstraint(
                condition=(ended & Q(finished_at__isnull=False))
                | (~ended & Q(finished_at__isnull=True)),
                name=f"{name}_ended_has_when",
            ),
        ]
