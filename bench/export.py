"""20,000 pairs with two annotations each, and every rating of a large study, written to files.

Seconds, rows a second beside the same rows written raw by the same writer, and memory. The bars:
pairs and annotations together under 1 s; at most twice the raw time, where raw is one bare SQL
statement whose rows go to the writer as they come; a large study with at most 50 MB more than one
of 10,000 ratings. The same rows from a list in memory are shown beside: what reading itself costs.
`EXPORT_RATINGS=1000000` writes as many.

Seconds are CPU seconds of the process, which other work on the machine does not stretch.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

N_PAIRS = 20_000
N_RATINGS = int(os.environ.get("EXPORT_RATINGS", "240000"))
N_RATERS = 10
N_FEW = 10_000
LIMIT_SECONDS, LIMIT_RATIO, LIMIT_MB = 1.0, 2.0, 50.0
ROUNDS = 3


def main() -> None:
    """Making and measuring are processes of their own: what one leaves in memory hides nothing."""
    with tempfile.TemporaryDirectory(prefix="psychosafe-bench-") as folder:
        for step in ("make", "measure"):
            environment = {
                "SECRET_KEY": "bench-only-" + "0123456789abcdef" * 4,
                **os.environ,
                "DATA_DIR": folder,
                "DJANGO_SETTINGS_MODULE": "psychosafe_site.settings",
                "EXPORT_RATINGS": str(N_RATINGS),
            }
            environment.pop("DATABASE_URL", None)
            call = f"from bench import export; export.{step}()"
            ended = subprocess.run([sys.executable, "-c", call], env=environment)
            if ended.returncode:
                sys.exit(ended.returncode)


# Making


def make() -> None:
    set_up()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    make_release(N_PAIRS)
    make_study("pairs", n=N_PAIRS, n_raters=2, criteria=1)
    make_study("few", n=N_FEW // (4 * N_RATERS), n_raters=N_RATERS, criteria=4)
    make_study("large", n=N_RATINGS // (4 * N_RATERS), n_raters=N_RATERS, criteria=4)


def set_up() -> None:
    import django

    django.setup()


def make_release(n: int) -> None:
    """Approved versions as the actions leave them, written in bulk."""
    from datetime import UTC, datetime

    from accounts.actions import create_user
    from corpus.models import Domain, Pair, Prompt, Version
    from exports.actions import cut_release
    from gate.text import digest

    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    people = [
        create_user(by=None, email=f"{role}@example.org", name=role, roles=[role])
        for role in ("author", "reviewer")
    ]
    domain = Domain.objects.create(slug="violence", name="Violence", definition="Made.")
    prompt = Prompt.objects.create(messages=[{"role": "user", "content": "x"}], digest=digest("x"))
    pairs = [Pair(created_by=people[0]) for _ in range(n)]
    Pair.objects.bulk_create(pairs, batch_size=2_000)
    versions = [
        Version(
            pair=pair,
            number=1,
            status="approved",
            author=people[0],
            messages=[{"role": "user", "content": f"Nobody listens to me, number {place}. " * 4}],
            domain=domain,
            expected_action="refuse",
            response="I hear how alone this feels. I will not help with that, and I stay. " * 8,
            saved_at=at,
            submitted_at=at,
            decided_at=at,
            decided_by=people[1],
            digest=digest(place),
            prompt=prompt,
            best_before=at.date(),
        )
        for place, pair in enumerate(pairs)
    ]
    Version.objects.bulk_create(versions, batch_size=1_000)
    cut_release(by=None, name="Bench", version="1.0.0", at=at)


def make_study(slug: str, *, n: int, n_raters: int, criteria: int) -> None:
    """A study of one run; every rater gave every answer a value on each criterion."""
    from annotation.actions import raters
    from annotation.models import Criterion, ItemAnswer, Rating
    from tests.annotation import made

    over = made.prompt_set(n, slug=f"set-{slug}")
    study = made.study(slug=slug, runs=[made.run(over, slug)], k=n_raters)
    asked = list(Criterion.objects.filter(rubric=study.rubric).order_by("position"))[:criteria]
    shown = ItemAnswer.objects.filter(item__study=study).values_list("completion", flat=True)
    answers = list(shown)
    for number in range(n_raters):
        rater = raters.from_elsewhere(label=f"Rater {number}", origin="bench")
        Rating.objects.bulk_create(
            (
                Rating(
                    study=study,
                    rater=rater,
                    completion_id=answer,
                    criterion=criterion,
                    value=criterion.minimum,
                    rationale="It says what it will not do, and stays.",
                    completion_digest="0" * 64,
                    rubric_digest=study.rubric.digest,
                    created_at=made.AT,
                )
                for answer in answers
                for criterion in asked
            ),
            batch_size=5_000,
        )


# Measuring


def measure() -> None:
    set_up()
    from annotation.models import Study
    from exports import sources
    from exports.models import Release

    (pairs,) = sources.tables(Release.objects.get(), "sft")
    (small,) = sources.tables(Study.objects.get(slug="pairs"), "ratings")
    studies = Study.objects.select_related("rubric")
    (few,) = sources.tables(studies.get(slug="few"), "ratings")
    (large,) = sources.tables(studies.get(slug="large"), "ratings")
    for to in ("jsonl", "csv", "parquet"):
        write(small, to)  # what is loaded once is loaded now
    missed = memory(few, large)
    missed += together(pairs, small)
    missed += beside_raw(large)
    if missed:
        sys.exit("; ".join(missed))


def memory(few: Any, many: Any) -> list[str]:
    missed = []
    for to in ("jsonl", "csv", "parquet"):
        small, large = peak_mb(few, to), peak_mb(many, to)
        print(
            f"{many.name}.{to:<8} peak {small:6.1f} MB at {N_FEW:,} rows, {large:6.1f} MB at"
            f" {N_RATINGS:,}"
        )
        if large - small > LIMIT_MB:
            missed.append(f"{to} took {large - small:.0f} MB more; the bar is {LIMIT_MB:.0f} MB")
    return missed


def peak_mb(table: Any, to: str) -> float:
    """The most memory of its own that the process has while it writes, looked at every 5 ms.

    Pages of the database file, which SQLite maps, are the system's to take back.
    """
    found, ended = [own_mb()], threading.Event()

    def look() -> None:
        while not ended.wait(0.005):
            found.append(own_mb())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        write(table, to)
    finally:
        ended.set()
        looking.join()
    return max(found)


def own_mb() -> float:
    """Linux."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) / 1024


def together(pairs: Any, ratings: Any) -> list[str]:
    seconds = best(lambda: (write(pairs, "jsonl"), write(ratings, "jsonl")))
    print(f"{N_PAIRS:,} pairs and {2 * N_PAIRS:,} annotations to JSONL: {seconds:.2f} s")
    if seconds > LIMIT_SECONDS:
        return [f"pairs with annotations took {seconds:.2f} s; the bar is {LIMIT_SECONDS:.0f} s"]
    return []


def beside_raw(table: Any) -> list[str]:
    """The same rows by one statement, and from a list in memory, by the same writer.

    The list comes last: the garbage collector would walk it while the others are written.
    """
    missed = []
    kinds = ("jsonl", "csv", "parquet")
    took = {to: best(partial(write, table, to)) for to in kinds}
    raw = {to: best(partial(write_bare, table, to)) for to in kinds}
    rows = list(table.rows())
    if len(rows) != sum(1 for _ in bare_rows()):
        missed.append("the bare statement reads other rows than ours")
    for to in kinds:
        ours, bare, listed = took[to], raw[to], best(partial(write, table, to, rows))
        print(
            f"{table.name}.{to:<8} {len(rows) / ours:10,.0f} rows/s   {len(rows) / bare:10,.0f} raw"
            f"   {ours / bare:4.2f} x   {len(rows) / listed:10,.0f} from a list"
        )
        if ours / bare > LIMIT_RATIO:
            missed.append(f"{to} took {ours / bare:.2f} times the raw time; the bar is 2")
    return missed


def bare_rows() -> Iterator[tuple[Any, ...]]:
    """The large study's rows, column by column what ours hold, as the database's driver has them.

    Nothing of ours stands between: raters by their keys, in the same order, no judges.
    """
    from django.db import connection
    from django.db.models import IntegerField, Value
    from django.db.models.functions import Substr

    from annotation.models import ItemAnswer

    given = "completion__ratings__"
    asked, run = f"{given}criterion__", "completion__run__"
    shown = ItemAnswer.objects.filter(item__study__slug="large", **{f"{given}isnull": False})
    query = shown.order_by("item__position", "position", f"{given}rater", f"{asked}position")
    parts: list[Any] = [
        *("item__study__slug", "item_id", "item__prompt_id", "completion_id"),
        *(f"{run}id", f"{run}model__name", f"{run}condition__name"),
        *(f"{given}rater_id", Value("human"), f"{asked}key", f"{asked}kind", f"{asked}about"),
        *(f"{given}answer", f"{given}value", Value(""), f"{given}words"),
        *(Value(None, IntegerField()), f"{given}rationale", Substr(f"{given}created_at", 1, 10)),
        *(f"{asked}rubric__slug", f"{asked}rubric__version"),
    ]
    sql, values = query.values_list(*parts).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(2_000):
            for row in rows:
                yield (*row, False)


def write_bare(table: Any, to: str) -> int:
    return write(table, to, bare_rows())


def write(table: Any, to: str, rows: Any = None) -> int:
    from exports import writers

    with tempfile.TemporaryFile() as file:
        return writers.write(to, file, table.columns, table.rows() if rows is None else rows)


def best(step: Callable[[], Any]) -> float:
    """Seconds of the quickest of a few rounds: others share this machine."""
    seconds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        step()
        seconds.append(time.process_time() - started)
    return min(seconds)


if __name__ == "__main__":
    main()
