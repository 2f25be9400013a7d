"""One shift of a worker on a task run: the harness is started, attended and its findings kept.

The harness goes on when its worker is lost or its shift is over; whoever claims the row next on
this machine takes it over.
"""

import json
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
from generation import addresses
from generation.actions import servers
from generation.bell import ring
from generation.commands import CommandRefused
from generation.serving import CannotAsk, Place, open_place
from generation.starting import local
from training import harness, results
from training.actions.tasks import keep_results
from training.harness import Mode
from training.leashed import Leashed
from training.machine import train_python
from training.models import TaskRun

log = logging.getLogger(__name__)

BEAT_S, LOOK_S = 5.0, 0.5
PATIENCE = 3  # leases without an attendant, after which the program ends itself
MAX_IN_FLIGHT = 16
# Of what the harness writes of itself: the figures and how they were come by, not the machine.
KEPT = (
    *("results", "group_subtasks", "versions", "n-shot", "n-samples", "higher_is_better"),
    *("config", "date", "task_hashes", "system_instruction_sha", "chat_template_sha"),
)


def harness_python() -> Path:
    """The Python whose environment holds the harness."""
    return Path(settings.HARNESS_PYTHON or train_python())


def own_folders() -> list[Path]:
    """Folders with tasks of one's own that pages and programs may choose from."""
    return sorted(path for path in Path(settings.TASK_DIR).iterdir() if path.is_dir())


def program_of(run: TaskRun) -> Leashed:
    """The harness at work on this run, and what it left."""
    return Leashed(Path(settings.TASK_RUN_DIR) / run.pk)


@dataclass
class Attendance:
    """What a worker does for one task run. Tests pass their own clock, waits and places."""

    run: TaskRun
    now: Callable[[], datetime] = timezone.now
    pause: Callable[[float], None] = time.sleep
    open_place: Callable[..., Place] = open_place
    shift_s: float = field(default_factory=lambda: 60.0 * settings.TASK_MINUTES)
    rings: bool = True
    worker: str = field(default_factory=lambda: f"worker-{new_id()}")
    place: Place | None = None
    seen: float = 0.0

    @property
    def program(self) -> Leashed:
        return program_of(self.run)

    def work(self) -> str:
        """The run's state afterwards. Never raises for a server or a harness that fails."""
        claimed = TaskRun.objects.claim(
            self.run.pk, worker=self.worker, host=settings.HOST_NAME, at=self.now()
        )
        if claimed:
            TaskRun.objects.filter(pk=self.run.pk, started_at=None).update(started_at=self.now())
            self._attend()
        self.run.refresh_from_db()
        return self.run.state

    def _attend(self) -> None:
        try:
            is_over = not self._begin() or self._watch()
        except (CannotAsk, CommandRefused, addresses.AddressRefused, OSError) as error:
            is_over = self._settle() if self._is_cancelled() else self._fail(str(error))
        if is_over and self.place:
            self.place.close()

    def _begin(self) -> bool:
        """The program runs, or has ended by itself. False: it may not be started again."""
        is_alive, n_starts = self.program.is_alive(), self.run.attempts
        has_ended = bool(n_starts) and not is_alive and self.program.exit_code() is not None
        if self._is_cancelled() or has_ended:
            return True
        if not is_alive and n_starts >= settings.MAX_ATTEMPTS:
            return not self._fail(_("It was lost %(n)d times on the way.") % {"n": n_starts})
        self.place = self.open_place(self.run.model, self._must_stop)
        if not is_alive:
            self._start(self.place)
        return True

    def _start(self, place: Place) -> None:
        python = harness_python()
        if not python.exists():
            raise CannotAsk(
                _(
                    "There is no %(python)s, so the harness cannot be started. Set HARNESS_PYTHON "
                    "to the Python that has lm-eval."
                )
                % {"python": python}
            )
        if not place.is_kept and place.server is None:
            addresses.check(place.base_url, settings.ALLOW_PRIVATE_ENDPOINTS, allowed=place.allowed)
        TaskRun.objects.starts_again(self.run.pk, worker=self.worker)
        self.program.start(
            harness.command(python, self._call(place)),
            harness.environment(place.api_key) | {"CUDA_VISIBLE_DEVICES": ""},
            patience_s=float(PATIENCE * settings.LEASE_SECONDS),
        )

    def _call(self, place: Place) -> harness.Call:
        run = self.run
        return harness.Call(
            model=local(run.model.served_name),
            base_url=with_path(place.base_url),
            tasks=tuple(run.tasks),
            mode=Mode(run.mode),
            out=self.program.out,
            task_folder=Path(run.task_folder) if run.task_folder else None,
            tokenizer=local(run.tokenizer) if run.tokenizer else "",
            system_prompt=run.condition.system_prompt if run.condition else "",
            limit=run.limit,
            n_shots=run.n_shots,
            in_flight=min(place.in_flight, MAX_IN_FLIGHT),
            max_length=(run.model.base or run.model).max_model_len,
        )

    def _watch(self) -> bool:
        """Until it has ended, or this shift has. True: nothing runs any more."""
        began = self.seen = time.monotonic()
        is_ours = self._beat()
        while is_ours and self.program.is_alive() and not self._is_cancelled():
            if time.monotonic() - began > self.shift_s:
                return self._leave()
            self.pause(LOOK_S)
            if time.monotonic() - self.seen > BEAT_S:
                is_ours = self._beat()
        return is_ours and self._settle()  # else somebody else attends it

    def _beat(self) -> bool:
        """A sign of life, to the table and to the program. False: the row is somebody else's."""
        self.seen = time.monotonic()
        self.program.attend()
        if self.place and self.place.is_kept:
            servers.need(model=self.run.model, host=settings.HOST_NAME, at=self.now())
        return TaskRun.objects.renew(
            self.run.pk, worker=self.worker, at=self.now(), log_tail=self.program.log_tail()
        )

    def _leave(self) -> bool:
        TaskRun.objects.leave(self.run.pk, worker=self.worker, at=self.now())
        if self.rings:
            ring(self.run, at=self.now())
        return False

    def _settle(self) -> bool:
        if self._is_cancelled():
            self.program.stop()
            self._end("cancelled")
            return True
        code = self.program.exit_code()
        if code is None:  # killed: the row waits, and begins again
            TaskRun.objects.wait(self.run.pk, worker=self.worker)
            if self.rings:
                ring(self.run, at=self.now())
            return True
        if code:
            return self._fail(why(self.program.log_tail(), code))
        self._keep()
        return True

    def _keep(self) -> None:
        try:
            found = results.read(self.program.out)
            said = json.loads(found.path.read_text("utf-8"), parse_constant=lambda name: None)
        except (results.NoResults, OSError, ValueError) as error:
            self._fail(f"{error}\n{why(self.program.log_tail(), 0)}")
            return
        self._beat()
        kept = {name: said[name] for name in KEPT if name in said}
        keep_results(run=self.run, found=found, said=kept, worker=self.worker, at=self.now())

    def _fail(self, reason: str) -> bool:
        log.warning("The task run %s failed: %s", self.run.pk, reason)
        self._end("failed", last_error=reason[:2000])
        return True

    def _end(self, state: str, **said: Any) -> None:
        tail = self.program.log_tail()
        TaskRun.objects.end(
            self.run.pk, worker=self.worker, state=state, at=self.now(), log_tail=tail, **said
        )

    def end_cancelled(self) -> None:
        """Who attended it stopped the program himself."""
        self._end("cancelled")

    def _must_stop(self) -> bool:
        """Asked now and then by who waits for a server: we live, and may be told to stop."""
        if time.monotonic() - self.seen > BEAT_S:
            self._beat()
        return self._is_cancelled()

    def _is_cancelled(self) -> bool:
        asked = TaskRun.objects.filter(pk=self.run.pk, cancel_requested_at__isnull=False)
        return asked.exists()


def why(log_tail: str, code: int) -> str:
    """The line of the log that says what went wrong, as far as one does."""
    lines = [line.strip() for line in log_tail.splitlines() if line.strip()]
    errors = [line for line in lines if "Error" in line.split(":")[0]]
    said = (errors or lines or [""])[-1]
    return _("The harness ended with %(code)d: %(said)s") % {"code": code, "said": said[:500]}


def with_path(base_url: str) -> str:
    """The address up to /v1, which is meant where it has no path."""
    stripped = base_url.rstrip("/")
    has_path = "/" in stripped.partition("://")[2]
    return stripped if has_path else f"{stripped}/v1"


def attend(run_id: str) -> str:
    """What a worker does with the message of a run."""
    return Attendance(TaskRun.objects.with_names().get(pk=run_id)).work()
