"""What could tell a rater which answer is whose: passages hidden from them, and their guesses."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from annotation.models.studies import Rater, Study, StudyRun
from gate.identity import Identified
from generation.models import Completion


class Mask(Identified):
    """A passage of an answer that raters of a study see as a mark. Set before the study opens."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="masks")
    completion = models.ForeignKey(Completion, models.PROTECT, related_name="+")
    # 0: the answer itself; 1, 2, …: what its model said earlier, where the conversation was played.
    turn = models.PositiveSmallIntegerField(default=0)
    start = models.PositiveIntegerField()  # characters of the stored text, [start, end)
    end = models.PositiveIntegerField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["study", "completion", "turn", "start"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "completion", "turn", "start", "end"], name="mask_once"
            ),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="mask_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"


class Guess(Identified):
    """Which arm a rater thinks an answer came from, asked after their last item."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="guesses")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="guesses")
    completion = models.ForeignKey(Completion, models.PROTECT, related_name="+")
    arm = models.ForeignKey(StudyRun, models.PROTECT, related_name="+")
    guessed = models.ForeignKey(
        StudyRun, models.PROTECT, null=True, related_name="+"
    )  # None: no idea
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["study", "created_at", "id"]
        verbose_name_plural = "guesses"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "rater", "completion"], name="one_guess_per_answer"
            )
        ]

    def __str__(self) -> str:
        return "right" if self.guessed_id == self.arm_id else "wrong or no idea"
