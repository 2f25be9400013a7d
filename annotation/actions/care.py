"""Looks after a rater's day: what they hid, what they saw, for how long, and when it is enough.

The ledger is of the rater, over all studies and devices. Nothing here is said to anybody else: no
audit entry, no log line.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, QuerySet, Value

from annotation import care
from annotation.care import Break, Cap, Seen
from annotation.limits import LIMITS, Limits
from annotation.models import (
    Adjudication,
    Assignment,
    CareSetting,
    Exposure,
    OptOut,
    Rater,
    Rest,
)
from annotation.prepared import Blank, Prepared

# More often than this, a draft need not be told to the ledger.
TELLING = timedelta(seconds=5)
ALWAYS_COUNTED = timedelta(minutes=next(x.lowest for x in LIMITS if x.key == "silence_minutes"))
NEVER = Value(None, output_field=DateTimeField())


@dataclass(frozen=True)
class Today:
    """All that care knows of a rater at a moment."""

    rater: Rater
    at: datetime
    limits: Limits
    hidden: frozenset[str]
    domains: frozenset[str]  # that they declared they can judge
    has_settled: bool  # a difference between raters, ever
    exposures: tuple[Seen, ...]
    rests: tuple[datetime, ...]  # when breaks ended
    is_offered: bool  # a break, and the rater has not come back from it yet

    @property
    def _day(self) -> tuple[Collection[Seen], Collection[datetime], datetime, Limits]:
        return self.exposures, self.rests, self.at, self.limits

    @cached_property
    def said(self) -> Break | Cap | None:
        return care.verdict(*self._day)

    @cached_property
    def may_be_severe(self) -> bool:
        return care.may_be_severe(*self._day)

    @property
    def wants_mild(self) -> bool:
        """A milder item where there is one."""
        return not self.may_be_severe or care.had_better_be_mild(*self._day)

    @property
    def in_a_row(self) -> Break:
        return care.in_a_row(self.limits)


def hidden_domains(rater: Rater) -> frozenset[str]:
    """Domains that the rater does not wish to see now, by id. One query."""
    hidden = OptOut.objects.filter(rater=rater).order_by()
    return frozenset(hidden.values_list("domain_id", flat=True))


def known_domains(rater: Rater) -> frozenset[str]:
    """Domains that the rater declared they can judge, by id. One query."""
    return frozenset(rater.domains.order_by().values_list("pk", flat=True))


def verdict(rater: Rater, at: datetime) -> Break | Cap | None:
    """Whether the rater may be given another item at this moment. One query."""
    return today(rater, at).said


def today(rater: Rater, at: datetime) -> Today:
    """Everything at once: one query, and as many rows as the rater saw items in a day."""
    rows: list[list[tuple[Any, ...]]] = [[], [], [], [], [], []]
    for kind, *row in _everything(rater=rater.pk, since=at - care.DAY):
        rows[kind].append(tuple(row))
    return Today(
        rater,
        at,
        limits=_limits([(key, number) for _, _, number, _, key in rows[3]]),
        hidden=frozenset(row[-1] for row in rows[2]),
        domains=frozenset(row[-1] for row in rows[4]),
        has_settled=bool(rows[5]),
        exposures=tuple(Seen(*row[:4]) for row in rows[0]),
        rests=tuple(row[1] for row in rows[1] if row[1] is not None),
        is_offered=any(row[1] is None for row in rows[1]),
    )


@Prepared
def _everything() -> QuerySet[Any, Any]:
    """What is known of a rater, a kind a leg."""
    mine, since = {"rater": Blank("rater")}, Blank("since", DateTimeField())
    text, nothing = Value(""), Value(0)
    seen = _rows(Exposure, 0, **mine, seen_at__gt=since)
    union: QuerySet[Any, Any] = seen.values_list(
        "kind", "began_at", "seen_at", "severity", "seconds", text
    ).union(
        _rows(Rest, 1, **mine, offered_at__gt=since).values_list(
            "kind", "offered_at", "ended_at", nothing, nothing, text
        ),
        _rows(OptOut, 2, **mine).values_list("kind", NEVER, NEVER, nothing, nothing, "domain"),
        _rows(CareSetting, 3).values_list("kind", NEVER, NEVER, "number", nothing, "key"),
        _rows(Rater.domains.through, 4, **mine).values_list(
            "kind", NEVER, NEVER, nothing, nothing, "domain"
        ),
        _rows(Rater, 5, pk=Blank("rater"))
        .filter(Exists(Adjudication.objects.filter(adjudicator=OuterRef("pk"))))
        .values_list("kind", NEVER, NEVER, nothing, nothing, text),
        all=True,
    )
    return union


def _rows(model: Any, kind: int, **only: Any) -> Any:
    return model.objects.filter(**only).order_by().annotate(kind=Value(kind))


def limits() -> Limits:
    """The numbers in force. One query."""
    return _limits(list(CareSetting.objects.order_by().values_list("key", "number")))


def _limits(rows: list[tuple[str, int]]) -> Limits:
    known = {limit.key for limit in LIMITS}
    return replace(Limits(), **{key: number for key, number in rows if key in known})


def show(assignment: Assignment, day: Today) -> None:
    """Enter an item that is now before the rater. One statement; a second one after a break."""
    item = assignment.item
    Exposure(
        rater=day.rater,
        assignment=assignment,
        domain_id=item.domain_id,
        severity=item.severity,
        began_at=day.at,
        seen_at=day.at,
    ).save(force_insert=True)
    if day.is_offered:
        end_rest(rater=day.rater, at=day.at, within=day.limits)


def work(assignment: Assignment, at: datetime, *, is_draft: bool = False) -> None:
    """Count the time since the last sign of life; a silence as long as a break was one.

    At most one statement where the silence was shorter than a minute. Two tabs count a minute once.
    """
    seen: Exposure | None = getattr(assignment, "exposure", None)
    passed = at - seen.seen_at if seen else timedelta(0)
    if seen is None or passed < (TELLING if is_draft else timedelta(seconds=1)):
        return
    now = Limits() if passed <= ALWAYS_COUNTED else limits()
    mine = Exposure.objects.filter(pk=seen.pk, seen_at=seen.seen_at)
    counted = care.worked(seen.seen_at, at, now)
    if mine.update(seen_at=at, seconds=F("seconds") + counted) and passed >= now.rest:
        Rest.objects.create(  # taken before anybody offered it
            rater_id=seen.rater_id, offered_at=at, taken_at=seen.seen_at, ended_at=at
        )
    seen.seen_at = at


def offer_rest(day: Today) -> None:
    """Keep that a break was offered; once, until the rater comes back."""
    if not day.is_offered:
        Rest.objects.create(rater=day.rater, offered_at=day.at)


def end_rest(*, rater: Rater, at: datetime, within: Limits | None = None) -> bool:
    """The rater goes on, after the break or because they wish to; whether one was offered.

    Counting begins anew. Nothing ends a cap.
    """
    length = (within or limits()).rest
    offered = Rest.objects.filter(rater=rater, ended_at=None, offered_at__lte=at)
    taken = offered.filter(offered_at__lte=at - length).update(
        taken_at=F("offered_at"), ended_at=at
    )
    declined = offered.filter(offered_at__gt=at - length).update(ended_at=at)
    return bool(taken or declined)
