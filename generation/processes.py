"""Processes and ports of this machine.

A process is named by its number and its beginning, so that a reused number is not mistaken for it.
"""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
PROC = Path("/proc")
ENDED = frozenset("ZX")


@dataclass(frozen=True)
class Process:
    """A process that leads its own group. `started` is the machine's word for when it began."""

    pid: int
    started: str
    command: tuple[str, ...]

    def is_running(self) -> bool:
        return self.started != "" and started_at(self.pid) == self.started

    def group_is_running(self) -> bool:
        """Whether the process or anything in its group still runs; ended ones do not count."""
        if not self._owns_group():
            return False
        if PROC.is_dir():
            return any(group == self.pid for group in _running_groups())
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, 0)
            return True
        return False

    def _owns_group(self) -> bool:
        """False if the number now belongs to another process: its group is none of ours."""
        return started_at(self.pid) in ("", self.started)


def describe(pid: int, command: Sequence[str]) -> Process:
    return Process(pid, started_at(pid), tuple(command))


def started_at(pid: int) -> str:
    """When the process began, in the machine's own units; empty if it does not run (any more)."""
    if PROC.is_dir():
        stat = _stat(pid)
        return stat[19] if stat and stat[0] not in ENDED else ""
    shown = subprocess.run(
        ["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, started = shown.stdout.strip().partition(" ")
    return started.strip() if state and state[0] not in ENDED else ""


def kill_group(process: Process, number: signal.Signals) -> bool:
    """Signal the group of the process; False if nothing of it is left."""
    if not process.group_is_running():
        return False
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
        return True
    return False


def write_pid_file(path: Path, process: Process) -> None:
    """Whole or not at all: a worker may be killed while it writes."""
    written = path.with_suffix(".tmp")
    written.write_text(json.dumps([process.pid, process.started, process.command]))
    written.replace(path)


def read_pid_file(path: Path) -> Process | None:
    try:
        pid, started, command = json.loads(path.read_text())
        return Process(int(pid), str(started), tuple(map(str, command)))
    except (OSError, ValueError, TypeError):
        return None


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/PID/stat from the state on; the name before it may hold anything."""
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _running_groups() -> Iterator[int]:
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            stat = _stat(int(entry.name))
            if stat and stat[0] not in ENDED:
                yield int(stat[2])


def is_free(port: int) -> bool:
    """Whether a server could listen on the port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int, path: str, *, timeout_s: float = 2.0) -> bool:
    """Whether a page of this machine answers 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout_s)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
