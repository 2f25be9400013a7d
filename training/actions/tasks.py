"""Task runs: started, cancelled, taken up again, and their scores written once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from gate.text import accept, visible
from generation.actions import Refusal, TooLate
from generation.bell import ring
from generation.commands import CommandRefused
from generation.models import Condition, LanguageModel
from training import harness, task_folder
from training.harness import Mode
from training.models import TaskRun, TaskScore
from training.models.attended import OPEN
from training.results import Results


@transaction.atomic
def start_task_run(
    *,
    by: User | None,
    model: LanguageModel,
    tasks: Iterable[str],
    mode: str,
    at: datetime,
    condition: Condition | None = None,
    tokenizer: str = "",
    folder: str | Path = "",
    limit: int | None = None,
    n_shots: int | None = None,
    rings: bool = True,
) -> TaskRun:
    """Put tasks to a model. What the harness could not do is refused before it starts."""
    if (model.base or model).endpoint_id is None:
        raise Refusal(
            _("'%(model)s' has no endpoint, so no task can be put to it.") % {"model": model}
        )
    if mode not in list(Mode):
        raise Refusal(
            _("The mode '%(mode)s' is not known. Use one of: %(known)s.")
            % {"mode": mode, "known": ", ".join(Mode)}
        )
    if limit is not None and limit < 1:
        raise Refusal(_("Take at least one document of each task, or leave the limit empty."))
    names = _names(tasks)
    tokenizer = accept(tokenizer.strip(), where=_("The tokenizer"), limit=500) or _known(model)
    _check_mode(weighing(names, folder), Mode(mode), tokenizer)
    run = TaskRun.objects.create(
        model=model,
        condition=condition,
        tasks=list(names),
        mode=mode,
        tokenizer=tokenizer,
        task_folder=str(folder),
        limit=limit,
        n_shots=n_shots,
        created_at=at,
        created_by=by,
    )
    record(by=by, verb="task run started", target=run.pk, note=str(run)[:300])
    if rings:
        ring(run, at=at)
    return run


def _known(model: LanguageModel) -> str:
    """The tokenizer of weights that the Studio serves itself lies beside them."""
    base = model.base or model
    return base.served_name if base.endpoint and base.endpoint.is_supervised else ""


def weighing(names: Iterable[str], folder: str | Path) -> list[str]:
    """Of the tasks, those that are known to weigh given answers."""
    try:
        own = task_folder.tasks_in(Path(folder)) if folder else {}
    except task_folder.NoTasks as error:
        raise Refusal(str(error)) from None
    return [name for name in names if own.get(name, harness.weighs(name))]


def _names(tasks: Iterable[str]) -> tuple[str, ...]:
    try:
        return harness.task_names(tasks)
    except CommandRefused as error:
        raise Refusal(str(error)) from None


def _check_mode(weighing: list[str], mode: Mode, tokenizer: str) -> None:
    names = ", ".join(weighing)
    if weighing and mode is Mode.CHAT:
        raise Refusal(
            _(
                "%(tasks)s: the model is asked how likely each given answer is, and a conversation "
                "does not tell. Choose plain text, or leave these tasks out."
            )
            % {"tasks": names}
        )
    if weighing and not tokenizer:
        raise Refusal(
            _("%(tasks)s: to weigh answers the harness needs the model's tokenizer. Name it.")
            % {"tasks": names}
        )
    if mode is Mode.TEMPLATE and not tokenizer:
        raise Refusal(_("The chat template comes with the model's tokenizer. Name it."))


@transaction.atomic
def cancel_task_run(*, by: User | None, run: TaskRun, at: datetime) -> None:
    """Its process is ended within seconds by who attends it."""
    open_rows = TaskRun.objects.filter(pk=run.pk, state__in=OPEN)
    if not open_rows.update(cancel_requested_at=at):
        raise TooLate(_("This has ended already, so there is nothing to cancel."))
    record(by=by, verb="task run cancelled", target=run.pk)
    # Nobody ever attended it, so nothing runs.
    open_rows.filter(state="pending", seen_at=None).update(state="cancelled", finished_at=at)


@transaction.atomic
def take_up(*, by: User | None, run: TaskRun, at: datetime, rings: bool = True) -> None:
    """Begin a run anew that failed or was cancelled."""
    if not TaskRun.wait_again(run.pk, come_from=["failed", "cancelled"]):
        raise TooLate(_("Only what failed or was stopped can be started again."))
    TaskRun.objects.filter(pk=run.pk).update(attempts=0, log_tail="")
    record(by=by, verb="task run resumed", target=run.pk)
    if rings:
        ring(run, at=at)


@transaction.atomic
def keep_results(
    *, run: TaskRun, found: Results, said: dict[str, Any], worker: str, at: datetime
) -> bool:
    """Write the scores, if `worker` still attends the run."""
    kept = TaskRun.objects.end(
        run.pk,
        worker=worker,
        state="done",
        at=at,
        results=said,
        harness_version=visible(found.version)[:40],
        last_error="",
    )
    if not kept:
        return False
    TaskScore.objects.filter(run=run).delete()
    TaskScore.objects.bulk_create(
        TaskScore(
            run=run,
            position=position,
            task=visible(score.task)[:200],
            metric=visible(score.metric)[:120],
            filter=visible(score.filter)[:120],
            value=score.value,
            low=score.low,
            high=score.high,
            n=score.n,
            note=score.note,
            is_group=score.is_group,
            weighs=found.weighs.get(score.task),
            higher_is_better=score.higher_is_better,
            n_shots=found.n_shots.get(score.task),
            task_version=visible(found.versions.get(score.task, ""))[:40],
        )
        for position, score in enumerate(found.scores)
    )
    return True


def sweep_task_runs(*, at: datetime) -> int:
    """Rows whose attendant was lost wait again; who waits is rung for."""
    TaskRun.objects.all().sweep(at=at)
    TaskRun.objects.all().abandoned(at=at).update(state="cancelled", finished_at=at)
    patience = timedelta(seconds=settings.LEASE_SECONDS)
    waiting = TaskRun.objects.filter(state="pending")
    found = list(waiting.filter(Q(rung_at=None) | Q(rung_at__lt=at - patience)))
    for run in found:
        ring(run, at=at)
    return len(found)
