"""A judge's choices between the answers of two runs, each pair asked in both orders."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from generation.models import Completion, Run
from generation.queue import Job, WorkItem, WorkQuerySet
from judging.models.judges import Judge


class Matchup(Job):
    """A side-by-side judge over two runs of the same prompts."""

    task = "judging.tasks.match"
    rows_name = "duels"

    judge = models.ForeignKey(Judge, models.PROTECT, related_name="matchups")
    run_a = models.ForeignKey(Run, models.PROTECT, related_name="matchups_as_a")
    run_b = models.ForeignKey(Run, models.PROTECT, related_name="matchups_as_b")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["judge", "run_a", "run_b"], name="matchup_once"),
            models.CheckConstraint(condition=~Q(run_a=F("run_b")), name="matchup_of_two_runs"),
            models.CheckConstraint(condition=Q(state__in=Job.STATES), name="matchup_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.judge}: {self.run_a} and {self.run_b}"

    def get_absolute_url(self) -> str:
        return reverse("judging:matchup", args=[self.pk])


class Choice(models.TextChoices):
    """What a judge may choose, in terms of the runs: not of what stood first."""

    A = "A", "Answer of run A"
    B = "B", "Answer of run B"
    EQUAL = "equal", "Equal"
    BOTH_UNACCEPTABLE = "both_unacceptable", "Both unacceptable"


class DuelQuerySet(WorkQuerySet["Duel"]):
    """Reads that chain."""


class Duel(WorkItem):
    """Two answers to one prompt in one order. The same pair in the other order is a row too."""

    matchup = models.ForeignKey(Matchup, models.CASCADE, related_name="duels")
    completion_a = models.ForeignKey(Completion, models.PROTECT, related_name="+")
    completion_b = models.ForeignKey(Completion, models.PROTECT, related_name="+")
    is_swapped = models.BooleanField()  # run B's answer stood first
    replicate = models.PositiveSmallIntegerField(default=1)
    choice = models.CharField(max_length=20, choices=Choice.choices, blank=True)
    unscored_reason = models.CharField(max_length=300, blank=True)
    reasoning = models.TextField(blank=True)
    raw = models.TextField(blank=True)
    n_asks = models.PositiveSmallIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)
    provenance = models.JSONField(default=dict)

    objects = DuelQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["matchup", "id"]
        indexes: ClassVar = [
            models.Index(fields=["matchup", "state", "id"], name="duel_queue"),
            models.Index(
                fields=["lease_expires_at"], condition=Q(state="running"), name="duel_leases"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matchup", "completion_a", "completion_b", "is_swapped", "replicate"],
                name="duel_once_per_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | (~Q(choice="") & Q(unscored_reason=""))
                | (Q(choice="") & ~Q(unscored_reason="")),
                name="duel_has_choice_or_reason",
            ),
            *WorkItem.constraints_for("duel"),
        ]

    def __str__(self) -> str:
        return self.choice or self.unscored_reason or self.state
