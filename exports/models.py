"""Releases: frozen lists of approved versions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from corpus.models import Version
from gate.identity import Identified


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Reads that chain."""

    def with_sizes(self) -> "ReleaseQuerySet":
        """Each with the number of its pairs (`n_pairs`)."""
        return self.select_related("created_by").annotate(n_pairs=models.Count("entries"))


class Release(Identified):
    """A frozen, digested dataset. Withdrawn with a reason, never edited."""

    name = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    description = models.TextField(blank=True)
    filters = models.TextField(blank=True)  # the choice of rows, in words
    digest = models.CharField(max_length=64)
    is_sample = models.BooleanField(default=False)
    versions = models.ManyToManyField(Version, through="ReleaseEntry", related_name="releases")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "version"], name="release_version_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="withdrawal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("exports:release", args=[self.pk])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def state(self) -> str:
        return "withdrawn" if self.is_withdrawn else "published"


class ReleaseEntry(models.Model):
    """A version's place in a release."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="entries")
    version = models.ForeignKey(Version, models.PROTECT, related_name="release_entries")
    position = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["release", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "version"], name="version_once_per_release"),
            models.UniqueConstraint(fields=["release", "position"], name="release_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release}, {self.position}"
