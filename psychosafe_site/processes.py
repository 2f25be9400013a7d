"""Web, worker and beat started together and stopped together, for one machine."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

STOP_SECONDS = 15


class CouldNotStart(Exception):
    """A process ended, or did not answer in time; the message shows the end of its log."""


def commands(*, port: int, base_dir: Path) -> dict[str, list[str]]:
    """What runs on one machine, by name."""
    python = sys.executable
    celery = [python, "-m", "celery", "--app", "psychosafe_site", "--workdir", str(base_dir)]
    return {
        "web": [
            *(python, "-m", "gunicorn", "psychosafe_site.wsgi", "--chdir", str(base_dir)),
            *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "8"),
            *("--worker-class", "gthread", "--max-requests", "0", "--log-level", "warning"),
        ],
        "worker": [
            *celery,
            *("worker", "--queues", "default,gpu", "--concurrency", "2", "--pool", "prefork"),
            *("--prefetch-multiplier", "1", "--without-gossip", "--without-mingle"),
            *("--loglevel", "warning"),
        ],
        "beat": [*celery, "beat", "--loglevel", "warning", "--pidfile", ""],
    }


def is_free(port: int) -> bool:
    """Whether nothing listens on the loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


class Together:
    """Processes that live and die as one. Leaving the block stops all of them."""

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        *,
        log_dir: Path,
        environment: Mapping[str, str],
    ) -> None:
        self.commands = commands
        self.log_dir = log_dir
        self.environment = {**os.environ, **environment}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        try:
            for name, command in self.commands.items():
                with (self.log_dir / f"{name}.log").open("ab") as log:
                    # A session of its own: Ctrl-C reaches us only, and we stop them in order.
                    self.running[name] = subprocess.Popen(  # our own argument lists
                        command,
                        stdout=log,
                        stderr=log,
                        stdin=subprocess.DEVNULL,
                        env=self.environment,
                        start_new_session=True,
                    )
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def ended(self) -> str | None:
        """The name of a process that is no longer there."""
        return next((name for name, p in self.running.items() if p.poll() is not None), None)

    def wait_for(self, url: str, *, seconds: float) -> None:
        """Until `url` answers 200; `CouldNotStart` if a process ends or time runs out."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if name := self.ended():
                raise CouldNotStart(f"{name} ended at once. {self.tail(name)}")
            try:
                with urllib.request.urlopen(url, timeout=2):  # noqa: S310  # our own loopback
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise CouldNotStart(f"{url} did not answer within {seconds:.0f} s. {self.tail('web')}")

    def tail(self, name: str, n_lines: int = 15) -> str:
        """The end of a process's log."""
        path = self.log_dir / f"{name}.log"
        lines = path.read_text(errors="replace").splitlines()[-n_lines:] if path.exists() else []
        return f"The end of {path}:\n" + "\n".join(lines)

    def stop(self) -> None:
        """SIGTERM to all, then SIGKILL to what is left after a grace period."""
        for process in self.running.values():
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
        self.running.clear()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
