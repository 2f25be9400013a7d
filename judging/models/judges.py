"""Judges, panels of them, their runs over completions, and the answers they are anchored to."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models import Rubric
from gate.identity import Identified
from generation.models import LanguageModel, Run
from generation.queue import Job


class Judge(Identified):
    """A model with a rubric, a prompt and settings. Never changed; a change is a new judge.

    Judges without a model decide by rule: the same answer always gets the same verdict.
    """

    class Kind(models.TextChoices):
        MODEL = "model", _("A model, by the rubric")
        SIDE_BY_SIDE = "side_by_side", _("A model, two answers side by side")
        STRINGS = "strings", _("Phrases of refusal, without a model")
        REFERRAL = "referral", _("Services named for the right country, without a model")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.MODEL)
    name = models.CharField(max_length=80, unique=True)
    model = models.ForeignKey(LanguageModel, models.PROTECT, null=True, related_name="judges")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="judges")
    prompt = models.TextField()
    prompt_digest = models.CharField(max_length=64)
    temperature = models.FloatField(default=0.0)
    max_tokens = models.PositiveIntegerField(default=1500)
    seed = models.BigIntegerField(default=0)
    # One call for each criterion, instead of one for all of them.
    asks_one_by_one = models.BooleanField(default=False)
    replicates = models.PositiveSmallIntegerField(default=1)
    # The mean over the score tokens' probabilities, where the server offers them.
    takes_expected_value = models.BooleanField(default=False)
    max_asks = models.PositiveSmallIntegerField(default=3)  # the first and two re-asks
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(max_asks__gte=1, max_asks__lte=5), name="judge_asks_in_range"
            ),
            models.CheckConstraint(
                condition=Q(replicates__gte=1, replicates__lte=20),
                name="judge_replicates_in_range",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["model", "side_by_side"], model__isnull=False)
                | Q(kind__in=["strings", "referral"], model__isnull=True),
                name="judge_has_a_model_or_a_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("judging:judge", args=[self.pk])

    @property
    def asked(self) -> LanguageModel:
        """The model that is asked; a judge that decides by rule has none."""
        if self.model is None:
            raise ValueError(f"{self} decides by rule and asks no model.")
        return self.model

    def shares_family_with(self, model: LanguageModel) -> bool:
        """A judge may favour its own family; said wherever its verdicts appear."""
        return self.model is not None and self.model.family_guess == model.family_guess


class PanelQuerySet(models.QuerySet["Panel"]):
    """Reads that chain."""

    def with_members(self) -> Self:
        members = models.Prefetch("judges", Judge.objects.select_related("model"))
        return self.select_related("rubric").prefetch_related(members)


class Panel(Identified):
    """Several judges heard as one: the mean of their values, with how far they are apart."""

    name = models.CharField(max_length=80, unique=True)
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="panels")
    judges = models.ManyToManyField(Judge, related_name="panels")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = PanelQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("judging:panel", args=[self.pk])

    @property
    def members(self) -> list[Judge]:
        """The judges, by name. Free of queries on rows of `with_members`."""
        return sorted(self.judges.all(), key=lambda judge: judge.name)

    def shares_family_with(self, model: LanguageModel) -> bool:
        """Whether a member may favour its own family."""
        return any(judge.shares_family_with(model) for judge in self.members)


class AnchorQuerySet(models.QuerySet["Anchor"]):
    """Reads that chain."""

    def live(self, rubric_id: str) -> Self:
        """Those that every judge run of this rubric judges."""
        return self.filter(rubric_id=rubric_id, retired_at__isnull=True)


class Anchor(Identified):
    """An answer whose values are settled; every judge run judges it again, which shows drift."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="anchors")
    name = models.CharField(max_length=80)
    messages = models.JSONField()
    text = models.TextField()
    digest = models.CharField(max_length=64)  # of messages and text
    settled = models.JSONField(default=dict)  # criterion's slug -> the settled value
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)
    is_sample = models.BooleanField(default=False)  # made for the sample; no clinician settled it

    objects = AnchorQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["rubric", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rubric", "name"], name="anchor_name_once_per_rubric"),
            models.UniqueConstraint(fields=["rubric", "digest"], name="anchor_once_per_rubric"),
        ]

    def __str__(self) -> str:
        return self.name


class JudgeRun(Job):
    """A judge over the completions of a run."""

    task = "judging.tasks.judge"
    rows_name = "judgements"

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
