"""The judge's value for an answer: one number, however often the judge was asked.

Everything that reads verdicts as figures reads them here, so that a judge with three replicates
counts as one judge and the anchors it was tried on count for nothing.
"""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Avg, Count, F, FloatField, Q
from django.db.models.functions import Cast, Coalesce

if TYPE_CHECKING:
    from judging.models.verdicts import Verdict  # noqa: F401  # named in the base below

# What one verdict says: the expected value where the judge takes it and the server offered it.
SAID = Coalesce(F("expected_value"), Cast(F("value"), FloatField()))


class VerdictQuerySet(models.QuerySet["Verdict"]):
    """Reads that chain."""

    def on_answers(self) -> Self:
        """Verdicts on completions: what a judge is asked for. Anchors are left out."""
        return self.filter(completion__isnull=False)

    def on_anchors(self) -> Self:
        """Verdicts on answers whose values are settled: they show drift and nothing else."""
        return self.filter(anchor__isnull=False)

    def scored(self) -> Self:
        return self.filter(value__isnull=False)

    def per_answer(self, *more: str) -> models.QuerySet[Any, Any]:
        """A row for each judge, answer and criterion, anchors left out.

        `score` is the mean over the replicates that have a value, null if none has;
        `n_replicates` says how many there are and `n_scored` how many have one. `more` names
        further columns of the answer or the criterion.
        """
        groups = ("judge_id", "completion_id", "criterion_id", *more)
        grouped: models.QuerySet[Any, Any] = (
            self.on_answers()
            .order_by()
            .values(*groups)
            .annotate(score=Avg(SAID), n_replicates=Count("pk"), n_scored=Count("value"))
        )
        return grouped

    def votes(self) -> models.QuerySet[Any, Any]:
        """How often a judge gave an answer each value. Names have no mean: count them instead."""
        groups = ("judge_id", "completion_id", "criterion_id", "value")
        spoken = self.on_answers().scored().order_by()
        counted: models.QuerySet[Any, Any] = spoken.values(*groups).annotate(n=Count("pk"))
        return counted

    def left_out(self) -> models.QuerySet[Any, Any]:
        """Answers and criteria to which a judge gave no value in any replicate."""
        return self.per_answer().filter(n_scored=0)

    def unscored_by(self, *groups: str) -> dict[tuple[Any, ...], tuple[int, int]]:
        """(verdicts without a value, verdicts) for each combination of `groups`. One query."""
        rows = self.on_answers().order_by().values(*groups)
        counted = rows.annotate(n=Count("pk"), n_scored=Count("pk", filter=Q(unscored_reason="")))
        return {
            tuple(row[group] for group in groups): (row["n"] - row["n_scored"], row["n"])
            for row in counted
        }
