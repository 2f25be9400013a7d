"""How raters fare, over groups of five people or more: never one person, never who or how few."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext

from annotation.actions import care
from annotation.grouping import Figure, average, share
from annotation.models import Assignment, CheckIn, Exposure, Rest

DAYS = 28


def of_days(*, until: datetime, days: int = DAYS) -> list[Figure]:
    """The last four weeks: time and severe items a day, caps, breaks, check-ins. Four queries."""
    since = until - timedelta(days=days)
    return [*_exposure(since, until), _breaks(since, until), _strain(since, until)]


def skips(*, until: datetime, days: int = DAYS) -> list[Figure]:
    """How many items of each domain are skipped, where five people or more finished some.

    One query. How many people there were is not told: a person missing in one domain would show.
    """
    since = until - timedelta(days=days)
    finished = Assignment.objects.filter(
        state__in=Assignment.FINISHED, finished_at__gt=since, finished_at__lte=until
    )
    rows = (
        finished.exclude(item__domain=None)
        .order_by()
        .values_list("item__domain__name", "rater")
        .annotate(n=Count("pk"), n_skipped=Count("pk", filter=Q(state="skipped")))
    )
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for domain, rater, n, n_skipped in rows:
        found[domain].append((rater, n, n_skipped))
    return [
        share(domain, people=[r for r, _, _ in of], some=sum(s for *_, s in of), of=_total(of))
        for domain, of in sorted(found.items())
    ]


def _total(rows: Iterable[tuple[str, int, int]]) -> int:
    return sum(n for _, n, _ in rows)


def _exposure(since: datetime, until: datetime) -> list[Figure]:
    limits = care.limits()
    seen = Exposure.objects.filter(seen_at__gt=since, seen_at__lte=until).order_by()
    days = list(
        seen.annotate(day=TruncDate("seen_at"))
        .values_list("rater", "day")
        .annotate(seconds=Sum("seconds"), severe=Count("pk", filter=Q(severity=3)))
    )
    people = [rater for rater, *_ in days]
    hits = sum(
        seconds >= limits.day_minutes * 60 or severe >= limits.day_severe
        for _, _, seconds, severe in days
    )
    minutes = [(rater, seconds / 60) for rater, _, seconds, _ in days]
    hard = [(rater, float(severe)) for rater, _, _, severe in days]
    return [
        average(gettext("Minutes of a rater on a day with rating"), minutes),
        average(gettext("Severe items of a rater on a day with rating"), hard),
        share(gettext("Days on which a cap was reached"), people=people, some=hits, of=len(days)),
    ]


def _breaks(since: datetime, until: datetime) -> Figure:
    ended = Rest.objects.filter(offered_at__gt=since, offered_at__lte=until, ended_at__isnull=False)
    offered = ended.exclude(taken_at__lt=F("offered_at")).order_by()  # that was of one's own accord
    rows = list(offered.values_list("rater", "taken_at"))
    taken = sum(at is not None for _, at in rows)
    label = gettext("Breaks taken of those offered")
    return share(label, people=[rater for rater, _ in rows], some=taken, of=len(rows))


def _strain(since: datetime, until: datetime) -> Figure:
    said = CheckIn.objects.filter(day__gt=since.date(), day__lte=until.date()).order_by()
    rows = [(user, float(strain)) for user, strain in said.values_list("user", "strain")]
    return average(gettext("Check-ins, 1 (not at all strained) to 5 (very much)"), rows)
