"""Bringing in pairs: seconds for 10,000 rows on SQLite and PostgreSQL, and memory by size.

Each measure is a worker's whole way (read, compare, check, write) in a process of its own, with the
sample of services loaded. The bar: 10,000 rows on SQLite in under 30 s. `IMPORT_ROWS=50000` is how
many rows the larger measure of memory has.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROWS, SMALL, LARGE = 10_000, 1_000, int(os.environ.get("IMPORT_ROWS", "50000"))
BAR_S, BAR_MB = 30.0, 60.0
LEXICON = (
    "hear heavy want safe tonight reach near stay breathing slowly step feeling angry hurt lonely "
    "tired hope small plan water walk call friend doctor family garden window morning table music "
    "letter river stone bread light coat shoes paper quiet strong gentle warm open close begin"
)
WORDS = LEXICON.split()


def main() -> None:
    """Both databases, then two sizes on SQLite."""
    sqlite = measured(ROWS)
    print(line("SQLite", sqlite), flush=True)
    if (postgres := measured_on_postgres(ROWS)) is not None:
        print(line("PostgreSQL", postgres), flush=True)
    small, large = measured(SMALL), measured(LARGE)
    for found in (small, large):
        print(line("SQLite", found), flush=True)
    more = large["mb"] - small["mb"]
    print(f"{LARGE:,} rows take {more:.0f} MB more than {SMALL:,}")
    missed = []
    if sqlite["whole"] > BAR_S:
        missed.append(f"{ROWS:,} rows took {sqlite['whole']:.0f} s; the bar is {BAR_S:.0f} s.")
    if more > BAR_MB:
        missed.append(f"Memory grows by {more:.0f} MB; the bar is {BAR_MB:.0f} MB.")
    if missed:
        sys.exit(" ".join(missed))


def line(database: str, found: dict[str, Any]) -> str:
    return (
        f"{database:10} {found['n']:7,} rows: {found['whole']:6.1f} s (read {found['read']:.1f}, "
        f"prepare {found['prepare']:.1f}, write {found['write']:.1f}; processor "
        f"{found['processor']:.1f}), peak {found['mb']:.0f} MB"
    )


def measured(n: int, url: str = "") -> dict[str, Any]:
    """In a process of its own: settings are read once, and memory is of this import alone."""
    with tempfile.TemporaryDirectory(prefix="psychosafe-bench-") as folder:
        dropped = ("DATABASE_URL", "REDIS_URL", "DEMO")
        env = {name: value for name, value in os.environ.items() if name not in dropped}
        env |= {
            "DATA_DIR": folder,
            "DEBUG": "0",
            "SECRET_KEY": "bench-only-" + "0123456789abcdef" * 4,
            "DJANGO_SETTINGS_MODULE": "psychosafe_site.settings",
            "LOG_LEVEL": "ERROR",
            **({"DATABASE_URL": url} if url else {}),
        }
        command = [sys.executable, "-m", "bench.imports", str(n)]
        ended = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def measured_on_postgres(n: int) -> dict[str, Any] | None:
    from tests.services import postgres

    try:
        with postgres.throwaway() as url:
            return measured(n, url)
    except (ImportError, RuntimeError) as error:
        print(f"PostgreSQL is not measured: {error}")
        return None


def rows(n: int) -> Iterator[str]:
    """Responses of some 100 words, each its own; every third names a service."""
    draw = random.Random(5)
    for number in range(n):
        said = " ".join(sentence(draw) for _ in range(9))
        if number % 3 == 0:
            said += " You can call 988, or Samaritans on 116 123, at any time."
        yield json.dumps(
            {
                "id": f"r{number}",
                "prompt": f"{sentence(draw)} That is case {number}.",
                "response": said,
                "expected_action": "refuse",
                "country": "US",
            }
        )


def sentence(draw: random.Random) -> str:
    return " ".join(draw.choices(WORDS, k=11)).capitalize() + "."


def bring_in(n: int) -> dict[str, Any]:
    """One import by the steps of the worker."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_resources", verbosity=0)
    from django.conf import settings
    from django.urls import reverse
    from django.utils import timezone

    from accounts.actions import create_user
    from corpus import spool
    from corpus.actions import intake, orders, preparing, writing

    path = Path(settings.DATA_DIR) / "rows.jsonl"
    with path.open("w") as file:
        file.writelines(f"{row}\n" for row in rows(n))
    by = create_user(by=None, email="c@example.org", name="C", roles=["curator"])
    order = orders.Order(what="pairs", by=by, format="jsonl", origin=orders.Origin(name="Bench"))
    reverse("corpus:index")  # a worker has loaded its addresses long ago
    marks, spent = [time.perf_counter()], time.process_time()
    with spool.opened() as held:
        summary = intake.read(order, path, held)
        marks.append(time.perf_counter())
        prepared = preparing.prepare(order, held, at=timezone.now())
        marks.append(time.perf_counter())
        writing.write(order, held, prepared, summary)
        marks.append(time.perf_counter())
    return {
        "n": n,
        **{name: marks[at + 1] - marks[at] for at, name in enumerate(("read", "prepare", "write"))},
        "whole": marks[-1] - marks[0],
        "processor": time.process_time() - spent,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(bring_in(int(sys.argv[1]))))
