"""Judgements and their verdicts: what is unreadable is unscored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from annotation.models import Criterion
from gate.identity import Identified
from generation.models import Completion
from generation.queue import WorkItem, WorkQuerySet
from judging.models.judges import Anchor, Judge, JudgeRun
from judging.models.scores import VerdictQuerySet


@dataclass(frozen=True)
class Judged:
    """A conversation and the answer that is judged, wherever they came from."""

    messages: Sequence[Mapping[str, Any]]
    text: str
    digest: str


class JudgementQuerySet(WorkQuerySet["Judgement"]):
    """Reads that chain."""


class Judgement(WorkItem):
    """One completion, or anchor, before one judge: a row of work, then what the judge wrote."""

    judge_run = models.ForeignKey(JudgeRun, models.CASCADE, related_name="judgements")
    completion = models.ForeignKey(Completion, models.PROTECT, null=True, related_name="judgements")
    anchor = models.ForeignKey(Anchor, models.PROTECT, null=True, related_name="judgements")
    # Null: all criteria in one call.
    criterion = models.ForeignKey(Criterion, models.PROTECT, null=True, related_name="+")
    replicate = models.PositiveSmallIntegerField(default=1)
    raw = models.TextField(blank=True)
    n_asks = models.PositiveSmallIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)
    provenance = models.JSONField(default=dict)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["judge_run", "id"]
        indexes: ClassVar = [
            models.Index(fields=["judge_run", "state", "id"], name="judgement_queue"),
            models.Index(
                fields=["lease_expires_at"], condition=Q(state="running"), name="judgement_leases"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["judge_run", "completion", "replicate"],
                condition=Q(criterion__isnull=True),
                name="one_judgement_per_completion",
            ),
            models.UniqueConstraint(
                fields=["judge_run", "completion", "criterion", "replicate"],
                name="one_judgement_per_completion_and_criterion",
            ),
            models.UniqueConstraint(
                fields=["judge_run", "anchor", "replicate"],
                condition=Q(criterion__isnull=True),
                name="one_judgement_per_anchor",
            ),
            models.UniqueConstraint(
                fields=["judge_run", "anchor", "criterion", "replicate"],
                name="one_judgement_per_anchor_and_criterion",
            ),
            models.CheckConstraint(
                condition=Q(completion__isnull=False, anchor__isnull=True)
                | Q(completion__isnull=True, anchor__isnull=False),
                name="judgement_is_of_one_answer",
            ),
            *WorkItem.constraints_for("judgement"),
        ]

    def __str__(self) -> str:
        return f"{self.judge_run}: {self.state}"

    @property
    def judged(self) -> "Judged":
        """What stands before the judge."""
        if self.completion is not None:
            answer = self.completion
            return Judged(answer.conversation, answer.text, answer.digest)
        if self.anchor is None:
            raise ValueError("A judgement is of a completion or of an anchor.")
        return Judged(self.anchor.messages, self.anchor.text, self.anchor.digest)


class Verdict(Identified):
    """A judge's value for a criterion on a completion, or unscored with a reason.

    `picked` and `words` hold what is not one number, as they do for people's ratings.
    """

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="verdicts")
    judge = models.ForeignKey(Judge, models.PROTECT, related_name="verdicts")
    completion = models.ForeignKey(Completion, models.PROTECT, null=True, related_name="verdicts")
    anchor = models.ForeignKey(Anchor, models.PROTECT, null=True, related_name="verdicts")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="verdicts")
    replicate = models.PositiveSmallIntegerField(default=1)
    value = models.SmallIntegerField(null=True)
    picked = models.JSONField(null=True)
    words = models.TextField(blank=True)
    # The mean over the score tokens' probabilities; null where the server gave none.
    expected_value = models.FloatField(null=True)
    unscored_reason = models.CharField(max_length=300, blank=True)
    evidence = models.TextField(blank=True)
    reasoning = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["judge", "completion", "criterion", "replicate"],
                name="one_verdict_per_judge_completion_criterion",
            ),
            models.UniqueConstraint(
                fields=["judgement", "criterion"], name="one_verdict_per_judgement_and_criterion"
            ),
            models.CheckConstraint(
                condition=Q(completion__isnull=False, anchor__isnull=True)
                | Q(completion__isnull=True, anchor__isnull=False),
                name="verdict_is_on_one_answer",
            ),
            models.CheckConstraint(
                condition=Q(unscored_reason="")
                & (Q(value__isnull=False) | Q(picked__isnull=False) | ~Q(words=""))
                | Q(value__isnull=True, picked__isnull=True, words="") & ~Q(unscored_reason=""),
                name="verdict_has_value_or_reason",
            ),
        ]

    def __str__(self) -> str:
        said = self.words or self.picked if self.value is None else self.value
        return f"{self.criterion}: {'unscored' if self.unscored_reason else said}"
