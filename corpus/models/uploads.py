"""Files that are being brought in: the row is the queue, the worker reads the file in its time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from corpus.models.prompts import PromptSet, Source
from gate.identity import Identified

AT_WORK = ("reading", "writing")
FINISHED = ("tried", "done", "failed")


class UploadQuerySet(models.QuerySet["Upload"]):
    """Reads that chain, and the moves of the queue: each one UPDATE that says what must be true."""

    def of(self, user: User) -> "UploadQuerySet":
        return self.filter(by=user)

    def like(self, upload: "Upload") -> "UploadQuerySet":
        """Earlier files with the same columns that were tried or imported, the newest first."""
        known = self.filter(what=upload.what, columns_digest=upload.columns_digest)
        return known.exclude(pk=upload.pk).filter(state__in=["tried", "done"]).exclude(columns={})

    def move(self, upload: "Upload", *, come_from: Iterable[str], to: str, **values: Any) -> bool:
        """One conditional step; False if it stood elsewhere. Who held it lets go."""
        free = {"claimed_by": "", "lease_expires_at": None}
        found = self.filter(pk=upload.pk, state__in=list(come_from))
        return found.update(state=to, **{**free, **values}) == 1

    def claim(self, pk: str, *, worker: str, at: datetime) -> bool:
        """Take one that waits."""
        return (
            self.filter(pk=pk, state="pending").update(
                state="reading",
                claimed_by=worker,
                lease_expires_at=_lease(at),
                attempts=F("attempts") + 1,
                n_done=0,
                percent=0,
            )
            == 1
        )

    def held(self, pk: str, worker: str) -> "UploadQuerySet":
        """The one that this worker has in hand; empty once it was taken away."""
        return self.filter(pk=pk, claimed_by=worker, state__in=AT_WORK)

    def renew(self, pk: str, *, worker: str, at: datetime, **values: Any) -> bool:
        """Prolong the lease and say how far it is. False: it was taken away."""
        return self.held(pk, worker).update(lease_expires_at=_lease(at), **values) == 1

    def lost(self, at: datetime) -> "UploadQuerySet":
        """In the hands of workers that no longer answer."""
        return self.filter(state__in=AT_WORK, lease_expires_at__lt=at)


def _lease(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.LEASE_SECONDS)


class Upload(Identified):
    """One file, what a person said of it, and how far it is. Its content lies in a folder."""

    class What(models.TextChoices):
        PROMPTS = "prompts", _("Prompts into a new set")
        PAIRS = "pairs", _("Pairs as drafts")

    class State(models.TextChoices):
        MAPPING = "mapping", _("Waiting for you")
        PENDING = "pending", _("Waiting for a worker")
        READING = "reading", _("Reading")
        WRITING = "writing", _("Writing")
        TRIED = "tried", _("Tried: nothing was kept")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Refused: nothing was kept")

    by = models.ForeignKey(User, models.PROTECT, related_name="uploads")
    what = models.CharField(max_length=10, choices=What.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAPPING)
    is_trial = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200)
    n_bytes = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    format = models.CharField(max_length=30)
    columns = models.JSONField(default=dict)  # our column -> the file's
    meanings = models.JSONField(default=dict)  # our column -> {the file's value: ours}
    fixed = models.JSONField(default=dict)  # our column -> a value for every row
    split = models.CharField(max_length=120, blank=True)  # of a data set folder
    # What the page shows of the file; emptied when it is imported, as the rows are then here.
    seen = models.JSONField(default=dict)  # {"splits": […], "columns": [{name, samples, …}]}
    columns_digest = models.CharField(max_length=64, blank=True, db_index=True)
    set_name = models.CharField(max_length=120, blank=True)
    expected_action = models.CharField(max_length=10, blank=True)
    origin_name = models.CharField(max_length=120, blank=True)
    origin_licence = models.CharField(max_length=120, blank=True)
    origin_url = models.CharField(max_length=500, blank=True)
    origin_revision = models.CharField(max_length=120, blank=True)

    n_rows = models.PositiveIntegerField(null=True)  # known once it was read to its end
    n_done = models.PositiveIntegerField(default=0)  # of the step that the state names
    percent = models.PositiveSmallIntegerField(default=0)  # of the whole way
    attempts = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=list)  # [[kind, word, number], …] of a trial or an import
    problems = models.JSONField(default=list)  # the first ones, as the page lists them
    n_problems = models.PositiveIntegerField(default=0)
    claimed_by = models.CharField(max_length=120, blank=True)
    lease_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="uploads")
    prompt_set = models.ForeignKey(PromptSet, models.SET_NULL, null=True, related_name="uploads")

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "created_at"], name="upload_queue")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["reading", "writing"])
                | Q(lease_expires_at__isnull=False) & ~Q(claimed_by=""),
                name="upload_at_work_is_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["tried", "done", "failed"]) | Q(finished_at__isnull=False),
                name="upload_finished_has_when",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("corpus:upload", args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        """Waiting for a worker, or in the hands of one."""
        return self.state in ("pending", *AT_WORK)

    @property
    def is_of_pairs(self) -> bool:
        return self.what == self.What.PAIRS

    @property
    def may_start(self) -> bool:
        """Its file is here and nobody works on it."""
        return self.state in ("mapping", "tried", "failed")
