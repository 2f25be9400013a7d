"""What the checks said of a version, kept so that lists can be filtered by it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from corpus.models.pairs import Version


class CheckResult(models.Model):
    """How often a check warned or noted, with every check on; settings are asked on reading."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="check_results")
    key = models.CharField(max_length=40)
    level = models.CharField(max_length=4)  # corpus.checks.Level
    n = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["version", "key", "level"]
        indexes: ClassVar = [models.Index(fields=["key", "level", "version"], name="result_by_key")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "key", "level"], name="result_once"),
            models.CheckConstraint(condition=Q(n__gte=1), name="result_counts_something"),
            models.CheckConstraint(
                condition=Q(level__in=["warn", "note"]), name="result_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.n}"
