"""An installation under attack: its worker, model server and broker are killed while runs go on.

The model server is the stub, started by the keeper of the host as vLLM would be. What was killed
comes back as in production: the server by its keeper, worker and broker by whoever started them.
"""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from psychosafe_site.processes import commands
from tests.services import postgres, servers
from tests.services.site import ROOT, Installation

N_ROWS = 300
LATENCY_S = 0.15
LONGEST_S = 120.0
VICTIMS = ("worker", "server", "broker")
BROKERS = ("folders", "redis")
STUB = f"env PYTHONPATH={ROOT} {sys.executable} -m tests.stub_server --latency {LATENCY_S}"
HASTE = {
    "HOST_NAME": "chaos",
    "LEASE_SECONDS": "5",
    "SWEEP_SECONDS": "1",
    "REQUESTS_IN_FLIGHT": "16",
    "LOG_LEVEL": "ERROR",
}
ENDED = ("done", "failed", "cancelled")


class Process:
    """A process group that is killed whole and started again."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self.command, self.log, self.environment = command, log, environment
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        if self.running.poll() is None:
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait(10)

    def stop(self) -> None:
        """Asked first: a keeper stops its servers, which takes a while."""
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            self.running.terminate()
            self.running.wait(60)
        servers.end(self.running)


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what it cost."""

    state: str
    rows: dict[str, int]
    n_prompts: int
    n_asked_again: int
    seconds: float

    @property
    def is_whole(self) -> bool:
        """Every row is there once, answered, and nobody holds one."""
        return self.state == "done" and self.rows == {"done": N_ROWS} and self.n_prompts == N_ROWS


class Grounds:
    """An installation whose processes can be killed. Made by `grounds`."""

    def __init__(self, folder: Path, environment: dict[str, str], stack: ExitStack) -> None:
        own = {"SERVER_FIRST_PORT": str(servers.free_port())}  # another test may have servers too
        self.site = Installation(folder, **HASTE, **own, **environment)
        self.database = environment.get("DATABASE_URL", "")
        self.stack = stack
        self.processes: dict[str, Process] = {}
        self.model = self.tuned = self.condition = ""
        self.n_restarts = 0  # of what ended without being killed by us

    def prepare(self, vllm_command: str = STUB, **environment: str) -> None:
        """Tables, a set of N_ROWS prompts, all processes; the keeper starts servers by command."""
        self.site.environment |= {"VLLM_COMMAND": vllm_command, **environment}
        self.site.manage("migrate", "-v0")
        self.make_set("Rows", N_ROWS)
        plan = commands(port=self.site.port, base_dir=ROOT)
        plan["keeper"] = [sys.executable, str(ROOT / "manage.py"), "keep_servers", "--gpus", ""]
        self.stack.enter_context(self.site.running("web"))
        for name in ("keeper", "worker", "beat"):
            self.start(name, plan[name])
        self.engineer = self.site.program("engineer")
        place = self.engineer.post("endpoints/", name="Here", kind="vllm")["id"]
        asked = {"name": "m", "endpoint": place, "served_name": "stub-model"}
        self.model = self.engineer.post("models/", **asked)["id"]
        said = self.engineer.post("conditions/", name="plain", system_prompt="", max_tokens=32)
        self.condition = said["id"]

    def make_set(self, name: str, n: int) -> None:
        prompts = self.site.folder / "prompts.csv"
        rows = (f"{name}-{k},Nobody listens to me. Number {k}.\n" for k in range(n))
        prompts.write_text("id,prompt\n" + "".join(rows))
        self.site.manage("import_prompts", str(prompts), "--set", name, "--format", "csv")

    def start_what_ended(self) -> None:
        """As a restart policy does: Celery's worker ends when it loses Redis under a task."""
        for process in self.processes.values():
            if process.running.poll() is not None:
                process.start()
                self.n_restarts += 1

    def start(self, name: str, command: list[str]) -> None:
        log = self.site.folder / f"{name}.log"
        self.processes[name] = Process(command, log, self.site.environment)
        self.stack.callback(self.processes[name].stop)

    def query(self, sql: str) -> list[Any]:
        if self.database:
            with psycopg.connect(self.database) as connection:
                return connection.execute(sql).fetchall()  # type: ignore[call-overload]
        with sqlite3.connect(self.site.folder / "studio.sqlite3", timeout=20) as database:
            return database.execute(sql).fetchall()

    def start_run(self, **changes: str) -> str:
        asked = {"prompt_set": "rows", "model": self.model, "condition": self.condition}
        return str(self.engineer.post("runs/", **asked | changes)["id"])

    def n_done(self, run: str) -> int:
        rows = "SELECT count(*) FROM generation_completion"
        return int(self.query(f"{rows} WHERE run_id = '{run}' AND state = 'done'")[0][0])

    def state(self, run: str) -> str:
        return str(self.query(f"SELECT state FROM generation_run WHERE id = '{run}'")[0][0])

    def run_under_attack(
        self, victim: str, rng: random.Random, longest_s: float = LONGEST_S
    ) -> Ended:
        """A run during which `victim` is killed once, when a random number of rows is done."""
        moment, pause = rng.randrange(N_ROWS), rng.uniform(0.0, LATENCY_S)
        run, began = self.start_run(), time.monotonic()
        self.wait(lambda: self.n_done(run) >= moment, f"{moment} rows")
        time.sleep(pause)
        self.strike(victim)
        self.wait(lambda: self.state(run) in ENDED, f"the end, {victim} killed", longest_s)
        return self.ended(run, time.monotonic() - began)

    def strike(self, victim: str) -> None:
        if victim == "server":
            for (pid,) in self.query("SELECT pid FROM generation_server WHERE pid IS NOT NULL"):
                os.killpg(int(pid), signal.SIGKILL)
        elif victim == "broker" and "broker" not in self.processes:
            self.forget_messages()
        else:
            self.processes[victim].kill()
            self.processes[victim].start()

    def forget_messages(self) -> None:
        """What a folder can lose: every message that nobody has taken yet."""
        for message in (self.site.folder / "broker").glob("*.msg"):
            message.unlink(missing_ok=True)

    def ended(self, run: str, seconds: float) -> Ended:
        of_run = f"FROM generation_completion WHERE run_id = '{run}'"
        rows = dict(self.query(f"SELECT state, count(*) {of_run} GROUP BY state"))
        counted = f"SELECT count(DISTINCT prompt_id), sum(attempts) {of_run} AND text <> ''"
        ((n_prompts, n_asked),) = self.query(counted)
        return Ended(self.state(run), rows, n_prompts, int(n_asked or 0) - n_prompts, seconds)

    def wait(self, is_so: Callable[[], bool], what: str, seconds: float = LONGEST_S) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, f"Not within {seconds} s: {what}\n{self.said()}"
            self.start_what_ended()
            time.sleep(0.05)

    def said(self) -> str:
        """The ends of the logs."""
        logs = [*self.site.folder.glob("*.log"), *self.site.folder.glob("logs/*.log")]
        return "\n".join(f"{log.name}:\n{log.read_text()[-1500:]}" for log in logs)


@contextmanager
def grounds(folder: Path, broker: str) -> Iterator[Grounds]:
    """With folders for messages and SQLite, or with Redis and PostgreSQL."""
    with ExitStack() as stack:
        environment: dict[str, str] = {}
        redis: Process | None = None
        if broker == "redis":
            command, url = servers.redis_command()
            redis = Process(command, folder / "redis.log", dict(os.environ))
            stack.callback(redis.stop)
            environment = {"REDIS_URL": url}
            environment["DATABASE_URL"] = stack.enter_context(postgres.throwaway())
        made = Grounds(folder, environment, stack)
        if redis:
            made.processes["broker"] = redis
        yield made


def report(broker: str, found: dict[str, list[Ended]]) -> str:
    """One line for each victim."""
    line = partial(_line, broker)
    return "\n".join(line(victim, runs) for victim, runs in found.items())


def _line(broker: str, victim: str, runs: list[Ended]) -> str:
    whole = sum(run.is_whole for run in runs)
    again = sum(run.n_asked_again for run in runs)
    longest = max(run.seconds for run in runs)
    return (
        f"{broker}: {victim} killed in {len(runs)} runs of {N_ROWS} rows: {whole} whole, "
        f"{again} rows asked again, longest run {longest:.0f} s"
    )
