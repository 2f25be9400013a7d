"""What people said: append-only ratings, preferences, repeats and adjudications.

An answer that its rater took back, or sent anew, stays as it was and gets `superseded_at`. The
plain manager reads what stands; `everything` reads the history too.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from annotation.models.items import Assignment, Item
from annotation.models.rubrics import Criterion
from annotation.models.studies import Rater, Study
from gate.identity import Identified
from generation.models import Completion


class StandingManager(models.Manager[Any]):
    """Rows that nothing has superseded."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(superseded_at=None)


class Given(Identified):
    """A rater's answer to a criterion: a value of the scale, several, words, or why there is none.

    `value` holds yes/no, scales and single choices; `picked` multiple choices (a list of values);
    `words` a short text or the short name of a strategy.
    """

    class Answer(models.TextChoices):
        VALUE = "value", _("A value")
        CANNOT_JUDGE = "cannot_judge", _("Cannot judge")
        OUTSIDE = "outside", _("Outside my competence")

    answer = models.CharField(max_length=12, choices=Answer.choices, default=Answer.VALUE)
    value = models.SmallIntegerField(null=True)
    picked = models.JSONField(null=True)
    words = models.TextField(blank=True)
    rationale = models.TextField(blank=True)
    rubric_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.words or self.picked or self.value or self.answer)


def _says_something(name: str) -> models.CheckConstraint:
    has_value = Q(value__isnull=False) | Q(picked__isnull=False) | ~Q(words="")
    return models.CheckConstraint(
        condition=(Q(answer="value") & has_value)
        | (~Q(answer="value") & Q(value__isnull=True, picked__isnull=True, words="")),
        name=name,
    )


class Rating(Given):
    """A rater's value for a criterion on a completion, bound to what was shown."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="ratings")
    # Null: the rating was made elsewhere and imported.
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="ratings")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="ratings")
    completion = models.ForeignKey(Completion, models.PROTECT, related_name="ratings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="ratings")
    completion_digest = models.CharField(max_length=64)
    superseded_at = models.DateTimeField(null=True)

    objects = StandingManager()
    everything = models.Manager()

    class Meta:
        ordering: ClassVar = ["study", "created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["-created_at", "id"], name="rating_newest")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "rater", "completion", "criterion"],
                condition=Q(superseded_at=None),
                name="one_rating_per_rater_completion_criterion",
            ),
            _says_something("rating_has_value_or_says_why_not"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {super().__str__()}"


class PromptRating(Given):
    """A rater's answer to a criterion about the prompt itself: "should this be refused?"."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="prompt_ratings")
    item = models.ForeignKey(Item, models.PROTECT, related_name="prompt_ratings")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="prompt_ratings")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="prompt_ratings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="prompt_ratings")
    superseded_at = models.DateTimeField(null=True)

    objects = StandingManager()
    everything = models.Manager()

    class Meta:
        ordering: ClassVar = ["study", "created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "rater", "item", "criterion"],
                condition=Q(superseded_at=None),
                name="one_prompt_rating_per_rater_item_criterion",
            ),
            _says_something("prompt_rating_says_something"),
        ]


class Repeat(Given):
    """The same rater's value the second time, days later: for how well they agree with themselves.

    Kept apart, so that no count and no mean takes it for another rating.
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="repeats")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="repeats")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="repeats")
    # Null: the criterion is about the prompt.
    completion = models.ForeignKey(Completion, models.PROTECT, null=True, related_name="repeats")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="repeats")
    superseded_at = models.DateTimeField(null=True)

    objects = StandingManager()
    everything = models.Manager()

    class Meta:
        ordering: ClassVar = ["study", "created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assignment", "completion", "criterion"],
                condition=Q(superseded_at=None, completion__isnull=False),
                name="one_repeat_per_completion_criterion",
            ),
            models.UniqueConstraint(
                fields=["assignment", "criterion"],
                condition=Q(superseded_at=None, completion__isnull=True),
                name="one_repeat_per_prompt_criterion",
            ),
            _says_something("repeat_says_something"),
        ]


class Choice(Identified):
    """A rater's choice among answers. It names the completion, never a letter."""

    class Kind(models.TextChoices):
        PREFERS = "prefers", _("Prefers one")
        EQUAL = "equal", _("Equal")
        BOTH_UNACCEPTABLE = "both_unacceptable", _("Both unacceptable")

    choice = models.CharField(max_length=20, choices=Kind.choices)
    chosen = models.ForeignKey(Completion, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = StandingManager()
    everything = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.choice


def _names_what_it_prefers(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(choice="prefers", chosen__isnull=False)
        | (~Q(choice="prefers") & Q(chosen__isnull=True)),
        name=name,
    )


class Preference(Choice):
    """What a rater would rather have had this person read."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="preferences")
    item = models.ForeignKey(Item, models.PROTECT, related_name="preferences")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="preferences")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="preferences")

    class Meta:
        ordering: ClassVar = ["study", "created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "rater"],
                condition=Q(superseded_at=None),
                name="one_preference_per_rater_item",
            ),
            _names_what_it_prefers("preference_names_what_it_prefers"),
        ]


class RepeatPreference(Choice):
    """The choice of the same rater the second time, with the answers in another order."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="repeat_preferences")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="repeat_preferences")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="repeat_preferences")

    class Meta:
        ordering: ClassVar = ["study", "created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(superseded_at=None),
                name="one_repeat_preference_per_assignment",
            ),
            _names_what_it_prefers("repeat_preference_names_what_it_prefers"),
        ]


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
