"""A judge's trial on a study's held-out labels, and the approval that may follow it."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from annotation.models import Study
from gate.identity import Identified
from judging.models.judges import Judge


class Trial(Identified):
    """The judge is frozen: from now on the study's held-out labels are shown beside it.

    Which prompts are held out follows from the seed and the share, so it is the same for every
    judge of the study; a judge that is changed after this is a new judge and has a new trial.
    """

    judge = models.ForeignKey(Judge, models.PROTECT, related_name="trials")
    study = models.ForeignKey(Study, models.PROTECT, related_name="trials")
    seed = models.BigIntegerField()
    held_percent = models.PositiveSmallIntegerField()
    prompt_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["judge", "study"], name="one_trial_per_judge_and_study"
            ),
            models.CheckConstraint(
                condition=Q(held_percent__gte=10, held_percent__lte=90),
                name="trial_holds_out_a_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge} on {self.study}"


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Reads that chain."""

    def standing(self) -> Self:
        return self.filter(revoked_at=None)


class Approval(Identified):
    """Somebody let a judge stand in for a rater on a rubric, and of what that was true."""

    trial = models.ForeignKey(Trial, models.PROTECT, related_name="approvals")
    judge = models.ForeignKey(Judge, models.PROTECT, related_name="approvals")
    # What the judge, its model and the rubric were. Another digest revokes the approval.
    judge_digest = models.CharField(max_length=64)
    rubric_digest = models.CharField(max_length=64)
    finding = models.TextField()  # what the validation said when it was approved
    note = models.TextField(blank=True)
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_because = models.TextField(blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-approved_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["judge"], condition=Q(revoked_at=None), name="one_standing_approval"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_because="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_because="")),
                name="revoked_approval_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge}: {'revoked' if self.revoked_at else 'approved'}"
