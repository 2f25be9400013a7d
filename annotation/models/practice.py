"""The practice round before a study, and the answers that are known among its items."""

from typing import ClassVar

from django.db import models

from accounts.models import User
from annotation.models.rubrics import Criterion
from annotation.models.studies import Rater, Study
from gate.identity import Identified
from generation.models import Completion


class PracticeItem(Identified):
    """An item with known answers that raters see before the study, with feedback after it."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="practice_items")
    position = models.PositiveSmallIntegerField()
    messages = models.JSONField()  # [{"role", "content"}, …]
    language = models.CharField(max_length=10, default="en")
    texts = models.JSONField()  # the answers, in the order shown
    # [{criterion's key: value}, …], one for each answer; a criterion may be left out. What is
    # expected of the prompt stands with the first.
    expected = models.JSONField()
    feedback = models.TextField(blank=True)  # why, in the curator's words

    class Meta:
        ordering: ClassVar = ["study", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "position"], name="practice_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.study}, practice {self.position}"


class PracticeAttempt(Identified):
    """What a rater answered in practice. It is no rating and never counted as one."""

    item = models.ForeignKey(PracticeItem, models.CASCADE, related_name="attempts")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="practice_attempts")
    answers = models.JSONField()
    n_asked = models.PositiveSmallIntegerField()
    n_right = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["item", "created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["rater", "item"], name="practice_by_rater")]

    def __str__(self) -> str:
        return f"{self.rater}: {self.n_right} of {self.n_asked}"


class Gold(Identified):
    """A known value of an answer in a study. Raters cannot tell such an item from the others."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="gold")
    completion = models.ForeignKey(Completion, models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.SmallIntegerField()
    tolerance = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["study", "created_at", "id"]
        verbose_name_plural = "gold"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "completion", "criterion"], name="gold_once_per_criterion"
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"
