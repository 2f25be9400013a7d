"""A program of a task run on this machine: started under the leash, looked at, ended.

It lives in a folder of its own, which another worker of this machine finds again: the program goes
on when the worker that started it is lost.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gate.text import visible
from generation.commands import environment
from generation.processes import (
    describe,
    kill_group,
    read_pid_file,
    started_at,
    write_pid_file,
)
from training import leash

LOG_BYTES, LOG_CHARS = 32_768, 8000
STEPS = re.compile(r"Requesting API:\s+(\d{1,3})%")


@dataclass(frozen=True)
class Leashed:
    """The program whose folder this is, running or not."""

    folder: Path

    @property
    def out(self) -> Path:
        """Where the program writes what it found."""
        return self.folder / "out"

    @property
    def log_path(self) -> Path:
        return self.folder / "log.txt"

    @property
    def pid_path(self) -> Path:
        return self.folder / "process.pid"

    def start(self, command: tuple[str, ...], env: Mapping[str, str], *, patience_s: float) -> None:
        """Begin anew: what an earlier start left in the folder goes. OSError if it cannot be."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.out.mkdir(parents=True, mode=0o700)
        self.launch(command, env, patience_s=patience_s)

    def launch(
        self, command: tuple[str, ...], env: Mapping[str, str], *, patience_s: float
    ) -> None:
        """Begin with what the folder holds. OSError if it cannot be."""
        (self.folder / leash.EXIT).unlink(missing_ok=True)
        self.attend()
        held = (sys.executable, leash.__file__, str(self.folder), f"{patience_s:.0f}", *command)
        with self.log_path.open("ab") as log:
            child = subprocess.Popen(
                held,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=environment(env),
                start_new_session=True,
            )
        write_pid_file(self.pid_path, describe(child.pid, held))

    def attend(self) -> None:
        """A sign that somebody looks after it."""
        with contextlib.suppress(FileNotFoundError):
            (self.folder / leash.ATTENDED).touch()

    def is_alive(self) -> bool:
        process = read_pid_file(self.pid_path)
        if process is None:
            return False
        with contextlib.suppress(ChildProcessError):  # an ended child is there until it is asked
            os.waitpid(process.pid, os.WNOHANG)
        return process.started == started_at(process.pid) != ""

    def exit_code(self) -> int | None:
        """How it ended; None while it runs, and where it was killed."""
        with contextlib.suppress(OSError, ValueError):
            return int((self.folder / leash.EXIT).read_text())
        return None

    def log_tail(self, n_lines: int = 30) -> str:
        """Its last lines; of a bar that is drawn over and over, the last state."""
        try:
            with self.log_path.open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - LOG_BYTES))
                raw = log.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
        lines = [line.rstrip("\r").rpartition("\r")[2] for line in raw.split("\n")]
        said = [line for line in lines if line.strip()][-n_lines:]
        return visible("\n".join(said))[-LOG_CHARS:]

    def stop(self, *, grace_s: float = 10.0, pause: Callable[[float], None] = time.sleep) -> None:
        """End it with all that it started."""
        process = read_pid_file(self.pid_path)
        if process is None:
            return
        if process.is_running() and kill_group(process, signal.SIGTERM):
            deadline = time.monotonic() + grace_s
            while self.is_alive() and time.monotonic() < deadline:
                pause(0.05)
        kill_group(process, signal.SIGKILL)
        self.pid_path.unlink(missing_ok=True)


def percent(log: str) -> int | None:
    """How far the newest bar of requests in the log is."""
    found = STEPS.findall(log)
    return min(int(found[-1]), 100) if found else None
