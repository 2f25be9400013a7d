"""A site of its own for a benchmark: its environment, its broker, workers and what they weigh."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from psychosafe_site.processes import commands
from tests.services import postgres, servers

ROOT = Path(__file__).resolve().parent.parent
DROPPED = ("DATABASE_URL", "REDIS_URL", "DEMO", "VLLM_COMMAND")


@contextmanager
def environment(
    *, redis: bool = False, on_postgres: bool = False, **extra: str
) -> Iterator[dict[str, str]]:
    """The environment of a new site under production's switches; gone afterwards."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="psychosafe-bench-"))
        made = {name: value for name, value in os.environ.items() if name not in DROPPED} | {
            "DATA_DIR": folder,
            "DEBUG": "0",
            "SECRET_KEY": "bench-only-" + "0123456789abcdef" * 4,
            "ALLOW_PRIVATE_ENDPOINTS": "1",
            "DJANGO_SETTINGS_MODULE": "psychosafe_site.settings",
            "LOG_LEVEL": "ERROR",
            **extra,
        }
        if redis:
            made["REDIS_URL"] = stack.enter_context(servers.redis())
        if on_postgres:
            made["DATABASE_URL"] = stack.enter_context(postgres.throwaway())
        yield made


def within(module: str, made: dict[str, str], *words: str) -> int:
    """Run a benchmark's second half in a process that reads this environment; its exit code."""
    unwind_when_stopped()
    process = subprocess.Popen([sys.executable, "-m", module, *words], cwd=ROOT, env=made)
    try:
        return process.wait()
    finally:
        process.terminate()
        process.wait()


def unwind_when_stopped() -> None:
    """A stop from outside ends this process's servers and workers too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


@contextmanager
def worker(concurrency: int = 1) -> Iterator[int]:
    """A Celery worker on this process's environment, as production starts it; its process id."""
    command = commands(port=0, base_dir=ROOT)["worker"]
    command[command.index("--concurrency") + 1] = str(concurrency)
    with (Path(os.environ["DATA_DIR"]) / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def own_mb(group: int) -> float:
    """Memory of the processes of a group that is theirs: none of it is a file's. Linux.

    SQLite maps the database file (`mmap_size` in the settings): pages of it that were read count
    as resident, and the system takes them back when it needs them. `mapped_mb` tells of these.
    """
    return _sum_mb(group, "RssAnon")


def mapped_mb(group: int) -> float:
    """Pages of files that the processes of a group have in memory; shared ones count in each."""
    return _sum_mb(group, "RssFile")


def _sum_mb(group: int, name: str) -> float:
    found = 0.0
    for folder in members(group):
        lines = (folder / "status").read_text().splitlines()
        found += sum(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))
    return found


def cpu_s(group: int) -> float:
    """The CPU time that the processes of a group have used so far. Linux."""
    ticks = 0
    for folder in members(group):
        after_name = (folder / "stat").read_text().rpartition(")")[2].split()
        ticks += int(after_name[11]) + int(after_name[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def members(group: int) -> list[Path]:
    """The folders in /proc of a group's processes."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(ProcessLookupError):
            if os.getpgid(int(folder.name)) == group:
                found.append(folder)
    return found


# What is asked; to be called where Django is set up.


def set_up() -> None:
    """Django on this environment, with all tables."""
    unwind_when_stopped()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def model_at(
    base_url: str,
    served_name: str = "stub-model",
    max_in_flight: int | None = None,
    **sampling: Any,
) -> Any:
    """An endpoint with one model, and the condition `bench`.

    With `max_in_flight`, one worker process asks it; without, all that are idle join.
    """
    from generation import actions
    from generation.messages import Sampling

    place = actions.register_endpoint(
        by=None, name="bench", kind="external", base_url=base_url, max_in_flight=max_in_flight
    )
    actions.make_condition(
        by=None, name="bench", system_prompt="Be kind.", sampling=Sampling(**sampling)
    )
    return actions.register_model(by=None, name="bench", endpoint=place, served_name=served_name)


def prompt_set(name: str, n: int, n_words: int = 240) -> Any:
    """`n` prompts that differ in their first words, so that no cache serves two of them."""
    from corpus import conversation
    from corpus.actions import make_prompt_set
    from corpus.models import Prompt

    texts = (f"{name}, case {number}. " + "What now? " * (n_words // 2) for number in range(n))
    turns = [[{"role": "user", "content": text}] for text in texts]
    made = Prompt.objects.bulk_create(
        (Prompt(messages=each, digest=conversation.content_digest(each)) for each in turns),
        batch_size=2000,
    )
    return make_prompt_set(by=None, name=name, prompts=made)


def start_run(prompts: Any, **rest: Any) -> Any:
    """A run of the one model; its bell rings."""
    from django.utils import timezone

    from generation import actions
    from generation.models import Condition, LanguageModel

    return actions.start_run(
        by=None,
        prompt_set=prompts,
        model=LanguageModel.objects.get(name="bench"),
        condition=Condition.objects.get(name="bench"),
        at=timezone.now(),
        **rest,
    )
