"""Rubrics are versioned data; the whole scale is stored, so an unused level still counts."""

from functools import lru_cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.sheets import Asked, Point, Sheet, When
from gate.identity import Identified


class RubricQuerySet(models.QuerySet["Rubric"]):
    """Reads that chain."""

    def listed(self) -> "RubricQuerySet":
        """Every version, newest first within its rubric, with `n_criteria` and `n_studies`."""
        return self.annotate(
            n_criteria=models.Count("criteria", distinct=True),
            n_studies=models.Count("studies", distinct=True),
        ).order_by("slug", "-version", "id")


class Rubric(Identified):
    """A version of a rubric. Frozen by its first rating."""

    slug = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    intro = models.TextField(blank=True)
    origin = models.CharField(max_length=200, blank=True)  # whose it is: a paper, or "ours"
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = RubricQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["slug", "-version", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "version"], name="rubric_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("rubrics:rubric", args=[self.slug, self.version])

    @property
    def sheet(self) -> Sheet:
        """The whole rubric. Two queries the first time in a process, none after."""
        return _sheet(self.pk, self.digest)


class Criterion(Identified):
    """One question of a rubric, about each answer or about the prompt itself."""

    class Kind(models.TextChoices):
        YES_NO = "yes_no", _("Yes or no")
        SCALE = "scale", _("Ordered scale")
        CHOICE = "choice", _("One of several")
        CHOICES = "choices", _("Any of several")
        TEXT = "text", _("A short text")
        STRATEGY = "strategy", _("A strategy by name")

    class About(models.TextChoices):
        ANSWER = "answer", _("Each answer")
        PROMPT = "prompt", _("The prompt, once, before any answer is rated")

    WITHOUT_SCALE: ClassVar = ["text", "strategy"]

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    question = models.TextField()
    hint = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    about = models.CharField(max_length=10, choices=About.choices, default=About.ANSWER)
    minimum = models.SmallIntegerField(null=True)
    maximum = models.SmallIntegerField(null=True)
    position = models.PositiveSmallIntegerField()
    asks_rationale = models.BooleanField(default=False)
    # {"criterion": key of an earlier one, "values": [...]}: asked only after such an answer.
    ask_when = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["rubric", "position", "id"]
        verbose_name_plural = "criteria"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rubric", "key"], name="criterion_once_per_rubric"),
            models.CheckConstraint(
                condition=Q(kind__in=["text", "strategy"], minimum=None, maximum=None)
                | (~Q(kind__in=["text", "strategy"]) & Q(minimum__lt=F("maximum"))),
                name="criterion_scale_ascends",
            ),
            models.CheckConstraint(
                condition=Q(about__in=["answer", "prompt"]), name="criterion_about_known"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_measured(self) -> bool:
        """Each answer to it is one number: what statistics can read."""
        return self.kind in (self.Kind.YES_NO, self.Kind.SCALE, self.Kind.CHOICE)

    @property
    def level(self) -> str:
        """The level of measurement, for statistics."""
        return "ordinal" if self.kind == self.Kind.SCALE else "nominal"

    @property
    def scale(self) -> list[int]:
        """Every value that can be given."""
        if self.minimum is None or self.maximum is None:
            return []
        return list(range(self.minimum, self.maximum + 1))


class ScalePoint(models.Model):
    """A value of a criterion with its anchor and an example."""

    class Severity(models.TextChoices):
        NONE = "", _("None")
        CONCERN = "concern", _("A concern")
        CRITICAL = "critical", _("Could harm somebody")

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="points")
    value = models.SmallIntegerField()
    label = models.CharField(max_length=60)
    anchor = models.TextField(blank=True)
    example = models.TextField(blank=True)
    # Ratings with such a value are brought to the curator's eyes.
    severity = models.CharField(max_length=10, choices=Severity.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["criterion", "value"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["criterion", "value"], name="point_once_per_criterion")
        ]

    def __str__(self) -> str:
        return f"{self.value}: {self.label}"


@lru_cache(maxsize=64)
def _sheet(rubric_id: str, digest: str) -> Sheet:
    """Kept by id and digest: rows with another content have another digest."""
    rubric = Rubric.objects.get(pk=rubric_id)
    criteria = rubric.criteria.order_by("position", "id").prefetch_related(
        models.Prefetch("points", ScalePoint.objects.order_by("value"))
    )
    return Sheet(digest, rubric.title, rubric.intro, tuple(_asked(row) for row in criteria))


def _asked(row: Criterion) -> Asked:
    points = [
        Point(point.value, point.label, point.anchor, point.example, point.severity)
        for point in row.points.all()
    ]
    return Asked(
        id=row.pk,
        key=row.key,
        label=row.label,
        question=row.question,
        hint=row.hint,
        kind=row.kind,
        scale=tuple(row.scale),
        asks_rationale=row.asks_rationale,
        points=tuple(points),
        about=row.about,
        ask_when=_when(row.ask_when),
    )


def _when(stated: dict[str, Any] | None) -> When | None:
    return When(stated["criterion"], tuple(stated["values"])) if stated else None
