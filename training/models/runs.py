"""Fine-tuning runs, and the loss along their way."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from exports.models import Release
from generation.models import LanguageModel
from generation.queue import Job
from training import config as recipes
from training.models.attended import Attended, AttendedQuerySet


class TrainingRunQuerySet(AttendedQuerySet["TrainingRun"]):
    """Reads that chain."""

    def with_names(self) -> "TrainingRunQuerySet":
        return self.select_related("release", "base", "result")


class TrainingRun(Job, Attended):
    """An adapter in the making: one release's training split, one base model, one configuration."""

    class Method(models.TextChoices):
        SFT = "sft", "SFT"
        DPO = "dpo", "DPO"

    task = "training.tasks.train"

    # What the adapter is called when it is there: as a model, and where it is served.
    name = models.CharField(max_length=120, unique=True)
    release = models.ForeignKey(Release, models.PROTECT, related_name="training_runs")
    base = models.ForeignKey(LanguageModel, models.PROTECT, related_name="training_runs")
    method = models.CharField(max_length=10, choices=Method.choices)
    preset = models.CharField(max_length=40, blank=True)
    config = models.TextField()  # canonical YAML, every field stated
    config_digest = models.CharField(max_length=64)
    step = models.PositiveIntegerField(default=0)
    n_steps = models.PositiveIntegerField(null=True)  # known once the process has read its rows
    checkpoint = models.PositiveIntegerField(default=0)  # the step of the newest whole one
    facts = models.JSONField(default=dict)  # what the trainer says of data, device and libraries
    result = models.ForeignKey(LanguageModel, models.PROTECT, null=True, related_name="trained_by")
    adapter_path = models.CharField(max_length=500, blank=True)
    adapter_digest = models.CharField(max_length=64, blank=True)

    objects = TrainingRunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            *Attended.constraints_for("training_run"),
            models.CheckConstraint(
                condition=Q(method__in=["sft", "dpo"]), name="training_method_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(adapter_digest=""),
                name="training_done_has_adapter",
            ),
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(state="done"),
                name="training_result_when_done",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training:run", args=[self.pk])

    @property
    def warmup_steps(self) -> int:
        """Steps over which the learning rate rises, as its configuration says."""
        return recipes.read(self.config).warmup_steps


class LossPoint(models.Model):
    """The loss at one step, as the trainer logged it."""

    run = models.ForeignKey(TrainingRun, models.CASCADE, related_name="points")
    step = models.PositiveIntegerField()
    loss = models.FloatField()
    learning_rate = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar = ["run", "step"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "step"], name="one_loss_per_step")
        ]

    def __str__(self) -> str:
        return f"{self.run}, step {self.step}: {self.loss:.4f}"
