"""Next item and submit: the full page through Django's test client, at 1,000 to 100,000 items.

Fifty raters take turns in a study with everything on: a core, repeats, routing by language and
domain, and a domain that each of them hides. The bars: p95 < 100 ms, and the largest study at most
1.2 times as slow as the smallest. `RATING_ITEMS=1000,20000` measures other sizes, `RATING_ROUNDS`
how often, `RATING_RATERS` by how many.
"""

import os
import re
import statistics
import sys
import tempfile
import time
from typing import Any, NamedTuple

ROUNDS = int(os.environ.get("RATING_ROUNDS", "300"))
SIZES = [int(size) for size in os.environ.get("RATING_ITEMS", "1000,20000,100000").split(",")]
RATERS = int(os.environ.get("RATING_RATERS", "50"))
P95, RATIO = 100.0, 1.2
WARM_UP = 20  # rounds until templates and rubric are loaded
N_DOMAINS = 5


class Took(NamedTuple):
    """Milliseconds of one request."""

    wall: float
    cpu: float


def main() -> None:
    set_up()
    from django.test.utils import setup_databases, teardown_databases

    configured = setup_databases(verbosity=0, interactive=False)
    try:
        found = measure(SIZES)
    finally:
        teardown_databases(configured, verbosity=0)
    report(found)


def set_up() -> None:
    """Production switches on a throwaway database beside the configured one."""
    os.environ.setdefault("SECRET_KEY", "bench-only-" + "0123456789abcdef" * 4)
    os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="psychosafe-bench-"))
    os.environ["SECURE_SSL_REDIRECT"] = "0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "psychosafe_site.settings"
    import django
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.ALLOWED_HOSTS = ["testserver"]
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"] = {"NAME": f"{os.environ['DATA_DIR']}/bench.sqlite3"}
    django.setup()


def measure(sizes: list[int]) -> dict[int, dict[str, list[Took]]]:
    """What each request took a rater who opens and submits ROUNDS items of each study.

    The studies take turns, so that whatever else the machine does falls on all of them alike.
    """
    desks = [Desk(size) for size in sizes]
    analyse()
    for number in range(ROUNDS + WARM_UP):
        for desk in desks:
            desk.rate(number, is_counted=number >= WARM_UP)
    return {desk.size: desk.timings for desk in desks}


def analyse() -> None:
    """What the database does by itself within a minute: it counts what was written at once."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Desk:
    """Raters signed in to a study of `size` items, half of which others have filled."""

    def __init__(self, size: int) -> None:
        from tests.annotation import made

        self.size = size
        self.domains = domains()
        over = made.prompt_set(size, slug=f"bench-{size}", domains=self.domains)
        runs = [made.run(over, f"{size}-{name}", "I hear you, {n}.") for name in ("a", "b")]
        self.study = made.study(
            runs=runs,
            slug=f"bench-{size}",
            k=3,
            n_core=10,
            repeat_percent=10,
            routes_by_language=True,
            routes_by_domain=True,
        )
        for number in range(2):
            occupy(self.study, number)
        self.clients = [self.sit_down(number) for number in range(RATERS)]
        self.filled = {
            f"{each['slot']}.{each['criterion']}": str(each["value"])
            for each in made.ratings(self.study)
        }
        self.timings: dict[str, list[Took]] = {"next": [], "submit": []}

    def sit_down(self, number: int) -> Any:
        """A rater who knows all domains but one, and hides another."""
        from django.test import Client

        from accounts import actions as people
        from annotation.actions import raters, routing
        from annotation.models import OptOut
        from tests.annotation import made

        email = f"bench{self.size}-{number}@example.org"
        user = people.create_user(by=None, email=email, name="Bench", roles=["rater"])
        rater = raters.of(user)
        known = [each for place, each in enumerate(self.domains) if place != number % N_DOMAINS]
        routing.declare(by=user, rater=rater, languages=["en"], countries=[], domains=known)
        OptOut.objects.create(rater=rater, domain=known[0])
        raters.seat(study=self.study, rater=rater, at=made.AT)
        client = Client()
        client.force_login(user)
        return client

    def rate(self, number: int, *, is_counted: bool) -> None:
        """The next rater opens their next item and submits it."""
        client = self.clients[number % RATERS]
        next_took, page = timed(lambda: client.get(f"/rate/{self.study.slug}/"))
        url, token = form_of(page.content.decode())
        sent = {"token": token, "idempotency_key": f"k{number}", "preference": "A"} | self.filled
        submit_took, answer = timed(lambda: client.post(url, sent))
        assert (page.status_code, answer.status_code) == (200, 302), page.content.decode()[:2000]
        if is_counted:
            self.timings["next"].append(next_took)
            self.timings["submit"].append(submit_took)


def domains() -> list[Any]:
    from corpus.models import Domain

    return [
        Domain.objects.get_or_create(slug=f"bench-{n}", defaults={"name": str(n)})[0]
        for n in range(N_DOMAINS)
    ]


def form_of(page: str) -> tuple[str, str]:
    """Where the page posts to, and its token."""
    found = [
        re.search(pattern, page)
        for pattern in (r'action="([^"]+/submit/)"', r'name="token" value="([^"]+)"')
    ]
    url, token = (match.group(1) if match else "" for match in found)
    return url, token


def occupy(study: Any, number: int) -> None:
    """Every second item is full, by raters who submitted it."""
    from annotation.models import Assignment, Item, Rater
    from tests.annotation import made

    rater = Rater.objects.create(label=f"earlier {number}", origin=study.slug)
    items = list(study.items.filter(position__lt=study.n_items // 2).values_list("pk", flat=True))
    Assignment.objects.bulk_create(
        (
            Assignment(
                study=study,
                item_id=item,
                rater=rater,
                state="submitted",
                shown="0 1",
                started_at=made.AT,
                finished_at=made.AT,
            )
            for item in items
        ),
        batch_size=2_000,
    )
    taken = Item.objects.filter(study=study, position__lt=study.n_items // 2, is_core=False)
    taken.update(taken=study.k if number else 1)


def timed(call: Any) -> tuple[Took, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = call()
    return Took((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000), result


def report(found: dict[int, dict[str, list[Took]]]) -> None:
    """The table, and a word for each bar that is missed."""
    print(f"{RATERS} raters")
    print(f"{'items':>8} {'request':>8} {'p50 ms':>8} {'p95 ms':>8} {'cpu p50':>8}")
    for size, timings in found.items():
        for name, values in timings.items():
            print(
                f"{size:>8,} {name:>8} {p50(values):8.2f} {p95(values):8.2f} {p50(values, 1):8.2f}"
            )
    small, large = min(found), max(found)
    missed = []
    for name in found[large]:
        ratio = p50(found[large][name]) / p50(found[small][name])
        print(f"{name}: {large:,} to {small:,} items: ratio {ratio:.2f}")
        if (late := p95(found[large][name])) > P95:
            missed.append(f"{name}: p95 is {late:.0f} ms, the bar is {P95:.0f} ms")
        if ratio > RATIO:
            missed.append(f"{name} grows by {ratio:.2f}, the bar is {RATIO}")
    if missed:
        sys.exit("; ".join(missed))


def p95(values: list[Took]) -> float:
    return statistics.quantiles([took.wall for took in values], n=20)[-1]


def p50(values: list[Took], which: int = 0) -> float:
    return statistics.median(took[which] for took in values)


if __name__ == "__main__":
    main()
