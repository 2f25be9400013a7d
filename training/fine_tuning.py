"""One shift of a worker on a training run: the trainer is started, attended, and its result kept.

The trainer goes on when its worker is lost or its shift is over; whoever claims the row next on
this machine takes it over. Whoever kills the trainer loses the steps since its last checkpoint.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from gate.identity import new_id
from generation import adapters
from generation.actions import Refusal
from generation.actions.servers import NoRoom, hold_gpus_for
from generation.bell import ring
from generation.commands import QUIET
from training import actions, checks, config, data, machine
from training.leashed import Leashed
from training.models import TrainingRun
from training.models.attended import silence
from training.trainer.folder import JOB, ROWS, Folder, write_lines

log = logging.getLogger(__name__)

BEAT_S, LOOK_S = 5.0, 1.0
STOP_S = 300.0  # a step, and a checkpoint, may take so long
LEASH_S = 120.0  # the trainer ends by itself first


def folder_of(run: TrainingRun) -> Folder:
    """Where site and trainer meet; the adapter stays there."""
    return Folder(Path(settings.TRAIN_DIR) / run.pk)


@dataclass
class Attendance:
    """What a worker does for one run. Tests pass their own clock and waits."""

    run: TrainingRun
    now: Callable[[], datetime] = timezone.now
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    shift_s: float = field(default_factory=lambda: 60.0 * settings.TASK_MINUTES)
    rings: bool = True
    should_stop: Callable[[], bool] = lambda: False  # the person who waits has had enough
    on_look: Callable[[TrainingRun], None] = lambda run: None
    worker: str = field(default_factory=lambda: f"worker-{new_id()}")
    offset: int = 0  # in the lines of progress
    seen: float = 0.0
    asked: float | None = None  # when the trainer was asked to stop

    def __post_init__(self) -> None:
        self.folder = folder_of(self.run)
        self.program = Leashed(self.folder.path)

    def work(self) -> str:
        """The run's state afterwards. Never raises for a trainer that fails."""
        rows, at = TrainingRun.objects.all(), self.now()
        if rows.claim(self.run.pk, worker=self.worker, host=settings.HOST_NAME, at=at):
            rows.filter(pk=self.run.pk, started_at=None).update(started_at=at)
            self.run = rows.with_names().select_related("base__endpoint").get(pk=self.run.pk)
            try:
                self._attend()
            except NoRoom as error:  # somebody holds the GPUs; the sweeper rings again
                rows.wait(self.run.pk, worker=self.worker, last_error=str(error))
            except (Refusal, OSError, adapters.NoAdapter) as error:
                self._end("failed", str(error))
        self.run.refresh_from_db()
        return self.run.state

    def _attend(self) -> None:
        if not self.program.is_alive():
            if self._why_stop() or self._outcome() or self._was_lost_too_often():
                return self._settle()
            self._start()
        self._watch()

    def _start(self) -> None:
        """The trainer's first step, or the one after its newest whole checkpoint."""
        settings_of_run = config.read(self.run.config)
        rows = data.rows_for(self.run.release, settings_of_run)
        gpus = machine.gpus()
        if gpus:
            gpus = hold_gpus_for(
                self.run.pk,
                name=str(self.run),
                host=settings.HOST_NAME,
                gpus=gpus,
                wanted=settings.TRAIN_GPUS,
            )
        said = checks.machine_fits(
            self.run.base, settings_of_run, n_bytes_rows=rows.n_bytes, gpus=gpus
        )
        step = (self.folder.last_whole() or (0,))[0]
        facts = said | {
            "start": new_id(),
            "kinds": rows.kinds,
            "n_in_split": rows.n_all,
            "gpus": gpus,
        }
        self._note(facts=self.run.facts | facts, step=step, checkpoint=step, last_error="")
        self.folder.begin()
        write_lines(self.folder / ROWS, rows.rows)
        self.folder.write_json(JOB, self._job(settings_of_run, said["base_folder"]))
        python = str(machine.train_python().absolute())
        command = (python, *machine.launch_words(), "-m", "training.trainer")
        self.program.launch(
            (*command, str(self.folder.path)),
            environment(gpus),
            patience_s=silence().total_seconds() + LEASH_S,
        )
        TrainingRun.objects.starts_again(self.run.pk, worker=self.worker)

    def _job(self, of_run: config.Config, base_folder: str) -> dict[str, Any]:
        run = self.run
        return {
            "config": of_run.canonical(),
            "start": run.facts["start"],
            "silence_s": silence().total_seconds(),
            "about": {
                "name": run.name,
                "run": run.pk,
                "base": run.base.name,
                "base_folder": base_folder,
                "release": str(run.release),
                "release_digest": run.release.digest,
                "config_digest": run.config_digest,
                "made_at": self.now().isoformat(timespec="seconds"),
            },
        }

    def _watch(self) -> None:
        """Until the trainer has ended, or this shift has, or somebody else attends it."""
        began = self.clock()
        while self._look():
            if not self.program.is_alive():
                if self._look():  # its last words
                    self._settle()
                return
            if self.clock() - began > self.shift_s:
                TrainingRun.objects.leave(self.run.pk, worker=self.worker, at=self.now())
                if self.rings:
                    ring(self.run, at=self.now())
                return
            self._stop_if_asked()
            self.pause(LOOK_S)

    def _look(self) -> bool:
        """A sign of life to the trainer, and its progress into the table."""
        self.folder.attend()
        lines, offset = self.folder.progress(self.offset)
        if not lines and self.seen and self.clock() - self.seen < BEAT_S:
            return True
        self.seen = self.clock()
        is_ours = actions.keep_progress(
            run=self.run,
            worker=self.worker,
            lines=lines,
            log_tail=self.program.log_tail(),
            at=self.now(),
        )
        self.offset = offset
        self.run.refresh_from_db()
        self.on_look(self.run)
        return is_ours

    def _stop_if_asked(self) -> None:
        if not self._why_stop():
            return
        if self.asked is None:
            self.asked = self.clock()
            self.folder.ask_to_stop()
        elif self.clock() - self.asked > STOP_S:
            self.program.stop()

    def _settle(self) -> None:
        """Nothing runs any more: what came of it?"""
        outcome = self._outcome() or {"state": "killed"}
        if outcome["state"] == "done":
            self._keep(outcome)
        elif why := self._why_stop():
            is_asked = why == "cancelled"
            self._end("cancelled" if is_asked else "failed", "" if is_asked else why)
        elif outcome["state"] == "failed":
            self._end("failed", outcome["reason"])
        elif self._was_lost_too_often():
            self._end("failed", self._lost())
        else:
            self._note(facts=self.run.facts | {"start": ""})
            TrainingRun.objects.wait(self.run.pk, worker=self.worker)
            if self.rings:
                ring(self.run, at=self.now())

    def _keep(self, outcome: dict[str, Any]) -> None:
        self._note(log_tail=self.program.log_tail())
        kept = actions.keep_adapter(
            run=self.run,
            worker=self.worker,
            folder=self.folder.adapter,
            outcome=outcome,
            at=self.now(),
        )
        if kept:
            self.folder.forget_rows()
            self.folder.clear_checkpoints()

    def _end(self, state: str, reason: str) -> None:
        """The rows are written anew when it is resumed; the checkpoints stay for that."""
        if reason:
            log.warning("The training run %s failed: %s", self.run.pk, reason)
        ended = actions.end_training(
            run=self.run,
            worker=self.worker,
            state=state,
            at=self.now(),
            reason=reason,
            log_tail=self.program.log_tail(),
        )
        if ended:
            self.folder.forget_rows()

    def _outcome(self) -> dict[str, Any] | None:
        """Of the newest start; one that was resumed may find an earlier end in its folder."""
        said, start = self.folder.outcome(), self.run.facts.get("start")
        return said if said and start and said.get("start") == start else None

    def _was_lost_too_often(self) -> bool:
        return self.run.attempts >= settings.MAX_ATTEMPTS

    def _lost(self) -> str:
        return _(
            "The trainer was killed %(n)d times in a row, the last time at step %(step)d. Often "
            "memory ran out: lower batch_size or max_length. The end of its log may say more."
        ) % {"n": self.run.attempts, "step": self.run.step}

    def _note(self, **said: Any) -> None:
        TrainingRun.objects.renew(self.run.pk, worker=self.worker, at=self.now(), **said)
        self.run.refresh_from_db()

    def _why_stop(self) -> str:
        """Empty, `cancelled`, or why the run must not go on."""
        row = TrainingRun.objects.select_related("release").get(pk=self.run.pk)
        if row.release.is_withdrawn:
            return actions.withdrawn_words(row.release)
        return "cancelled" if row.cancel_requested_at or self.should_stop() else ""


def environment(gpus: list[int]) -> dict[str, str]:
    """What the trainer is told: the GPUs that it holds and no others, and to ask nobody."""
    return {
        **QUIET,
        "PYTHONPATH": str(settings.BASE_DIR),
        "CUDA_VISIBLE_DEVICES": ",".join(map(str, gpus)),
        "TOKENIZERS_PARALLELISM": "false",
    }


def attend(run_id: str) -> str:
    """What a worker does with the message of a run."""
    return Attendance(TrainingRun.objects.get(pk=run_id)).work()


def wait_for(
    run: TrainingRun,
    *,
    should_stop: Callable[[], bool],
    on_look: Callable[[TrainingRun], None],
) -> str:
    """Attend it here until it has ended; a trainer that was killed is started again."""
    state = "pending"
    while state in ("pending", "running"):
        shift = Attendance(
            run, shift_s=float("inf"), rings=False, should_stop=should_stop, on_look=on_look
        )
        state = shift.work()
        run.refresh_from_db()
        if state == "pending" and run.last_error:
            return state  # its GPUs are held by others
    return state
