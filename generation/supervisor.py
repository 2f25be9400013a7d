"""Model servers on this machine: started, watched, restarted and stopped with all they started.

One server per port. A file beside the log names its process, so that another worker, or this one
after a restart, takes the running server over instead of starting a second.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import Self

from gate.text import visible
from generation.commands import ServerSpec, environment
from generation.processes import (
    Process,
    answers,
    describe,
    is_free,
    kill_group,
    read_pid_file,
    write_pid_file,
)

MAX_LOG = 20 * 1024 * 1024
STEADY_S = 600.0


class SupervisorError(RuntimeError):
    """A server that cannot be had; the message says why and shows the end of its log."""


class PortTaken(SupervisorError):
    """Another program listens on the port."""


class NotReady(SupervisorError):
    """The server did not answer in time, or ended before it could."""


class Supervised:
    """One server. As a context manager it is ready inside and gone afterwards."""

    def __init__(
        self,
        spec: ServerSpec,
        *,
        ready_s: float = 600.0,
        grace_s: float = 20.0,
        owns_port: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.spec, self.ready_s, self.grace_s = spec, ready_s, grace_s
        # The port is ours by a table: another command of ours on it is an older state of it.
        self.owns_port = owns_port
        self.n_crashes = 0
        self._sleep, self._clock = sleep, clock
        self._process: Process | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server, or take over the one that already runs this command on the port."""
        with self._locked():
            if self._take_over():
                return
            if not is_free(self.spec.port):
                raise PortTaken(
                    f"Port {self.spec.port} is used by another program. "
                    "Stop that program or choose another port."
                )
            self._launch()

    def wait_ready(self) -> None:
        """Return when the server is healthy; `NotReady` with the end of its log otherwise."""
        deadline = self._clock() + self.ready_s
        while not self.is_healthy():
            if not self.is_alive():
                raise NotReady(f"The server on port {self.spec.port} ended.\n{self.log_tail()}")
            if self._clock() > deadline:
                raise NotReady(
                    f"The server on port {self.spec.port} was not ready within "
                    f"{self.ready_s:.0f} s.\n{self.log_tail()}"
                )
            self._sleep(0.2)

    @property
    def pid(self) -> int | None:
        """The process that leads the server's group."""
        return self._process.pid if self._process else None

    def is_alive(self) -> bool:
        """Whether the process runs; it may still be loading its model."""
        if self._child is not None and self._child.poll() is not None:
            return False
        process = self._process or read_pid_file(self.spec.pid_path)
        return process is not None and process.is_running()

    def is_healthy(self) -> bool:
        """Whether our process runs and its health page answers."""
        return self.is_alive() and answers(self.spec.port, self.spec.health_path)

    def revive(self) -> bool:
        """Start the server again if it crashed, and wait until it is ready; True if it had to.

        Each crash in a row doubles the wait before the start, from 1 to 60 seconds; ten minutes
        without a crash end the row.
        """
        if self.is_alive():
            return False
        if self._started and self._clock() - self._started > STEADY_S:
            self.n_crashes = 0
        self.n_crashes += 1
        self._sleep(min(60.0, 2.0 ** min(self.n_crashes - 1, 6)))
        self.start()
        self.wait_ready()
        return True

    def watch(self, stopping: threading.Event, *, every_s: float = 5.0) -> None:
        """Revive the server whenever it crashes, until `stopping` is set."""
        while not stopping.wait(every_s):
            with contextlib.suppress(NotReady):
                self.revive()

    def stop(self) -> None:
        """End the server and everything it started: asked first, then made to."""
        with self._locked():
            process = read_pid_file(self.spec.pid_path)
            is_ours = process is not None and process.command == self.spec.command
            self._clear_away(process if is_ours or self.owns_port else self._process)

    def log_tail(self, n_lines: int = 30) -> str:
        """The last lines that the server wrote."""
        try:
            with self.spec.log_path.open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - 32_768))
                raw = log.read()
        except FileNotFoundError:
            return ""
        return visible("\n".join(raw.decode("utf-8", "replace").splitlines()[-n_lines:]))

    def trim_log(self, most: int = MAX_LOG) -> None:
        """Move a log that grew too long aside while the server writes it: it appends, so what
        comes next stands at the beginning of the emptied file."""
        path = self.spec.log_path
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_size > most:
                shutil.copyfile(path, path.with_suffix(".old.log"))
                os.truncate(path, 0)

    def _take_over(self) -> bool:
        """Adopt the running server of the pid file; otherwise clear away what is left of it."""
        process = read_pid_file(self.spec.pid_path)
        if process is None or not process.is_running():
            self._clear_away(process or self._process)
            return False
        if process.command != self.spec.command and self.owns_port:
            self._clear_away(process)
            return False
        if process.command != self.spec.command:
            raise PortTaken(
                f"Port {self.spec.port} serves another model. Stop that server first, "
                "or choose another port."
            )
        if self._child is not None and self._child.pid != process.pid:
            self._child = None
        self._process = process
        self._started = self._clock()
        return True

    def _launch(self) -> None:
        spec = self.spec
        spec.log_path.parent.mkdir(parents=True, exist_ok=True)
        if spec.log_path.exists() and spec.log_path.stat().st_size > MAX_LOG:
            spec.log_path.replace(spec.log_path.with_suffix(".old.log"))
        with spec.log_path.open("ab") as log:
            try:
                self._child = subprocess.Popen(
                    spec.command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=spec.cwd,
                    env=environment(spec.env),
                    start_new_session=True,
                )
            except OSError as error:
                raise NotReady(f"'{spec.command[0]}' cannot be started: {error}") from None
        self._process = describe(self._child.pid, spec.command)
        write_pid_file(spec.pid_path, self._process)
        self._started = self._clock()

    def _clear_away(self, process: Process | None) -> None:
        """End what is left of a server's process group, and forget it."""
        if process is not None:
            self._end(process)
            if read_pid_file(self.spec.pid_path) == process:
                self.spec.pid_path.unlink(missing_ok=True)
        self._process = self._child = None

    def _end(self, process: Process) -> None:
        if process.is_running() and kill_group(process, signal.SIGTERM):
            self._wait_until(lambda: not self._is_left(process), self.grace_s)
        kill_group(process, signal.SIGKILL)
        self._wait_until(lambda: not self._is_left(process), 10.0)

    def _is_left(self, process: Process) -> bool:
        if self._child is not None:
            self._child.poll()  # an ended child stays in the table until it is asked for
        return process.group_is_running()

    def _wait_until(self, condition: Callable[[], bool], seconds: float) -> None:
        deadline = self._clock() + seconds
        while not condition() and self._clock() < deadline:
            self._sleep(0.05)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Two supervisors of one port take turns; the lock goes with the process that holds it."""
        self.spec.lock_path.parent.mkdir(parents=True, exist_ok=True)
        with self.spec.lock_path.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
