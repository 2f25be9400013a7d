"""The table is the queue: rows are claimed by one conditional update and leased while worked on.

Any number of workers may claim at once; a worker that dies loses its lease and nothing else.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gate.identity import Identified


class State(models.TextChoices):
    """The state of a row of work."""

    PENDING = "pending", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


W = TypeVar("W", bound="WorkItem")
EVERY = Q()


def in_company() -> Q:
    """Rows that may be asked beside others.

    A row on its last attempt is asked alone: if the server goes away once more, the row is parked,
    and no neighbour that did nothing is parked with it.
    """
    return Q(attempts__lt=settings.MAX_ATTEMPTS - 1)


class WorkQuerySet(models.QuerySet[W]):
    """The moves of a queue. Each is one UPDATE whose WHERE says what must still be true."""

    def claim(self, *, worker: str, at: datetime, limit: int, among: Q = EVERY) -> list[W]:
        """Up to `limit` pending rows, now leased to `worker`, loaded as this queryset loads them.

        Nobody else can hold them. `worker` must be new for every shift. An empty list while rows
        wait means that others were quicker: ask again.
        """
        pending = self.filter(among, state=State.PENDING)
        wanted = list(pending.order_by("pk").values_list("pk", flat=True)[:limit])
        self.model._default_manager.filter(pk__in=wanted, state=State.PENDING).update(
            state=State.RUNNING,
            claimed_by=worker,
            lease_expires_at=_lease(at),
            attempts=F("attempts") + 1,
        )
        held = self.filter(pk__in=wanted, state=State.RUNNING, claimed_by=worker)
        return list(held.order_by("pk"))

    def claim_alone(self, *, worker: str, at: datetime) -> list[W]:
        """One waiting row, if nobody holds another of these rows; else none.

        Of two who do this at once both may go without: each sees the other's row and gives up its
        own.
        """
        if self.in_hands().exists():
            return []
        found = self.claim(worker=worker, at=at, limit=1)
        if found and self.in_hands().exclude(claimed_by=worker).exists():
            self.hand_back(worker=worker, keys=[found[0].pk])
            return []
        return found

    def waiting(self) -> Self:
        return self.filter(state=State.PENDING)

    def waiting_in_company(self) -> Self:
        """Waiting rows that may be asked beside others: all but those on their last attempt."""
        return self.waiting().filter(in_company())

    def in_hands(self) -> Self:
        """Rows that a worker holds now."""
        return self.filter(state=State.RUNNING)

    def renew(self, *, worker: str, at: datetime) -> int:
        """Prolong the leases that `worker` still holds."""
        return self.filter(state=State.RUNNING, claimed_by=worker).update(
            lease_expires_at=_lease(at)
        )

    def finish(self, pk: str, *, worker: str, state: str, **values: Any) -> bool:
        """Write a result if `worker` still holds the row. False: the lease was lost."""
        return (
            self.filter(pk=pk, state=State.RUNNING, claimed_by=worker).update(
                state=state, claimed_by="", lease_expires_at=None, **values
            )
            == 1
        )

    def hand_back(self, *, worker: str, keys: list[str], refund: bool = True) -> int:
        """Return rows to the queue unworked; a refunded attempt does not count."""
        spent: Any = F("attempts") - 1 if refund else F("attempts")
        return self.filter(pk__in=keys, state=State.RUNNING, claimed_by=worker).update(
            state=State.PENDING, claimed_by="", lease_expires_at=None, attempts=spent
        )

    def hand_on(self, pk: str, *, worker: str, **values: Any) -> bool:
        """A step of the row is done and kept; it waits for its next one, with fresh attempts."""
        return (
            self.filter(pk=pk, state=State.RUNNING, claimed_by=worker).update(
                state=State.PENDING, claimed_by="", lease_expires_at=None, attempts=0, **values
            )
            == 1
        )

    def sweep(self, *, at: datetime) -> int:
        """Return rows whose lease has expired; park those that used up their attempts."""
        lost = self.filter(state=State.RUNNING, lease_expires_at__lt=at)
        parked = lost.filter(attempts__gte=settings.MAX_ATTEMPTS).update(
            state=State.FAILED,
            claimed_by="",
            lease_expires_at=None,
            error=f"The worker was lost {settings.MAX_ATTEMPTS} times while working on this.",
        )
        return parked + lost.update(state=State.PENDING, claimed_by="", lease_expires_at=None)

    def retry_failed(self) -> int:
        """Failed rows wait again, with fresh attempts."""
        return self.filter(state=State.FAILED).update(state=State.PENDING, attempts=0, error="")

    def progress(self) -> dict[str, int]:
        """Rows by state; every state present. One grouped query."""
        counts = dict(
            self.order_by()
            .values_list("state")
            .annotate(n=models.Count("pk"))
            .values_list("state", "n")
        )
        return {state: counts.get(state, 0) for state in State.values}


def _lease(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.LEASE_SECONDS)


class WorkItem(Identified):
    """A row of work."""

    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    claimed_by = models.CharField(max_length=80, blank=True)
    lease_expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def constraints_for(name: str) -> list[models.BaseConstraint]:
        """Running rows, and only they, have a holder and a lease."""
        held = Q(lease_expires_at__isnull=False) & ~Q(claimed_by="")
        free = Q(lease_expires_at__isnull=True, claimed_by="")
        return [
            models.CheckConstraint(
                condition=(Q(state=State.RUNNING) & held) | (~Q(state=State.RUNNING) & free),
                name=f"{name}_running_is_leased",
            )
        ]


STATE_WORDS = {
    "pending": _("Waiting"),
    "running": _("Running"),
    "done": _("Done"),
    "failed": _("Failed"),
    "cancelled": _("Stopped"),
}


class Job(Identified):
    """A piece of worker business made of work items: a run, a judge run."""

    # The Celery task that works on jobs of this kind, and the relation that holds their rows.
    task: ClassVar[str]
    rows_name: ClassVar[str]

    cancel_requested_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="pending")
    # The message that is on its way to a worker, empty once a worker has answered it.
    bell = models.CharField(max_length=22, blank=True, default="")
    rung_at = models.DateTimeField(null=True)

    STATES: ClassVar = ["pending", "running", "done", "failed", "cancelled"]

    class Meta:
        abstract = True

    @property
    def state_word(self) -> str:
        """The state as a person reads it."""
        return str(STATE_WORDS[self.state])

    def get_absolute_url(self) -> str:
        """Its page."""
        raise NotImplementedError

    @property
    def noun(self) -> str:
        """What it is called in the record of events."""
        return str(self._meta.verbose_name)

    @property
    def rows(self) -> WorkQuerySet[Any]:
        """The whole work of the job."""
        rows: WorkQuerySet[Any] = getattr(self, self.rows_name).all()
        return rows

    @property
    def is_finished(self) -> bool:
        return self.state in ("done", "failed", "cancelled")

    @classmethod
    def move(cls, pk: str, *, come_from: list[str], to: str, **values: Any) -> bool:
        """One conditional step of the job's state; False if it was elsewhere."""
        jobs = cls._default_manager.filter(pk=pk, state__in=come_from)
        return jobs.update(state=to, **values) == 1

    @classmethod
    def wait_again(cls, pk: str, *, come_from: list[str]) -> bool:
        """Back among the waiting, as if it had never ended; False if it was elsewhere."""
        fresh = {"cancel_requested_at": None, "finished_at": None, "last_error": ""}
        return cls.move(pk, come_from=come_from, to="pending", **fresh)
