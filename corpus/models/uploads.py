"""Files that are being brought in: the row is the queue, the worker reads the file in its time."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from corpus.models.prompts import PromptSet, Source
from gate.identity import Identified


class Upload(Identified):
    """One file, what a person said of it, and how far it is. Its content lies in a folder."""

    class What(models.TextChoices):
        PROMPTS = "prompts", "Prompts into a new set"
        PAIRS = "pairs", "Pairs as drafts"

    class State(models.TextChoices):
        MAPPING = "mapping", "Waiting for you"
        PENDING = "pending", "Waiting for a worker"
        READING = "reading", "Reading"
        WRITING = "writing", "Writing"
        TRIED = "tried", "Tried: nothing was kept"
        DONE = "done", "Imported"
        FAILED = "failed", "Refused: nothing was kept"

    by = models.ForeignKey(User, models.PROTECT, related_name="uploads")
    what = models.CharField(max_length=10, choices=What.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAPPING)
    is_trial = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200)
    n_bytes = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    format = models.CharField(max_length=30)
    columns = models.JSONField(default=dict)  # our column -> the file's
    meanings = models.JSONField(default=dict)  # column -> {the file's value: ours}
    set_name = models.CharField(max_length=120, blank=True)
    expected_action = models.CharField(max_length=10, blank=True)
    origin_name = models.CharField(max_length=120, blank=True)
    origin_licence = models.CharField(max_length=120, blank=True)
    origin_url = models.CharField(max_length=500, blank=True)
    origin_revision = models.CharField(max_length=120, blank=True)

    n_rows = models.PositiveIntegerField(null=True)  # known once it was read to its end
    n_done = models.PositiveIntegerField(default=0)  # of the step that the state names
    counts = models.JSONField(default=list)  # [[label, number], …] of a trial or an import
    problems = models.JSONField(default=list)  # the first ones, as the page lists them
    n_problems = models.PositiveIntegerField(default=0)
    claimed_by = models.CharField(max_length=120, blank=True)
    lease_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="uploads")
    prompt_set = models.ForeignKey(PromptSet, models.SET_NULL, null=True, related_name="uploads")

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
