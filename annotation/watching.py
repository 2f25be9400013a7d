"""What a curator watches while a study goes on. Only counted rows leave the database.

Nothing here tells who asked not to see what: who has nothing left looks as anybody who rests.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from annotation import progress
from annotation.models import Assignment, Item, Rating, ScalePoint, Seat, Study

HERE, IDLE, WEEK = timedelta(minutes=15), timedelta(days=3), timedelta(days=7)
SUBMITTED = Assignment.State.SUBMITTED
SHOWN = 10  # severe ratings on the page


@dataclass(frozen=True)
class Person:
    """A rater of the study, and when something last came from them."""

    label: str
    n: int
    n_repeats: int
    seen_at: datetime
    is_here: bool
    is_idle: bool


@dataclass(frozen=True)
class OfDomain:
    """Ratings of items that are in, of those wanted; more may come on items that all rate."""

    name: str
    n: int
    n_wanted: int


@dataclass(frozen=True)
class Pace:
    """Ratings of items in the last week, and how long the rest takes at that pace."""

    per_day: float
    days_left: int | None  # None: nobody has rated this week, or nothing is left


@dataclass(frozen=True)
class Severe:
    """A rating with a value that the rubric marks."""

    rating: Rating
    point: ScalePoint
    item: int


def people(study: Study, at: datetime) -> list[Person]:
    """Everybody with a seat, by name. Two queries."""
    rated = Q(state=SUBMITTED)
    rows = Assignment.objects.filter(study=study).order_by().values("rater_id")
    counted = {
        row["rater_id"]: row
        for row in rows.annotate(
            n=Count("pk", filter=rated & Q(occasion=1)),
            n_repeats=Count("pk", filter=rated & Q(occasion=2)),
            started=Max("started_at"),
            saved=Max("draft_saved_at"),
            finished=Max("finished_at"),
        )
    }
    seats = Seat.objects.filter(study=study).order_by("rater__label", "rater_id")
    return [
        _person(label, joined, counted.get(rater, {}), at)
        for rater, label, joined in seats.values_list("rater_id", "rater__label", "joined_at")
    ]


def _person(label: str, joined: datetime, row: Mapping[str, object], at: datetime) -> Person:
    moments = [row.get(name) for name in ("started", "saved", "finished")]
    seen = max([joined, *(each for each in moments if isinstance(each, datetime))])
    n, n_repeats = int(str(row.get("n", 0))), int(str(row.get("n_repeats", 0)))
    return Person(label, n, n_repeats, seen, at - seen <= HERE, at - seen > IDLE)


def domains(study: Study) -> list[OfDomain]:
    """By domain, all raters together. Two queries."""
    done = dict(
        Assignment.objects.filter(study=study, state=SUBMITTED, occasion=1)
        .order_by()
        .values_list("item__domain")
        .annotate(n=Count("pk"))
        .values_list("item__domain", "n")
    )
    wanted = Item.objects.filter(study=study).order_by("domain__name").values("domain")
    rows = wanted.annotate(n=Sum("places")).values_list("domain", "domain__name", "n")
    return [OfDomain(name or "–", done.get(pk, 0), max(n, done.get(pk, 0))) for pk, name, n in rows]


def pace(study: Study, at: datetime, n_left: int) -> Pace:
    """One query."""
    done = Assignment.objects.filter(study=study, state=SUBMITTED, occasion=1).order_by()
    told = done.aggregate(
        n=Count("pk", filter=Q(finished_at__gt=at - WEEK)), first=Min("finished_at")
    )
    if not told["n"]:
        return Pace(0.0, None)
    span = min(WEEK, max(timedelta(days=1), at - told["first"]))
    per_day = told["n"] / (span / timedelta(days=1))
    return Pace(per_day, math.ceil(n_left / per_day) if n_left > 0 else None)


def severe(study: Study) -> tuple[int, list[Severe]]:
    """How many ratings carry a marked value, and the newest. Three queries, one where none is."""
    points = {
        (point.criterion_id, point.value): point
        for point in ScalePoint.objects.filter(criterion__rubric=study.rubric_id)
        .exclude(severity="")
        .select_related("criterion")
    }
    if not points:
        return 0, []
    marked = Q()
    for criterion, value in points:
        marked |= Q(criterion=criterion, value=value)
    found: QuerySet[Rating] = Rating.objects.filter(marked, study=study)
    n = found.count()
    newest = found.select_related("assignment__item").order_by("-created_at", "id")[:SHOWN]
    return n, [
        Severe(
            row,
            points[row.criterion_id, row.value or 0],
            row.assignment.item.position + 1 if row.assignment else 0,
        )
        for row in newest
    ]


def whole(study: Study, at: datetime) -> dict[str, object]:
    """All that the page polls."""
    counts = progress.of_study(study)
    n_severe, newest = severe(study)
    return {
        "counts": counts,
        "people": people(study, at),
        "domains": domains(study),
        "pace": pace(study, at, counts["n_wanted"] - counts["n_submitted"]),
        "n_severe": n_severe,
        "severe": newest,
        "n_flags": study.flags.waiting().count(),
    }
