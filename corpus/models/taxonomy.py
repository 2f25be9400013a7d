"""Risk domains, their categories, and the strategies that answer them: rows, not code."""

from typing import ClassVar

from django.db import models
from django.db.models import Count, Q

from gate.identity import Identified


class DomainQuerySet(models.QuerySet["Domain"]):
    """Reads that chain."""

    def with_open_reviews(self) -> "DomainQuerySet":
        """Each with `n_in_review`, how many of its versions wait for a decision."""
        waiting = Count("versions", filter=Q(versions__status="in_review"))
        return self.annotate(n_in_review=waiting)


class Domain(Identified):
    """A risk domain with the cues by which it is recognised (one per line)."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    definition = models.TextField()
    direct_cues = models.TextField(blank=True)
    indirect_cues = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    # How many people must sign a version before it is approved.
    approvals_needed = models.PositiveSmallIntegerField(default=1)
    # How hard its content is to read, for those who rate it: 1 mild, 2 hard, 3 severe.
    severity = models.PositiveSmallIntegerField(default=2)

    objects = DomainQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "slug", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approvals_needed__in=[1, 2]), name="domain_approvals_one_or_two"
            ),
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=3), name="domain_severity_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Category(Identified):
    """A finer label within a domain."""

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="categories")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["domain", "slug"], name="category_once_per_domain")
        ]

    def __str__(self) -> str:
        return self.name


class Strategy(Identified):
    """An evidence-based intervention: its steps (one per line) and where it is published."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    steps = models.TextField()
    citation = models.TextField()
    domains = models.ManyToManyField(Domain, related_name="strategies")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        verbose_name_plural = "strategies"

    def __str__(self) -> str:
        return self.name
