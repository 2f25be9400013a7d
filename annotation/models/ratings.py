"""What people said: append-only ratings, preferences and adjudications."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from annotation.models.items import Assignment, Item
from annotation.models.rubrics import Criterion
from annotation.models.studies import Rater, Study
from gate.identity import Identified
from generation.models import Completion


class Rating(Identified):
    """A rater's value for a criterion on a completion, bound to what was shown."""

    class Answer(models.TextChoices):
        VALUE = "value", "A value"
        CANNOT_JUDGE = "cannot_judge", "Cannot judge"
        OUTSIDE = "outside", "Outside my competence"

    study = models.ForeignKey(Study, models.PROTECT, related_name="ratings")
    # Null: the rating was made elsewhere and imported.
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="ratings")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="ratings")
    completion = models.ForeignKey(Completion, models.PROTECT, related_name="ratings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="ratings")
    answer = models.CharField(max_length=12, choices=Answer.choices, default=Answer.VALUE)
    value = models.SmallIntegerField(null=True)
    rationale = models.TextField(blank=True)
    completion_digest = models.CharField(max_length=64)
    rubric_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["study", "created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["-created_at", "id"], name="rating_newest")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "rater", "completion", "criterion"],
                name="one_rating_per_rater_completion_criterion",
            ),
            models.CheckConstraint(
                condition=Q(answer="value", value__isnull=False)
                | (~Q(answer="value") & Q(value__isnull=True)),
                name="rating_has_value_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value if self.value is not None else self.answer}"


class Preference(Identified):
    """A rater's side-by-side choice. It names the completion, never a letter."""

    class Choice(models.TextChoices):
        PREFERS = "prefers", "Prefers one"
        EQUAL = "equal", "Equal"
        BOTH_UNACCEPTABLE = "both_unacceptable", "Both unacceptable"

    study = models.ForeignKey(Study, models.PROTECT, related_name="preferences")
    item = models.ForeignKey(Item, models.PROTECT, related_name="preferences")
    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="preference")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="preferences")
    choice = models.CharField(max_length=20, choices=Choice.choices)
    chosen = models.ForeignKey(Completion, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["study", "created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "rater"], name="one_preference_per_rater_item"),
            models.CheckConstraint(
                condition=Q(choice="prefers", chosen__isnull=False)
                | (~Q(choice="prefers") & Q(chosen__isnull=True)),
                name="preference_names_what_it_prefers",
            ),
        ]

    def __str__(self) -> str:
        return self.choice


class Adjudication(Identified):
    """The settled value where raters differed. It stands beside their ratings, never instead."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="adjudications")
    completion = models.ForeignKey(Completion, models.PROTECT, related_name="adjudications")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="adjudications")
    value = models.SmallIntegerField()
    adjudicator = models.ForeignKey(Rater, models.PROTECT, related_name="adjudications")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["study", "created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "completion", "criterion"], name="one_adjudication_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"
