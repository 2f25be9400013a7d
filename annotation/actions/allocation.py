"""Which item a rater sees next: never more than k raters an item, never a false "done".

A place on an item is taken by one conditional update, so any number of raters may ask at once. A
request costs the same with a thousand items as with a hundred thousand: each rater walks the items
round from a place of their own, and a partial index holds only those with a free place.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from annotation import reach as reaching
from annotation.actions import care, leases, offers, practice, raters, routing
from annotation.actions.offers import Desk, Offer
from annotation.care import TOP, Break, Cap
from annotation.models import Assignment, Item, Rater, Seat, Study
from annotation.prepared import Blank, Prepared
from annotation.reach import Shape
from gate.identity import new_id

TRIES = 100


class Reason(StrEnum):
    """Why there is no next item."""

    DONE = "done"
    WAIT = "wait"
    CLOSED = "closed"
    UNDECLARED = "undeclared"
    PRACTICE = "practice"
    BREAK = "break"
    CAP = "cap"


@dataclass(frozen=True)
class Nothing:
    """No item, and why; `said` is what care said of a break or a cap."""

    reason: Reason
    said: Break | Cap | None = None


def next_assignment(
    *, study: Study, rater: Rater, at: datetime, seat: Seat | None = None
) -> Assignment | Nothing:
    """The rater's own lease, renewed; else the next item with a free place, now leased to them.

    `done`: they rated or skipped every item that they may be given, or all others are full.
    `wait`: others are working on what is left, or something will come back to this rater.
    `undeclared`: the study asks for competence of which the rater has declared none.
    `practice`: the practice round comes first.
    `break`, `cap`: care says so. What the rater holds they may finish even then.
    A `seat` that the caller has loaded, with its rater, saves a query.
    """
    if not study.is_open:
        return Nothing(Reason.CLOSED)
    seat = seat or raters.seat(study=study, rater=rater, at=at)
    if practice.is_before(seat):
        return Nothing(Reason.PRACTICE)
    day = care.today(rater, at)
    reach = routing.reach(study, rater, day)
    if reach is None:
        return Nothing(Reason.UNDECLARED)
    desk = Desk(study, seat, at, reach)
    for _ in range(TRIES):
        held = _held(desk)
        if held and held.state == Assignment.State.LEASED:
            if kept := _kept(desk, held):
                return kept
            continue
        if day.said:
            return _enough(day, day.said)
        if held and (mine := _taken_up(held, at)):
            return mine
        offer = offers.best(desk, is_mild_wished=day.wants_mild)
        if offer and offer.item.severity >= TOP and not day.may_be_severe:
            return _enough(day, day.in_a_row)
        if offer and (claimed := _claimed(desk, offer, day)):
            return claimed
        if offer or leases.sweep(at=at, study=study):
            continue
        if reason := _nothing_left(desk):
            return Nothing(reason)
    return Nothing(Reason.WAIT)


def is_through(*, seat: Seat, at: datetime) -> bool:
    """Whether nothing comes to this rater any more, as far as can be known. Leases nothing."""
    study = seat.study
    if not study.is_open:
        return True
    reach = routing.reach(study, seat.rater)
    if reach is None or Assignment.objects.leased().filter(study=study, rater=seat.rater).exists():
        return False
    return _nothing_left(Desk(study, seat, at, reach)) == Reason.DONE


def _held(desk: Desk) -> Assignment | None:
    """What the rater holds, or held until it expired if they may have it back."""
    found = _own(desk.reach.shape, **desk.values)
    if not found:  # nearly always: the row itself is read only where there is one
        return None
    held = found[0]
    row = Assignment.objects.select_related("item__prompt", "item__domain", "exposure").get(pk=held)
    if row.state in Assignment.FINISHED:
        return None
    row.study, row.rater = desk.study, desk.rater
    return row


@Prepared
def _own(shape: Shape) -> QuerySet[Any, Any]:
    """The id of what a rater holds, or could have back."""
    mine = Assignment.objects.filter(study=Blank("study"), rater=Blank("rater"))
    has_place = Q(item__taken__lt=F("item__places")) | Q(occasion=2)
    may_come = offers.reaches(reaching.blank(shape).condition, "item")
    expired = Q(state=Assignment.State.EXPIRED) & has_place & may_come
    held = mine.filter(Q(state=Assignment.State.LEASED) | expired)
    return held.order_by("-state", "-started_at").values_list("pk", flat=True)[:1]


def _kept(desk: Desk, mine: Assignment) -> Assignment | None:
    """The lease, longer; given back where the rater has hidden its domain since."""
    care.work(mine, desk.at)
    if desk.within and not Item.objects.filter(desk.within, pk=mine.item_id).exists():
        leases.release(pk=mine.pk, token=mine.token, to=Assignment.State.EXPIRED)
        return None
    return _renewed(mine, desk.at)


def _renewed(mine: Assignment, at: datetime) -> Assignment | None:
    """A longer lease. Past its end it still holds its place, but late writes are fenced off.

    A lease that has not run out keeps its token, so two tabs can both save.
    """
    is_late = mine.lease_expires_at is None or mine.lease_expires_at <= at
    token = new_id() if is_late else mine.token
    end = _end(mine.study, at)
    moved = (
        Assignment.objects.leased()
        .filter(pk=mine.pk, token=mine.token)
        .update(token=token, lease_expires_at=end)
    )
    mine.token, mine.lease_expires_at = token, end
    return mine if moved else None


def _taken_up(mine: Assignment, at: datetime) -> Assignment | None:
    """An item that had been given back, on the same row and in the same order of answers."""
    token, end = new_id(), _end(mine.study, at)
    try:
        with transaction.atomic():
            if mine.occasion == 1:
                _take_place(mine.item)
            moved = Assignment.objects.filter(pk=mine.pk, state=Assignment.State.EXPIRED).update(
                state=Assignment.State.LEASED, token=token, lease_expires_at=end
            )
            if not moved:
                raise Lost
    except (Lost, IntegrityError):
        return None
    mine.state, mine.token, mine.lease_expires_at = Assignment.State.LEASED, token, end
    return mine


class Lost(Exception):
    """Somebody else was faster. Never leaves this module."""


def _take_place(item: Item) -> None:
    """The quota: the one statement that lets a rater in."""
    free = Item.objects.filter(pk=item.pk).free()
    if not free.update(taken=F("taken") + 1):
        raise Lost


def _enough(day: care.Today, said: Break | Cap) -> Nothing:
    """Nothing for now; that a break was offered is kept."""
    if isinstance(said, Cap):
        return Nothing(Reason.CAP, said)
    care.offer_rest(day)
    return Nothing(Reason.BREAK, said)


def _claimed(desk: Desk, offer: Offer, day: care.Today) -> Assignment | None:
    """The item, now leased; None: its last place went, or another tab of theirs was faster."""
    assignment = Assignment(
        study=desk.study,
        item=offer.item,
        rater=desk.rater,
        occasion=1 if offer.first is None else 2,
        lease_expires_at=_end(desk.study, desk.at),
        shown=offer.shown,
        started_at=desk.at,
    )
    try:
        with transaction.atomic():
            if offer.first is None:
                _take_place(offer.item)
            elif not Assignment.objects.filter(
                pk=offer.first, state=Assignment.State.SUBMITTED, repeat_due_at__isnull=False
            ).update(repeat_due_at=None):
                raise Lost
            assignment.save(force_insert=True)
            offers.walk(desk, offer)
            care.show(assignment, day)
    except (Lost, IntegrityError):
        return None
    return assignment


def _end(study: Study, at: datetime) -> datetime:
    return at + timedelta(minutes=study.lease_minutes)


def _nothing_left(desk: Desk) -> Reason | None:
    """None: a place came free while we looked. One statement, so all answers are of one moment."""
    mine = Item.objects.filter(desk.within, study=OuterRef("pk")).unfinished_by(desk.rater)
    repeats = Assignment.objects.filter(study=OuterRef("pk")).to_repeat(desk.rater)
    found = (
        Study.objects.filter(pk=desk.study.pk)
        .order_by()
        .values_list(
            Exists(mine.free()),
            Exists(repeats.filter(desk.reaches("item"), repeat_due_at__lte=desk.at)),
            Exists(mine.may_come_free()),
            Exists(repeats.filter(desk.reaches("item"))),
        )
        .first()
    )
    is_free, is_due, may_come, is_planned = found or (False, False, False, False)
    if is_free or is_due:
        return None
    return Reason.WAIT if may_come or is_planned else Reason.DONE
