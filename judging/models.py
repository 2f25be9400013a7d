"""Judges, their runs over completions, and verdicts: what is unreadable is unscored."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from annotation.models import Criterion, Rubric
from gate.identity import Identified
from generation.models import Completion, LanguageModel, Run
from generation.queue import Job, WorkItem, WorkQuerySet


class Judge(Identified):
    """A model with a rubric, a prompt and settings. Never changed; a change is a new judge."""

    name = models.CharField(max_length=80, unique=True)
    model = models.ForeignKey(LanguageModel, models.PROTECT, related_name="judges")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="judges")
    prompt = models.TextField()
    prompt_digest = models.CharField(max_length=64)
    temperature = models.FloatField(default=0.0)
    max_tokens = models.PositiveIntegerField(default=1500)
    seed = models.BigIntegerField(default=0)
    max_asks = models.PositiveSmallIntegerField(default=3)  # the first and two re-asks
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(max_asks__gte=1, max_asks__lte=5), name="judge_asks_in_range"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("judging:judge", args=[self.pk])

    def shares_family_with(self, model: LanguageModel) -> bool:
        """A judge may favour its own family; said wherever its verdicts appear."""
        return self.model.family_guess == model.family_guess


class JudgeRun(Job):
    """A judge over the completions of a run."""

    task = "judging.tasks.judge"

    judge = models.ForeignKey(Judge, models.PROTECT, related_name="judge_runs")
    run = models.ForeignKey(Run, models.PROTECT, related_name="judge_runs")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["judge", "run"], name="judge_once_per_run"),
            models.CheckConstraint(condition=Q(state__in=Job.STATES), name="judge_run_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.judge} on {self.run}"

    def get_absolute_url(self) -> str:
        return reverse("judging:judge_run", args=[self.pk])


class JudgementQuerySet(WorkQuerySet["Judgement"]):
    """Reads that chain."""


class Judgement(WorkItem):
    """One completion before one judge: a row of work, then what the judge wrote."""

    judge_run = models.ForeignKey(JudgeRun, models.CASCADE, related_name="judgements")
    completion = models.ForeignKey(Completion, models.PROTECT, related_name="judgements")
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
                fields=["judge_run", "completion"], name="one_judgement_per_completion"
            ),
            *WorkItem.constraints_for("judgement"),
        ]

    def __str__(self) -> str:
        return f"{self.judge_run}: {self.state}"


class Verdict(Identified):
    """A judge's value for a criterion on a completion, or unscored with a reason."""

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="verdicts")
    judge = models.ForeignKey(Judge, models.PROTECT, related_name="verdicts")
    completion = models.ForeignKey(Completion, models.PROTECT, related_name="verdicts")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="verdicts")
    value = models.SmallIntegerField(null=True)
    unscored_reason = models.CharField(max_length=300, blank=True)
    evidence = models.TextField(blank=True)
    reasoning = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["judge", "completion", "criterion"],
                name="one_verdict_per_judge_completion_criterion",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, unscored_reason="")
                | (Q(value__isnull=True) & ~Q(unscored_reason="")),
                name="verdict_has_value_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value if self.value is not None else 'unscored'}"
