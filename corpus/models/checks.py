"""What curators decided about checks, and what is kept to find near copies of a response."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q

from corpus.checks import CHECKS, DEFAULTS, Setting
from corpus.models.pairs import Status, Version


class CheckSettingQuerySet(models.QuerySet["CheckSetting"]):
    """Reads that chain."""

    def current(self) -> dict[str, Setting]:
        """By check; what nobody decided stands as it comes. One query."""
        decided = {row.key: Setting(row.is_on, row.blocks_approval) for row in self}
        return {key: decided.get(key, DEFAULTS[key]) for key in CHECKS}


class CheckSetting(models.Model):
    """A curator's decision about a check."""

    key = models.CharField(max_length=40, primary_key=True)
    is_on = models.BooleanField()
    blocks_approval = models.BooleanField()

    objects = CheckSettingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_on=True) | Q(blocks_approval=False), name="blocking_check_is_on"
            )
        ]

    def __str__(self) -> str:
        return self.key


class SketchQuerySet(models.QuerySet["Sketch"]):
    """Reads that chain."""

    def in_use(self) -> "SketchQuerySet":
        """Of the newest version of each pair, without the rejected ones."""
        return self.filter(version__is_latest=True).exclude(version__status=Status.REJECTED)

    def candidates(self, words_digests: Iterable[str], bands: Iterable[int]) -> "SketchQuerySet":
        """Of the same words, or with a band in common: to be compared exactly."""
        found = Band.objects.filter(key__in=list(bands)).values("sketch")
        return self.filter(Q(words_digest__in=list(words_digests)) | Q(pk__in=found))


class Sketch(models.Model):
    """What is compared of a version's response, made when it is submitted or imported."""

    version = models.OneToOneField(Version, models.CASCADE, primary_key=True, related_name="sketch")
    words_digest = models.CharField(max_length=32, db_index=True)
    family = models.CharField(max_length=32, db_index=True)

    objects = SketchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["family", "version"]
        verbose_name_plural = "sketches"

    def __str__(self) -> str:
        return self.family


class Band(models.Model):
    """A key under which a sketch is found by texts that are likely to be near it."""

    sketch = models.ForeignKey(Sketch, models.CASCADE, related_name="bands")
    key = models.BigIntegerField(db_index=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return str(self.key)
