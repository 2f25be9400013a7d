"""A task run's scores beside those of the model that it came from, under the same settings."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agreement.estimate import Estimate
from training.harness import Mode
from training.models import TaskRun, TaskScore

NOTES = {
    "wilson": _("by Wilson, over documents"),
    "standard error": _("by the harness's standard error"),
    "documents as clusters": _("over documents, which have several values each"),
    "the harness states no standard error": _("no interval: the harness states no standard error"),
    "every document has the same score": _("no interval: every document has the same score"),
}
NO_INTERVAL = "no interval was made"


@dataclass(frozen=True)
class Row:
    """One figure, and the same one of the reference."""

    score: TaskScore
    other: TaskScore | None

    @property
    def estimate(self) -> Estimate:
        return estimate(self.score)

    @property
    def other_estimate(self) -> Estimate | None:
        return estimate(self.other) if self.other else None

    @property
    def note(self) -> Promise | str:
        return NOTES.get(self.score.note, self.score.note)

    @property
    def verdict(self) -> Promise | str:
        """Careful: where intervals overlap, a paired test might still tell them apart."""
        if self.other is None or self.score.low is None or self.other.low is None:
            return ""
        if self.score.low > (self.other.high or 0.0):
            return _("higher")
        if (self.score.high or 0.0) < self.other.low:
            return _("lower")
        return _("not told apart")


def estimate(score: TaskScore) -> Estimate:
    """The stored figure as statistics are passed on."""
    if score.low is None or score.high is None:
        return Estimate(score.value, interval_reason=NO_INTERVAL)
    return Estimate(score.value, score.low, score.high)


def reference(run: TaskRun) -> TaskRun | None:
    """The newest finished run of the base model, or of the model without a system prompt, that put
    any of these tasks in the same way. One query."""
    model = run.model.base or run.model
    same = TaskRun.objects.finished().filter(
        Q(model=model, condition=None), mode=run.mode, limit=run.limit, n_shots=run.n_shots
    )
    rows = same.exclude(pk=run.pk).filter(scores__task__in=_tasks(run)).distinct()
    if run.model.base_id is None and run.condition_id is None:
        return None
    return rows.with_names().order_by("-created_at", "pk").first()


def rows(run: TaskRun, other: TaskRun | None) -> list[Row]:
    """Every figure of the run, in its order. Two queries."""
    theirs = {key(score): score for score in other.scores.all()} if other else {}
    return [Row(score, theirs.get(key(score))) for score in run.scores.all()]


def key(score: TaskScore) -> tuple[str, str, str, str, int | None]:
    """What has to agree for two figures to be the same one."""
    return score.task, score.metric, score.filter, score.task_version, score.n_shots


def collapsing(run: TaskRun, scores: Sequence[TaskScore]) -> list[str]:
    """Tasks that weigh given answers and were put within a chat template: their figures may fall
    to chance for that reason alone."""
    if run.mode == Mode.COMPLETION:
        return []
    return list(dict.fromkeys(score.task for score in scores if score.weighs))


def _tasks(run: TaskRun) -> list[str]:
    return list(run.scores.order_by().values_list("task", flat=True).distinct())
