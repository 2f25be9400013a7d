"""The keeper of a host with a real `transformers serve`: servers die, keepers die, all end."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generation.processes import is_free, started_at
from tests.services import servers
from tests.services.chaos import Process
from tests.services.site import ROOT, Installation
from tests.services.test_servers import chat

pytestmark = pytest.mark.serving
Wait = Callable[[Callable[[], object], float], None]
KEEP = [sys.executable, str(ROOT / "manage.py"), "keep_servers", "--gpus", ""]


class Host:
    """A GPU host without GPUs: one server is wanted on it."""

    def __init__(self, site: Installation, model: Path) -> None:
        self.site, self.port = site, servers.free_port()
        self.served = servers.ModelServer(f"http://127.0.0.1:{self.port}/v1", str(model))
        self.site.manage("migrate", "-v0")
        self.shell(f"""
place = Endpoint.objects.create(name="Here", kind="transformers")
model = LanguageModel.objects.create(name="tiny", endpoint=place, served_name={str(model)!r})
row = want(by=None, model=model, host="keeper-test", at=timezone.now())
Server.objects.filter(pk=row.pk).update(port={self.port})
""")

    def shell(self, code: str) -> str:
        """What the code prints."""
        known = (
            "from django.utils import timezone\n"
            "from generation.actions.servers import want\n"
            "from generation.models import Endpoint, Keeper, LanguageModel, Server\n"
        )
        return self.site.manage("shell", "--no-imports", "-c", known + code)

    def keep(self) -> Process:
        return Process(KEEP, self.site.folder / "keeper.log", self.site.environment)

    def row(self) -> tuple[str, int | None, int]:
        """State, process and crashes of the server."""
        return self._query("SELECT state, pid, n_crashes FROM generation_server")[0]

    def holders(self) -> list[str]:
        return [holder for (holder,) in self._query("SELECT holder FROM generation_keeper")]

    def _query(self, sql: str) -> list[Any]:
        place = self.site.folder / "studio.sqlite3"
        with contextlib.closing(sqlite3.connect(place, timeout=20)) as database:
            return database.execute(sql).fetchall()

    def answers(self) -> bool:
        return bool(chat(self.served)["choices"])

    def said(self) -> str:
        logs = [self.site.folder / "keeper.log", *self.site.folder.glob("logs/server-*.log")]
        return "\n".join(log.read_text()[-1500:] for log in logs if log.exists())


@pytest.fixture
def host(
    tmp_path: Path, serving_python: Path, make_tiny_model: Callable[[Path], Path]
) -> Iterator[Host]:
    environment = {"HF_HOME": servers.offline()["HF_HOME"], "SERVING_PYTHON": str(serving_python)}
    site = Installation(tmp_path, HOST_NAME="keeper-test", **environment)
    made = Host(site, make_tiny_model(serving_python))
    yield made
    if pid := made.row()[1]:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def test_servers_and_keepers_die_and_the_server_is_kept_once(host: Host, wait_for: Wait) -> None:
    keeper = host.keep()
    try:
        wait_for(lambda: host.row()[0] == "ready", 240)
        first = host.row()[1]
        assert first and host.answers()

        os.killpg(first, signal.SIGKILL)
        seen: set[str] = set()
        wait_for(lambda: seen.add(host.row()[0]) or host.row()[2] == 1, 30)
        wait_for(lambda: seen.add(host.row()[0]) or host.row()[0] == "ready", 240)
        second = host.row()[1]
        assert "crashed" in seen, "there is a pause before it is started again"
        assert second and second != first and host.answers()

        began, (killed,) = started_at(second), host.holders()
        keeper.kill()
        assert started_at(second) == began and host.answers(), "it outlives its keeper"
        keeper.start()
        wait_for(lambda: host.holders() != [killed], 60)
        wait_for(lambda: host.row()[0] == "ready", 60)
        assert (host.row()[1], started_at(second)) == (second, began), "taken over, not restarted"

        refused = subprocess.run(
            KEEP, env=host.site.environment, cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        assert refused.returncode != 0 and "kept already, by process" in refused.stderr
        assert host.answers()

        keeper.running.terminate()
        assert keeper.running.wait(60) == 0
        assert started_at(second) == "" and is_free(host.port)
        assert (host.row()[0], host.row()[1], host.holders()) == ("stopped", None, [])
    except AssertionError as error:
        raise AssertionError(f"{error}\n{host.said()}") from error
    finally:
        keeper.stop()
