"""A real worker on the broker of folders: killed at any moment, it leaves exactly its rows."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from psychosafe_site.processes import commands
from tests.conftest import ROOT
from tests.generation import made
from tests.stub_server import StubServer

N_ROWS = 30


class Site:
    """A site of its own: folder, database, broker, and commands in processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        dropped = ("DATABASE_URL", "REDIS_URL", "DEBUG")
        self.env = {name: value for name, value in os.environ.items() if name not in dropped}
        self.env |= {
            "DATA_DIR": str(folder),
            "ALLOW_PRIVATE_ENDPOINTS": "1",
            "REQUESTS_IN_FLIGHT": "2",
            "DJANGO_SETTINGS_MODULE": "psychosafe_site.settings",
        }

    def python(self, code: str) -> str:
        """What a script prints that may use the models."""
        code = f"import django\ndjango.setup()\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def query(self, sql: str) -> list[Any]:
        with sqlite3.connect(self.folder / "studio.sqlite3", timeout=20) as database:
            return database.execute(sql).fetchall()

    def n_done(self) -> int:
        (row,) = self.query("SELECT count(*) FROM generation_completion WHERE state = 'done'")
        return int(row[0])

    def state(self) -> str:
        return str(self.query("SELECT state FROM generation_run")[0][0])

    @contextmanager
    def worker(self, **changes: str) -> Iterator[Callable[[], None]]:
        """A worker and its children; yields what kills all of them at once."""
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                commands(port=0, base_dir=ROOT)["worker"],
                cwd=ROOT,
                env=self.env | changes,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

        def kill() -> None:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)

        try:
            yield kill
        finally:
            kill()

    def wait_until(self, is_so: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            log = self.folder / "worker.log"
            assert time.monotonic() < deadline, log.read_text()[-3000:] if log.exists() else "late"
            time.sleep(0.05)


@pytest.fixture
def slow_stub() -> Iterator[StubServer]:
    with StubServer(latency_s=0.1) as server:
        yield server


def test_a_worker_that_is_killed_midway_leaves_exactly_its_rows(
    tmp_path: Path, slow_stub: StubServer
) -> None:
    site = Site(tmp_path)
    site.python(
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "from tests.generation import made\n"
        f"made.run({slow_stub.url!r}, n={N_ROWS})"
    )
    with site.worker() as kill:
        site.wait_until(lambda: site.n_done() >= 8)
        kill()
    n_before = site.n_done()
    assert 8 <= n_before < N_ROWS and site.state() == "running"
    kept = site.query("SELECT id, text, completed_at FROM generation_completion WHERE text <> ''")

    # Ten minutes later the sweeper comes round.
    site.python(
        "from datetime import timedelta\nfrom django.utils import timezone\n"
        "from generation import actions\n"
        "actions.sweep(at=timezone.now() + timedelta(minutes=10))"
    )
    with site.worker():
        site.wait_until(lambda: site.state() == "done")
    assert site.query("SELECT state, count(*) FROM generation_completion GROUP BY 1") == [
        ("done", N_ROWS)
    ]
    after = site.query("SELECT id, text, completed_at FROM generation_completion")
    assert set(kept) <= set(after)
    # Only what was in flight at the kill was asked twice: 2 by each of 2 processes.
    assert N_ROWS <= len(slow_stub.requests) <= N_ROWS + 4


def test_no_process_of_the_worker_loads_a_model() -> None:
    code = (
        "import sys\n"
        "from psychosafe_site.celery import app\n"
        "app.loader.import_default_modules()\n"
        "app.finalize()\n"
        "assert 'generation.tasks.generate' in app.tasks, sorted(app.tasks)\n"
        "print(sorted({'torch', 'vllm', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env=os.environ
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


@pytest.mark.django_db(transaction=True)
def test_many_workers_share_a_run_and_ask_nothing_twice(stub_server: StubServer) -> None:
    run = made.run(stub_server.url, n=60)
    ended: list[str] = []
    troubles: list[BaseException] = []

    def work() -> None:
        try:
            ended.append(made.shift(run).run())
        except BaseException as error:
            troubles.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not troubles and len(ended) == 4
    run.refresh_from_db()
    assert run.state == "done" and run.completions.progress()["done"] == 60
    assert len(stub_server.requests) == 60
    assert set(run.completions.values_list("attempts", flat=True)) == {1}
