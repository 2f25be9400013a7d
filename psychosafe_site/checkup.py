"""What `doctor` looks at: each finding says what was found and how to mend it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import SubprocessError

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from corpus import search
from corpus.models import Domain
from generation.models import Endpoint, Keeper
from training import evaluating, machine

FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    is_good: bool
    remedy: str = ""
    is_needed: bool = True


def findings() -> Iterator[Finding]:
    """Everything, the ground first; what rests on a broken ground is not looked at."""
    yield _database()
    waiting = _waiting_migrations()
    yield Finding(
        f"{waiting} migrations wait" if waiting else "The tables are those of this code",
        not waiting,
        "Run: manage.py migrate",
    )
    yield _disk()
    yield from _deployment()
    yield _broker()
    yield _static()
    if not waiting:
        yield _search()
        yield from _content()
        yield from _servers()
        yield _training()
        yield _harness()


def _database() -> Finding:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return Finding(
            f"The database does not answer: {error}".strip(), False, "Check DATABASE_URL."
        )
    return Finding(f"The database answers ({connection.vendor})", True)


def _waiting_migrations() -> int:
    try:
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return -1


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free
    return Finding(
        f"{free / 1e9:.1f} GB free in {settings.DATA_DIR}",
        free > FREE_BYTES,
        "Make room, or set DATA_DIR to another disk.",
    )


def _deployment() -> Iterator[Finding]:
    """Django's own deployment checks; on one's own machine they are notes."""
    found = checks.run_checks(include_deployment_checks=True)
    problems = [m for m in found if m.level >= checks.WARNING and not m.is_silenced()]
    for problem in problems:
        yield Finding(
            f"{problem.id}: {problem.msg}",
            False,
            problem.hint or "See the settings in the documentation.",
            is_needed=not settings.LOCAL,
        )
    if not problems:
        yield Finding("Django's deployment checks find nothing", True)


def _broker() -> Finding:
    if not settings.REDIS_URL:
        return Finding(f"Messages travel through {settings.BROKER_DIR}", True)
    from redis import Redis, RedisError

    try:
        Redis.from_url(settings.REDIS_URL, socket_timeout=3).ping()
    except RedisError as error:
        return Finding(
            f"Redis does not answer: {error}",
            False,
            "Check REDIS_URL. Rating works without it; runs and judges wait.",
        )
    return Finding("Redis answers", True)


def _static() -> Finding:
    collected = settings.DEBUG or (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    return Finding(
        "Static files are collected" if collected else "Static files are not collected",
        collected,
        "Run: manage.py collectstatic --no-input",
    )


def _search() -> Finding:
    missing = search.missing()
    return Finding(
        f"The search of the corpus: {'; '.join(missing)}"
        if missing
        else "The search of the corpus finds every text",
        not missing,
        "Run: manage.py migrate corpus 0007 && manage.py migrate. It needs FTS5 in SQLite, as the "
        "builds of Python 3.11 have it, or a PostgreSQL database in UTF-8 with a UTF-8 locale.",
    )


def _content() -> Iterator[Finding]:
    administrators = User.objects.filter(grants__role=Role.ADMINISTRATOR, is_active=True).count()
    yield Finding(
        f"{administrators} administrators",
        administrators > 0,
        "Run: manage.py create_user EMAIL --role administrator",
    )
    domains = Domain.objects.count()
    yield Finding(
        f"{domains} risk domains",
        domains > 0,
        "Run: manage.py load_content",
        is_needed=False,
    )


def _training() -> Finding:
    """It matters on hosts that train; elsewhere it is a note."""
    python = machine.train_python()
    remedy = "On hosts that train, set TRAIN_PYTHON to the Python that has torch, trl and peft."
    if not python.exists():
        return Finding(f"No Python for fine-tuning: {python}", False, remedy, is_needed=False)
    try:
        missing = machine.missing_libraries(python)
    except (OSError, ValueError, SubprocessError) as error:
        missing = [f"answer: {error}"]
    if missing:
        said = f"{python} has no {', '.join(missing)}"
        return Finding(said, False, remedy, is_needed=False)
    return Finding(f"Fine-tuning runs in {python}", True)


def _harness() -> Finding:
    """It matters on hosts whose workers put benchmark tasks; elsewhere it is a note."""
    python = evaluating.harness_python()
    remedy = "Where benchmark tasks are put, set HARNESS_PYTHON to the Python that has lm-eval."
    try:
        is_there = python.exists() and not machine.missing_libraries(python, ["lm_eval"])
    except (OSError, ValueError, SubprocessError):
        is_there = False
    said = f"The evaluation harness runs in {python}" if is_there else f"{python} has no lm-eval"
    return Finding(said, is_there, remedy, is_needed=False)


def _servers() -> Iterator[Finding]:
    """Only where models are registered that the Studio starts; on a site without GPUs, notes."""
    kinds = set(Endpoint.objects.exclude(kind="external").values_list("kind", flat=True))
    if not kinds:
        return
    at_work = [each.host for each in Keeper.objects.at_work(timezone.now())]
    yield Finding(
        f"Keepers at work on: {', '.join(at_work)}" if at_work else "No keeper is at work",
        bool(at_work),
        "On a GPU host run: manage.py keep_servers. Without one, workers start servers themselves.",
        is_needed=False,
    )
    if Endpoint.Kind.VLLM in kinds:
        program = (settings.VLLM_COMMAND.split() or ["vllm"])[0]
        yield Finding(
            f"vLLM is started by {settings.VLLM_COMMAND}",
            shutil.which(program) is not None,
            f"There is no program {program} here. It matters on hosts that start vLLM: set "
            "VLLM_COMMAND there.",
            is_needed=False,
        )
