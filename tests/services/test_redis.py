"""A run on the Redis broker whose worker is killed half way: every answer is there once."""

import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.site import Installation
from tests.stub_server import StubServer, slow

pytestmark = pytest.mark.redis
N = 60
PROMPTS = "id,prompt\n" + "".join(f"p{n},Nobody listens to me. Number {n}.\n" for n in range(N))


def test_a_killed_worker_costs_no_row_and_doubles_none(
    tmp_path: Path,
    redis_url: str,
    stub_server: StubServer,
    wait_for: Callable[[Callable[[], object], float], None],
) -> None:
    site = Installation(tmp_path, REDIS_URL=redis_url, REQUESTS_IN_FLIGHT="4")
    site.manage("migrate", "-v0")
    (tmp_path / "prompts.csv").write_text(PROMPTS)
    site.manage(
        "import_prompts", str(tmp_path / "prompts.csv"), "--set", "Sixty", "--format", "csv"
    )
    stub_server.always(slow(0.2))
    with site.running("web"):
        engineer = site.program("engineer")
        place = {"kind": "external", "base_url": stub_server.base_url}
        endpoint = engineer.post("endpoints/", name="Stub", **place)["id"]
        model = engineer.post("models/", name="m", endpoint=endpoint, served_name="stub-model")
        condition = engineer.post("conditions/", name="plain", system_prompt="")
        run = engineer.post(
            "runs/", prompt_set="sixty", model=model["id"], condition=condition["id"]
        )["id"]

        def progress() -> dict[str, int]:
            return engineer.get(f"runs/{run}/")["progress"]

        with site.running("worker") as processes:
            wait_for(lambda: progress()["done"] >= 10, 60)
            os.killpg(processes.running["worker"].pid, signal.SIGKILL)
        held = progress()
        assert held["done"] < N
        assert held["running"], "the killed worker held rows"
        lose_patience(site)
        with site.running("worker", "beat"):
            wait_for(lambda: engineer.get(f"runs/{run}/")["state"] == "done", 120)
        assert progress() == {"pending": 0, "running": 0, "done": N, "failed": 0}
        rows = engineer.get(f"completions/?run={run}&page_size=200")["results"]
    per_prompt = Counter(row["prompt"] for row in rows)
    assert len(per_prompt) == N
    assert set(per_prompt.values()) == {1}
    assert all(row["text"] for row in rows)


def lose_patience(site: Installation) -> None:
    """Two minutes pass for the leases that the dead worker held."""
    with sqlite3.connect(site.folder / "studio.sqlite3", timeout=20) as database:
        database.execute(
            "UPDATE generation_completion SET lease_expires_at = '2026-01-01 00:00:00' "
            "WHERE lease_expires_at IS NOT NULL"
        )
        database.execute("UPDATE generation_run SET rung_at = '2026-01-01 00:00:00'")
