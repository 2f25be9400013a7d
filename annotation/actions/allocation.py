"""Which item a rater sees next: never more than k raters an item, never a false "done".

A place on an item is taken by one conditional update, so any number of raters may ask at once. A
request costs the same with a thousand items as with a hundred thousand: each rater walks the items
round from a place of their own, and a partial index holds only those with a free place.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q

from annotation import blinding, ordering
from annotation.actions import leases, raters
from annotation.models import Assignment, Item, Rater, Seat, Study
from gate.identity import new_id

TRIES = 100


class Reason(StrEnum):
    """Why there is no next item."""

    DONE = "done"
    WAIT = "wait"
    CLOSED = "closed"


@dataclass(frozen=True)
class Nothing:
    """No item, and why."""

    reason: Reason


def next_assignment(
    *, study: Study, rater: Rater, at: datetime, seat: Seat | None = None
) -> Assignment | Nothing:
    """The rater's own lease, renewed; else the next item with a free place, now leased to them.

    `done`: they rated or skipped every item, or all others are full by submitted ratings.
    `wait`: others are working on what is left; it may come back.
    A `seat` that the caller has loaded, with its rater, saves a query.
    """
    if not study.is_open:
        return Nothing(Reason.CLOSED)
    seat = seat or raters.seat(study=study, rater=rater, at=at)
    for _ in range(TRIES):
        if held := _resumed(study, rater, at):
            return held
        item = _candidate(study, seat)
        if item and (claimed := _claimed(study, seat, item, at)):
            return claimed
        if item or leases.sweep(at=at, study=study):
            continue
        if reason := _nothing_left(study, rater):
            return Nothing(reason)
    return Nothing(Reason.WAIT)


def _resumed(study: Study, rater: Rater, at: datetime) -> Assignment | None:
    """What the rater holds, or held until it expired if there is a place again: same item, draft.

    A lease that has not run out keeps its token, so two tabs can both save.
    """
    held = (
        Assignment.objects.filter(study=study, rater=rater)
        .filter(
            Q(state=Assignment.State.LEASED)
            | Q(state=Assignment.State.EXPIRED, item__taken__lt=F("item__places"))
        )
        .order_by("-state", "-started_at")
        .values_list("pk", flat=True)
        .first()
    )
    if held is None:  # nearly always: the row itself is read only where there is one
        return None
    mine = Assignment.objects.select_related("item__prompt").get(pk=held)
    if mine.state in Assignment.FINISHED:
        return None
    mine.study, mine.rater = study, rater
    renew = _renewed if mine.state == Assignment.State.LEASED else _taken_up
    return renew(mine, at)


def _renewed(mine: Assignment, at: datetime) -> Assignment | None:
    """A longer lease. Past its end it still holds its place, but late writes are fenced off."""
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


def _candidate(study: Study, seat: Seat) -> Item | None:
    """The next free item on the rater's way that they have never held; else one behind them."""
    unseen = (
        Item.objects.filter(study=study)
        .free()
        .unseen_by(seat.rater)
        .select_related("prompt")
        .only("position", "prompt__messages", "prompt__language")
        .order_by("position")
    )
    ahead = ordering.stretches(begin=seat.begin, walked=seat.walked, n=study.n_items)
    for low, high in ahead:
        if item := unseen.filter(position__gte=low, position__lt=high).first():
            return item
    return unseen.first()


class Lost(Exception):
    """Somebody else was faster. Never leaves this module."""


def _take_place(item: Item) -> None:
    """The quota: the one statement that lets a rater in."""
    free = Item.objects.filter(pk=item.pk).free()
    if not free.update(taken=F("taken") + 1):
        raise Lost


def _claimed(study: Study, seat: Seat, item: Item, at: datetime) -> Assignment | None:
    """The item, now leased; None: its last place went, or another tab of theirs was faster."""
    order = blinding.shown_order(study.seed, seat.rater_id, item.pk, study.n_arms)
    assignment = Assignment(
        study=study,
        item=item,
        rater=seat.rater,
        lease_expires_at=_end(study, at),
        shown=blinding.stored(order),
        started_at=at,
    )
    walked = ordering.steps(begin=seat.begin, position=item.position, n=study.n_items)
    try:
        with transaction.atomic():
            _take_place(item)
            assignment.save(force_insert=True)
            if walked > seat.walked:
                Seat.objects.filter(pk=seat.pk, walked__lt=walked).update(walked=walked)
    except (Lost, IntegrityError):
        return None
    return assignment


def _end(study: Study, at: datetime) -> datetime:
    return at + timedelta(minutes=study.lease_minutes)


def _nothing_left(study: Study, rater: Rater) -> Reason | None:
    """None: a place came free while we looked. One statement, so both answers are of one moment."""
    unfinished = Item.objects.filter(study=OuterRef("pk")).unfinished_by(rater)
    held = (
        Assignment.objects.filter(study=OuterRef("pk"), state=Assignment.State.LEASED)
        .exclude(rater=rater)
        .filter(
            ~Exists(
                Assignment.objects.filter(
                    item=OuterRef("item"), rater=rater, state__in=Assignment.FINISHED
                )
            )
        )
    )
    found = (
        Study.objects.filter(pk=study.pk)
        .order_by()
        .values_list(Exists(unfinished.free()), Exists(held))
        .first()
    )
    is_free, is_held = found or (False, False)
    if is_free:
        return None
    return Reason.WAIT if is_held else Reason.DONE
