"""Scores of downstream tasks of the same models, a line for each way in which they were put."""

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from generation.models import Run
from training import beside
from training.loop import Cell, Line, Part
from training.models import TaskRun, TaskScore
from training.models.tasks import MODES
from training.sides.chosen import Chosen

MOST_LINES = 60
MOST_RUNS = 20


@dataclass(frozen=True)
class TaskKey:
    """What has to agree for scores to stand in one line."""

    task: str
    metric: str
    filter: str
    mode: str
    limit: int | None
    n_shots: int | None
    version: str
    higher_is_better: bool
    is_in_doubt: bool

    @property
    def label(self) -> str:
        named = f", {self.filter}" if self.filter != "none" else ""
        return f"{self.task}: {self.metric}{named}"

    @property
    def words(self) -> str:
        mode = str(dict(MODES)[self.mode])
        shots = "" if self.n_shots is None else _("%(n)d examples") % {"n": self.n_shots}
        part = "" if self.limit is None else _("only %(n)d documents") % {"n": self.limit}
        return ", ".join(filter(None, [mode, shots, part]))


def part(chosen: Chosen) -> Part:
    scores = {run.pk: _task_scores(run) for run in chosen.there}
    keys = list(dict.fromkeys(key for found in scores.values() for key in found))
    title, url = _("Downstream tasks"), reverse("training:new_task_run")
    if not keys:
        return Part(
            *("tasks", title, ()),
            missing=_("No task was put to these models yet."),
            url=url,
            link=_("Put tasks to a model"),
        )

    def cell(run: Run, key: TaskKey) -> Cell:
        score = scores[run.pk].get(key)
        if score is None:
            given = {"model": run.model_id, "mode": key.mode}
            if run.condition and run.condition.system_prompt:
                given["condition"] = run.condition.pk
            return Cell(
                missing=_("Not put in this way."),
                url=f"{url}?{urlencode(given)}",
                link=_("Put the task"),
            )
        return Cell(beside.estimate(score), score.n, source=score.run.get_absolute_url())

    lines = [
        Line(
            key.label,
            chosen.cells(partial(cell, key=key)),
            more_is_better=key.higher_is_better,
            note=key.words,
        )
        for key in keys[:MOST_LINES]
    ]
    doubted = [key.label for key in keys if key.is_in_doubt]
    warning = _(
        "%(tasks)s: given answers were weighed within a chat template, so these figures can be at "
        "chance for that reason alone."
    )
    return Part(
        *("tasks", title, tuple(lines)),
        counts_documents=True,
        hint=_("The newest scores of each task; figures of different modes stand apart."),
        warnings=(warning % {"tasks": ", ".join(doubted)},) if doubted else (),
    )


def _task_scores(run: Run) -> dict[TaskKey, TaskScore]:
    """The newest of each, of the tasks as they were asked for: parts of a group are left out."""
    prompt = run.condition.system_prompt if run.condition else ""
    asked = Q(condition=None) | Q(condition__system_prompt="")
    if prompt and run.condition:
        asked = Q(condition__system_prompt_digest=run.condition.system_prompt_digest)
    runs = TaskRun.objects.finished().filter(asked, model=run.model_id).order_by("-created_at")
    found: dict[TaskKey, TaskScore] = {}
    for task_run in runs.prefetch_related("scores").defer("results", "log_tail")[:MOST_RUNS]:
        scores = list(task_run.scores.all())
        doubted = set(beside.collapsing(task_run, scores))
        for score in scores:
            if score.task in task_run.tasks:
                score.run = task_run
                found.setdefault(_key(task_run, score, score.task in doubted), score)
    return found


def _key(run: TaskRun, score: TaskScore, is_in_doubt: bool) -> TaskKey:
    return TaskKey(
        *(score.task, score.metric, score.filter, run.mode, run.limit, score.n_shots),
        *(score.task_version, score.higher_is_better, is_in_doubt),
    )
