"""Releases: frozen lists of approved versions, what was overridden, and the studies with them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from annotation.models import Study
from corpus.models import Version
from corpus.models.pairs import Split
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
    # Set in the transaction that made it: from then on nothing is added to it.
    is_sealed = models.BooleanField(default=False)
    versions = models.ManyToManyField(Version, through="ReleaseEntry", related_name="releases")
    studies = models.ManyToManyField(Study, through="ReleaseStudy", related_name="releases")
    # The last one of its name when it was made: what changed is said against it.
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
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
    # Of the pair on that day; empty where the corpus had none.
    split = models.CharField(max_length=10, choices=Split.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["release", "position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(split__in=["", *Split.values]), name="release_split_known"
            ),
            models.UniqueConstraint(fields=["release", "version"], name="version_once_per_release"),
            models.UniqueConstraint(fields=["release", "position"], name="release_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release}, {self.position}"


class ReleaseOverride(models.Model):
    """A hindrance that somebody let pass, and why. Frozen with the release; its card shows it."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="overrides")
    kind = models.CharField(max_length=30)  # exports.hindrances.Kind
    reason = models.TextField()
    n_rows = models.PositiveIntegerField()  # how many rows it concerned
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["release", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "kind"], name="override_once_per_kind"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.release}: {self.kind}"


class ReleaseStudy(models.Model):
    """A closed study whose ratings, preferences and verdicts go with a release, as of that moment.

    Their rows are only ever added to or superseded, with the time: what stood at `frozen_at` can be
    read again, and `digest` says whether it was read rightly.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="release_studies")
    # Null: it was purged with its source, and the release was withdrawn.
    study = models.ForeignKey(Study, models.SET_NULL, null=True, related_name="release_studies")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    n_ratings = models.PositiveIntegerField()
    n_preferences = models.PositiveIntegerField()
    n_verdicts = models.PositiveIntegerField()
    frozen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["release", "slug"]
        verbose_name_plural = "release studies"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "slug"], name="study_once_per_release"),
        ]

    def __str__(self) -> str:
        return f"{self.release}: {self.name}"
