"""A judge's choices between the answers of two runs, each pair asked in both orders."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from generation.models import Completion, Run
from generation.queue import Job, WorkItem, WorkQuerySet
from judging.models.judges import Judge


class MatchupQuerySet(models.QuerySet["Matchup"]):
    """Reads that chain."""

    def with_names(self) -> Self:
        runs = [
            f"{run}__{part}"
            for run in ("run_a", "run_b")
            for part in ("model", "condition", "prompt_set")
        ]
        return self.select_related("judge__model__endpoint", "judge__rubric", *runs)


class Matchup(Job):
    """A side-by-side judge over two runs of the same prompts."""

    task = "judging.tasks.match"
    rows_name = "duels"

    judge = models.ForeignKey(Judge, models.PROTECT, related_name="matchups")
    run_a = models.ForeignKey(Run, models.PROTECT, related_name="matchups_as_a")
    run_b = models.ForeignKey(Run, models.PROTECT, related_name="matchups_as_b")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = MatchupQuerySet.as_manager()

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

    @property
    def shares_family(self) -> bool:
        """Whether the judge is of the family of a model that it compares."""
        return any(self.judge.shares_family_with(run.model) for run in (self.run_a, self.run_b))


class Choice(models.TextChoices):
    """What a judge may choose, in terms of the runs: not of what stood first."""

    A = "A", _("Answer of run A")
    B = "B", _("Answer of run B")
    EQUAL = "equal", _("Equal")
    BOTH_UNACCEPTABLE = "both_unacceptable", _("Both unacceptable")


class DuelQuerySet(WorkQuerySet["Duel"]):
    """Reads that chain."""

    def newest(self) -> Self:
        """What a judge said last; pairs of the same text were never asked about."""
        asked = self.filter(completed_at__isnull=False, n_asks__gt=0)
        return asked.select_related("completion_a__prompt").order_by("-completed_at", "-id")


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
            models.Index(fields=["matchup", "completed_at", "id"], name="duel_newest"),
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

    @property
    def chosen(self) -> str:
        """The choice in a word or two; empty where there is none."""
        words = {Choice.A: _("A"), Choice.B: _("B"), Choice.EQUAL: _("equal")}
        if not self.choice:
            return ""
        return str(words.get(Choice(self.choice), _("both unacceptable")))

    def __str__(self) -> str:
        return self.choice or self.unscored_reason or self.state
