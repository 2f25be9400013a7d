"""Reports: computed by a worker, kept with the digest of what they were computed from."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import User
from annotation.models import Rubric, Study
from annotation.telling import told
from gate.text import digest
from generation.models import Run
from generation.queue import WorkItem, WorkQuerySet
from judging.models.judges import Judge, Panel
from judging.reports.document import Document


class ReportQuerySet(WorkQuerySet["Report"]):
    """Reads that chain."""

    def with_subjects(self) -> Self:
        """With all that a page or a worker asks of what the report is about."""
        runs = [
            f"{run}__{part}"
            for run in ("run_a", "run_b")
            for part in ("model", "condition", "prompt_set")
        ]
        return self.select_related("study__rubric", "rubric", "judge__model", "panel", *runs)

    def told(self) -> Self:
        """Those that may be read now: an open study may keep agreement to itself until it closes.

        The same rule as `disputes.are_hidden`, which refuses to make such a report.
        """
        return self.exclude(study__hides_agreement=True, study__state=Study.State.OPEN)

    def in_brief(self) -> Self:
        """Without what is large."""
        return self.defer("result", "figures")


class Report(WorkItem):
    """What the statistics say of a study, of a judge in a study, or of two runs.

    The row is its own work item. While it is computed anew, the last result stays readable.
    """

    class Kind(models.TextChoices):
        STUDY = "study", _("Agreement in a study")
        VALIDATION = "validation", _("A judge beside a study's raters")
        COMPARISON = "comparison", _("Two runs compared")

    SUBJECTS: ClassVar = ("study", "judge", "panel", "run_a", "run_b", "rubric")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=64, unique=True)  # digest of the kind and the subjects' ids
    study = models.ForeignKey(Study, models.CASCADE, null=True, related_name="reports")
    judge = models.ForeignKey(Judge, models.CASCADE, null=True, related_name="reports")
    panel = models.ForeignKey(Panel, models.CASCADE, null=True, related_name="reports")
    run_a = models.ForeignKey(Run, models.CASCADE, null=True, related_name="+")
    run_b = models.ForeignKey(Run, models.CASCADE, null=True, related_name="+")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Of the last result; the digest is of the rubric, the ratings and the verdicts behind it.
    input_digest = models.CharField(max_length=64, blank=True)
    computed_at = models.DateTimeField(null=True)
    # The document, its sentences as what they were made of: read it by `said` or `in_english`.
    result = models.JSONField(null=True)
    figures = models.JSONField(default=dict)  # drawn, by language and the figure's key

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"],
                condition=Q(state__in=["pending", "running"]),
                name="report_waiting",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="study", study__isnull=False)
                | Q(kind="validation", study__isnull=False, judge__isnull=False)
                | Q(kind="comparison", run_a__isnull=False, run_b__isnull=False),
                name="report_has_its_subjects",
            ),
            models.CheckConstraint(
                condition=Q(computed_at__isnull=True, result__isnull=True)
                | Q(computed_at__isnull=False, result__isnull=False),
                name="report_has_result_and_when",
            ),
            *WorkItem.constraints_for("report"),
        ]

    def __str__(self) -> str:
        about = self.study or f"{self.run_a} and {self.run_b}"
        return f"{self.get_kind_display()}: {about}"

    def get_absolute_url(self) -> str:
        return reverse("judging:report", args=[self.pk])

    @staticmethod
    def key_of(kind: str, **subjects: Any) -> str:
        """The same for the same kind and subjects, in any order."""
        ids = {name: row.pk for name, row in subjects.items() if row is not None}
        return digest(str(kind), ids)

    @property
    def said(self) -> Document | None:
        """The document in the reader's language, or None before it was computed."""
        return told(self.result)  # type: ignore[no-any-return]

    @property
    def in_english(self) -> Document | None:
        """The document for programs, records and papers, whoever asks."""
        with override("en"):
            return self.said

    @property
    def is_at_work(self) -> bool:
        """Waiting for a worker, or in the hands of one."""
        return self.state in ("pending", "running")
