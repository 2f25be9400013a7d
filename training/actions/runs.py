"""Training runs: started, cancelled, resumed, and what came of them kept once."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from exports.models import Release
from generation import adapters
from generation.actions import NameTaken, Refusal, TooLate, register_model
from generation.actions.refusals import named
from generation.actions.servers import release_gpus_of
from generation.bell import ring
from generation.models import Endpoint, Keeper, LanguageModel
from training import checks, data, machine
from training.config import Config
from training.joined import join
from training.models import LossPoint, TrainingRun
from training.models.attended import BETWEEN, OPEN

PATIENCE = timedelta(seconds=30)
MAX_NAME = 120


@transaction.atomic
def start_training(
    *,
    by: User | None,
    release: Release,
    base: LanguageModel,
    config: Config,
    at: datetime,
    name: str = "",
    preset: str = "",
    rings: bool = True,
) -> TrainingRun:
    """A run that waits for a worker. What can be seen to fail is refused before anything starts."""
    if base.base_id:
        raise Refusal(
            _("'%(model)s' is an adapter itself. Choose its base model, '%(base)s'.")
            % {"model": base, "base": base.base}
        )
    rows = data.rows_for(release, config)
    if not _trains_elsewhere(at):
        checks.machine_fits(base, config, n_bytes_rows=rows.n_bytes, gpus=machine.gpus())
    name = _free_name(name, base, release, config)
    run = TrainingRun.objects.create(
        name=name,
        release=release,
        base=base,
        method=config.method,
        preset=preset,
        config=config.as_yaml(),
        config_digest=config.digest,
        created_at=at,
        created_by=by,
    )
    record(by=by, verb="training started", target=run.pk, note=f"{run}: {config.digest}")
    if rings:
        ring(run, at=at)
    return run


@transaction.atomic
def cancel_training(*, by: User | None, run: TrainingRun, at: datetime) -> None:
    """The trainer keeps a checkpoint and ends at its next step; see `resume_training`."""
    rows = TrainingRun.objects.filter(pk=run.pk, state__in=OPEN)
    if not rows.update(cancel_requested_at=at):
        raise TooLate(_("This has ended already, so there is nothing to cancel."))
    record(by=by, verb="training cancelled", target=run.pk)
    # Nobody ever attended it, so nothing runs.
    rows.filter(state="pending", seen_at=None).update(state="cancelled", finished_at=at)


@transaction.atomic
def resume_training(*, by: User | None, run: TrainingRun, at: datetime, rings: bool = True) -> None:
    """Go on from the newest whole checkpoint, with the same rows and settings."""
    run.refresh_from_db()
    if run.release.is_withdrawn:
        raise Refusal(withdrawn_words(run.release))
    if not TrainingRun.wait_again(run.pk, come_from=["failed", "cancelled"]):
        raise TooLate(_("Only what failed or was stopped can be resumed."))
    # How it ended last time is no answer to how it ends now.
    TrainingRun.objects.filter(pk=run.pk).update(attempts=0, facts=run.facts | {"start": ""})
    record(by=by, verb="training resumed", target=run.pk, note=f"step {run.checkpoint}")
    if rings:
        ring(run, at=at)


@transaction.atomic
def keep_progress(
    *,
    run: TrainingRun,
    worker: str,
    lines: Iterable[Mapping[str, Any]],
    log_tail: str,
    at: datetime,
) -> bool:
    """What the trainer reported since the last look. False: somebody else attends the run."""
    seen: dict[str, Any] = {"log_tail": log_tail}
    points: dict[int, LossPoint] = {}
    for line in lines:
        seen |= {"step": int(line["step"]), "n_steps": int(line["total"])}
        if "checkpoint" in line:
            seen["checkpoint"] = int(line["checkpoint"])
            if seen["checkpoint"] > run.checkpoint:
                seen["attempts"] = 0
        if "loss" in line:
            points[seen["step"]] = LossPoint(
                run=run, step=seen["step"], loss=line["loss"], learning_rate=line.get("rate")
            )
    if not TrainingRun.objects.renew(run.pk, worker=worker, at=at, **seen):
        return False
    # A resumed trainer reports steps once more: the later word stands.
    LossPoint.objects.bulk_create(
        points.values(),
        update_conflicts=True,
        unique_fields=["run", "step"],
        update_fields=["loss", "learning_rate"],
    )
    return True


@transaction.atomic
def keep_adapter(
    *, run: TrainingRun, worker: str, folder: Path, outcome: Mapping[str, Any], at: datetime
) -> bool:
    """The run is done and its adapter a model that `generate` can ask. False: not ours any more."""
    digest = adapters.digest(folder)
    kept = TrainingRun.objects.end(
        run.pk,
        worker=worker,
        state="done",
        at=at,
        adapter_path=str(folder),
        adapter_digest=digest,
        step=outcome["steps"],
        facts=run.facts | outcome["facts"],
        last_error="",
    )
    if not kept:
        return False
    release_gpus_of(run.pk)
    try:
        with transaction.atomic():
            result = _register(run, folder, digest)
    except (Refusal, NameTaken) as refusal:
        said = _("The adapter is ready, but it could not be registered as a model: %(why)s")
        TrainingRun.objects.filter(pk=run.pk).update(last_error=said % {"why": refusal})
        return True
    TrainingRun.objects.filter(pk=run.pk).update(result=result)
    record(by=run.created_by, verb="adapter made", target=result.pk, note=digest)
    return True


def end_training(
    *, run: TrainingRun, worker: str, state: str, at: datetime, reason: str = "", log_tail: str = ""
) -> bool:
    """Failed or cancelled; its GPUs are free again."""
    ended = TrainingRun.objects.end(
        run.pk,
        worker=worker,
        state=state,
        at=at,
        last_error=reason[:4000],
        log_tail=log_tail,
    )
    if ended:
        release_gpus_of(run.pk)
    return ended


def sweep_training(*, at: datetime) -> int:
    """Runs whose attendant was lost wait again, and are rung for. How many bells."""
    TrainingRun.objects.all().sweep(at=at)
    for run in TrainingRun.objects.all().abandoned(at=at):
        if TrainingRun.move(run.pk, come_from=["pending"], to="cancelled", finished_at=at):
            release_gpus_of(run.pk)
    waiting = TrainingRun.objects.filter(Q(state="pending") | Q(claimed_by=BETWEEN))
    quiet = timedelta(seconds=settings.LEASE_SECONDS)
    found = waiting.filter(
        Q(rung_at=None) | Q(bell="", rung_at__lt=at - PATIENCE) | Q(rung_at__lt=at - quiet)
    )
    n = 0
    for run in found:
        ring(run, at=at)
        n += 1
    return n


def _trains_elsewhere(at: datetime) -> bool:
    """Whether a GPU host other than this machine is at work; its worker looks for itself."""
    return Keeper.objects.at_work(at).exclude(host=settings.HOST_NAME).exists()


def _register(run: TrainingRun, folder: Path, digest: str) -> LanguageModel:
    """vLLM serves an adapter by name beside its base; `transformers serve` needs both together."""
    base = run.base
    if base.endpoint and base.endpoint.kind == Endpoint.Kind.TRANSFORMERS:
        joined = join(Path(run.facts["base_folder"]), folder, folder.parent / "joined")
        return register_model(
            by=run.created_by,
            name=run.name,
            endpoint=base.endpoint,
            served_name=str(joined),
            revision=f"adapter {digest}",
            family=base.family,
        )
    return register_model(
        by=run.created_by,
        name=run.name,
        base=base,
        served_name=run.name,
        adapter_path=str(folder),
        adapter_digest=digest,
    )


def _free_name(name: str, base: LanguageModel, release: Release, config: Config) -> str:
    """The name that was asked for, if it is free; else one made of what it is made of."""
    taken = set(TrainingRun.objects.values_list("name", flat=True))
    taken |= set(LanguageModel.objects.values_list("name", flat=True))
    if name.strip():
        name = named(name, _("An adapter needs a name."), limit=MAX_NAME)
        if name in taken:
            raise NameTaken(
                _("There is a model or a run named '%(name)s' already. Choose another name.")
                % {"name": name}
            )
        if slugify(name.replace(".", "-")) != name.lower().replace(".", "-"):
            raise Refusal(
                _("An adapter's name has letters, digits, dots, '-' and '_', such as %(example)s.")
                % {"example": "tuned-1.0.0"}
            )
        return name
    made = f"{slugify(base.name)[:60]}-{slugify(release.name)[:30]}-{release.version}"
    made = f"{made}-{config.method}"
    numbers = (f"{made}-{n}" for n in range(2, 10_000))
    return made if made not in taken else next(each for each in numbers if each not in taken)


def withdrawn_words(release: Release) -> str:
    """Why nothing is trained on it any more."""
    said = {"release": release, "reason": release.withdrawn_reason}
    return _("%(release)s was withdrawn: %(reason)s") % said
