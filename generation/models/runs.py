"""Conditions, runs and completions."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from corpus.models import Prompt, PromptSet
from gate.identity import Identified
from generation.messages import STUCK_IN_REASONING
from generation.models.places import LanguageModel
from generation.queue import Job, State, WorkItem, WorkQuerySet
from generation.trajectories import before_last


class Condition(Identified):
    """How a model is asked: system prompt and sampling. A change is a new condition."""

    name = models.CharField(max_length=80, unique=True)
    system_prompt = models.TextField(blank=True)
    system_prompt_digest = models.CharField(max_length=64)
    temperature = models.FloatField(default=0.0)
    top_p = models.FloatField(default=1.0)
    max_tokens = models.PositiveIntegerField(default=1024)
    seed = models.BigIntegerField(default=0)
    thinking = models.BooleanField(null=True)  # null: the model's own default
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(temperature__gte=0, temperature__lte=2, top_p__gt=0, top_p__lte=1),
                name="condition_sampling_in_range",
            ),
            models.CheckConstraint(
                condition=Q(max_tokens__gte=1, max_tokens__lte=131072),
                name="condition_max_tokens_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("generation:condition", args=[self.pk])


class RunQuerySet(models.QuerySet["Run"]):
    """Reads that chain."""

    def with_names(self) -> Self:
        return self.select_related("prompt_set", "model", "condition")


class Run(Job):
    """A model under a condition over a prompt set. Imported answers are a finished run."""

    task = "generation.tasks.generate"
    rows_name = "completions"

    prompt_set = models.ForeignKey(PromptSet, models.PROTECT, related_name="runs")
    model = models.ForeignKey(LanguageModel, models.PROTECT, related_name="runs")
    condition = models.ForeignKey(Condition, models.PROTECT, null=True, related_name="runs")
    replicates = models.PositiveSmallIntegerField(default=1)
    # The person's turns are a script: the model answers each of them, in its own conversation.
    plays_turns = models.BooleanField(default=False)
    is_imported = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=Job.STATES), name="run_state_known"),
            models.CheckConstraint(
                condition=Q(replicates__gte=1, replicates__lte=100), name="run_replicates_in_range"
            ),
            models.CheckConstraint(
                condition=Q(is_imported=True) | Q(condition__isnull=False),
                name="run_has_condition_or_was_imported",
            ),
        ]

    def __str__(self) -> str:
        condition = self.condition.name if self.condition else "imported"
        return f"{self.model.name}, {condition}, {self.prompt_set.name}"

    def get_absolute_url(self) -> str:
        return reverse("generation:run", args=[self.pk])


class Mark(models.TextChoices):
    """What a reader should know before judging an answer; of several the first one counts."""

    STUCK = "stuck", _("stuck in reasoning")
    CUT = "cut", _("cut by length")
    EMPTY = "empty", _("empty")


class CompletionQuerySet(WorkQuerySet["Completion"]):
    """Reads that chain."""

    def answered(self) -> Self:
        return self.filter(state=State.DONE)

    def since(self, at: datetime) -> tuple[int, int]:
        """How many answers came in since then, and their tokens. Reads those rows alone."""
        found = self.filter(completed_at__gte=at).aggregate(
            n=models.Count("pk"), tokens=models.Sum("n_completion_tokens")
        )
        return found["n"], found["tokens"] or 0

    def newest(self) -> Self:
        ended = self.filter(completed_at__isnull=False)
        return ended.select_related("prompt").order_by("-completed_at", "-id")

    def progress_of(self, runs: list[str]) -> dict[str, dict[str, int]]:
        """Rows by state for each of these runs. One grouped query."""
        found = {pk: dict.fromkeys(State.values, 0) for pk in runs}
        rows = self.filter(run__in=runs).order_by()
        for pk, state, n in rows.values_list("run", "state").annotate(n=models.Count("pk")):
            found[pk][state] = n
        return found

    def marked(self) -> dict[str, int]:
        """How many answers carry each mark. One query, of the index alone."""
        marked = self.filter(mark__in=Mark.values).order_by().values_list("mark")
        found = dict(marked.annotate(n=models.Count("pk")).values_list("mark", "n"))
        return {str(mark.label): found.get(mark.value, 0) for mark in Mark}


class Completion(WorkItem):
    """One answer in a run: first a row of work, then the answer with everything it came from."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="completions")
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="completions")
    replicate = models.PositiveSmallIntegerField(default=1)

    text = models.TextField(blank=True)
    reasoning = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    finish_reason = models.CharField(max_length=40, blank=True)
    n_prompt_tokens = models.PositiveIntegerField(null=True)
    n_completion_tokens = models.PositiveIntegerField(null=True)
    latency_s = models.FloatField(null=True)
    completed_at = models.DateTimeField(null=True)
    # Of a run that plays turns, each so far: [{"said", "text", "reasoning", "finish_reason",
    # "n_prompt_tokens", "n_completion_tokens", "latency_s"}, …]; `text` is the last answer.
    trajectory = models.JSONField(default=list)
    mark = models.GeneratedField(
        expression=Case(
            When(finish_reason=STUCK_IN_REASONING, then=Value(Mark.STUCK.value)),
            When(finish_reason="length", then=Value(Mark.CUT.value)),
            When(state=State.DONE, text="", then=Value(Mark.EMPTY.value)),
            default=Value(""),
        ),
        output_field=models.CharField(max_length=10),
        db_persist=True,
    )
    # What was sent and who answered: model, revision, adapter, system prompt digest, template
    # options, every sampling field, seed, engine and version. Read for audit, never queried.
    provenance = models.JSONField(default=dict)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["run", "id"]
        indexes: ClassVar = [
            models.Index(fields=["run", "state", "id"], name="completion_queue"),
            models.Index(fields=["run", "mark", "id"], name="completion_marks"),
            models.Index(fields=["run", "completed_at", "id"], name="completion_newest"),
            models.Index(
                fields=["lease_expires_at"],
                condition=Q(state="running"),
                name="completion_leases",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "prompt", "replicate"],
                name="one_completion_per_run_prompt_replicate",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(digest=""), name="done_completion_has_digest"
            ),
            *WorkItem.constraints_for("completion"),
        ]

    def __str__(self) -> str:
        return self.text[:80] or self.state

    @property
    def conversation(self) -> list[dict[str, str]]:
        """What `text` is the answer to: the prompt, or the turns that were played before it."""
        return before_last(self.prompt.messages, self.trajectory)

    @property
    def marks(self) -> list[str]:
        """What a reader should know before judging the answer."""
        return [str(Mark(self.mark).label)] if self.mark else []
