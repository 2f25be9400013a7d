"""Benchmarks by the LM Evaluation Harness: what was asked of which model, and the scores."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gate.identity import Identified
from generation.models import Condition, LanguageModel
from generation.queue import Job
from training.harness import Mode
from training.models.attended import Attended, AttendedQuerySet

MODE_WORDS = {
    Mode.COMPLETION: _("Plain text, without a chat template"),
    Mode.TEMPLATE: _("Plain text within the chat template"),
    Mode.CHAT: _("Conversation"),
}
MODES = [(mode.value, word) for mode, word in MODE_WORDS.items()]


class TaskRunQuerySet(AttendedQuerySet["TaskRun"]):
    """Reads that chain."""

    def with_names(self) -> Self:
        return self.select_related("model__base", "model__endpoint", "condition")

    def finished(self) -> Self:
        return self.filter(state="done")


class TaskRun(Job, Attended):
    """Tasks of the harness, put to one model at its endpoint. One process works on all of them."""

    task = "training.tasks.run_tasks"

    model = models.ForeignKey(LanguageModel, models.PROTECT, related_name="task_runs")
    # Its system prompt is said before every document; the sampling is the tasks' own.
    condition = models.ForeignKey(Condition, models.PROTECT, null=True, related_name="task_runs")
    tasks = models.JSONField()  # names, in the order they were given
    mode = models.CharField(max_length=12, choices=MODES)
    tokenizer = models.CharField(max_length=500, blank=True)  # a folder or a name
    task_folder = models.CharField(max_length=500, blank=True)
    limit = models.PositiveIntegerField(null=True)  # documents of each task; null: all
    n_shots = models.PositiveSmallIntegerField(null=True)  # null: as each task says
    harness_version = models.CharField(max_length=40, blank=True)
    results = models.JSONField(null=True)  # what the harness wrote, without its samples

    objects = TaskRunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            *Attended.constraints_for("task_run"),
            models.CheckConstraint(
                condition=Q(mode__in=[mode.value for mode in Mode]), name="task_run_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(limit__isnull=True) | Q(limit__gte=1), name="task_run_limit_positive"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(results__isnull=False),
                name="task_run_done_has_results",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model.name}: {', '.join(self.tasks)}"

    def get_absolute_url(self) -> str:
        return reverse("training:task_run", args=[self.pk])


class TaskScore(Identified):
    """One figure: a metric of a task under a filter. Written once, when the run is done."""

    run = models.ForeignKey(TaskRun, models.CASCADE, related_name="scores")
    position = models.PositiveIntegerField()
    task = models.CharField(max_length=200)
    metric = models.CharField(max_length=120)
    filter = models.CharField(max_length=120)
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.PositiveIntegerField()
    note = models.CharField(max_length=120)  # how the interval was made, or why there is none
    is_group = models.BooleanField(default=False)
    weighs = models.BooleanField(null=True)  # given answers; null where the harness did not say
    higher_is_better = models.BooleanField(default=True)
    n_shots = models.PositiveSmallIntegerField(null=True)
    task_version = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["run", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "task", "metric", "filter"], name="one_score_per_task_and_metric"
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True, high__isnull=True) | Q(low__lte=F("high")),
                name="task_score_has_an_interval_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task}, {self.metric}: {self.value:.4f}"
