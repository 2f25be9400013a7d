"""Raters who no longer want their ratings given out."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from annotation.models.studies import Rater, Study
from gate.identity import Identified


class Withdrawal(Identified):
    """From then on no release holds what the rater said in the study, or in any study.

    The ratings stay where they are: what was published with them can be understood, and a release
    that was made before keeps them.
    """

    rater = models.ForeignKey(Rater, models.PROTECT, related_name="withdrawals")
    # Null: of every study.
    study = models.ForeignKey(Study, models.PROTECT, null=True, related_name="withdrawals")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # who entered it

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rater", "study"], name="one_withdrawal_per_study"),
            models.UniqueConstraint(
                fields=["rater"], condition=Q(study=None), name="one_withdrawal_of_everything"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rater}: {self.study or 'every study'}"
