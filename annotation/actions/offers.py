"""What a rater could be given next: a new item of their walk, one of the core, or a repeat."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Case, DateTimeField, Exists, IntegerField, OuterRef, Q, Value, When

from annotation import blinding, ordering, reach, repeats
from annotation.care import TOP
from annotation.models import Assignment, Item, Rater, Seat, Study
from annotation.models.items import AssignmentQuerySet, ItemQuerySet
from annotation.prepared import Blank, Prepared
from annotation.reach import Reach, Shape

# What of an item is read with it.
SHOWN = ("position", "is_core", "severity", "domain__name", "prompt__messages", "prompt__language")
LOOK_AHEAD = 500
# Beyond every position: a study from which a source was purged has fewer items than positions.
BEYOND = 2**31 - 1


@dataclass(frozen=True)
class Desk:
    """A rater who asks: their seat, the moment, and which items they may have."""

    study: Study
    seat: Seat
    at: datetime
    reach: Reach
    is_mild: bool = False  # only what is not severe

    @property
    def rater(self) -> Rater:
        return self.seat.rater

    @property
    def within(self) -> Q:
        """The condition for an item."""
        return self.reach.condition

    def reaches(self, name: str) -> Q:
        """The condition for a row that refers to an item by `name`."""
        return reaches(self.within, name)

    @property
    def shape(self) -> tuple[Shape, bool]:
        """What prepared queries differ by; `values` fills their blanks."""
        return self.reach.shape, self.is_mild

    @cached_property
    def values(self) -> dict[str, Any]:
        return {"study": self.study.pk, "rater": self.rater.pk, **self.reach.values}


def reaches(within: Q, name: str) -> Q:
    """The condition on an item, for a row that refers to it by `name`."""
    return Q(Exists(Item.objects.filter(within, pk=OuterRef(f"{name}_id")))) if within else Q()


@dataclass(frozen=True)
class Offer:
    """An item with the order of its answers; `first` is the earlier assignment of a repeat."""

    item: Item
    shown: str
    first: str | None = None
    is_behind: bool = False
    is_beside: bool = False  # off the way: the walk stays where it is


def best(desk: Desk, *, is_mild_wished: bool = False) -> Offer | None:
    """What comes next, not yet claimed. One query, one more each for core, repeats and laps.

    Where a mild item is wished, it comes from beside the way if there is one; else any.
    """
    if is_mild_wished and (mild := _best(replace(desk, is_mild=True))):
        return replace(mild, is_beside=True)
    return _best(desk)


def _best(desk: Desk) -> Offer | None:
    new = _new(desk)
    if not desk.study.repeat_percent:
        return new
    again = _repeat(desk)
    if again is None or new is None:
        return again or new
    comes_now = repeats.comes_now(
        seed=desk.study.seed, rater_id=desk.rater.pk, again=again.item.pk, new=new.item.pk
    )
    return again if comes_now else new


def walk(desk: Desk, offer: Offer) -> None:
    """The rater's walk has come to this item. A core item or a repeat lies beside the way.

    An item behind them came free late: the walk begins anew there, so that none is looked at twice
    on one lap.
    """
    seat, position = desk.seat, offer.item.position
    if offer.first or offer.is_beside or offer.item.is_core:
        return
    mine = Seat.objects.filter(pk=seat.pk, begin=seat.begin)
    if offer.is_behind:
        mine.filter(walked=seat.walked).update(begin=position, walked=1)
        return
    walked = ordering.steps(begin=seat.begin, position=position, n=desk.study.n_items)
    mine.filter(walked__lt=walked).update(walked=walked)


def _new(desk: Desk) -> Offer | None:
    other = _on_the_way(desk)
    core = _of_the_core(desk) if desk.study.n_core else None
    if core is None or other is None:
        return core or other
    comes_now = repeats.core_comes_now(
        seed=desk.study.seed, rater_id=desk.rater.pk, core=core.item.pk, other=other.item.pk
    )
    return core if comes_now else other


def _on_the_way(desk: Desk) -> Offer | None:
    """The next free item ahead that they have never held; else one behind them."""
    seat, n = desk.seat, desk.study.n_items
    for low, high in ordering.stretches(begin=seat.begin, walked=seat.walked, n=n):
        if ahead := _free(*desk.shape, **desk.values, low=low, high=high):
            return _offered(desk, ahead[0])
    behind = _free(*desk.shape, **desk.values, low=0, high=BEYOND)
    return _offered(desk, behind[0], is_behind=True) if behind else None


def _of_the_core(desk: Desk) -> Offer | None:
    """The core from the rater's own beginning on, so that it has no order common to all."""
    core = _core(*desk.shape, **desk.values, begin=desk.seat.begin)
    return _offered(desk, core[0]) if core else None


@Prepared
def _free(shape: Shape, is_mild: bool) -> ItemQuerySet:
    """The first free item between two positions that the rater never held.

    A mild one is one of the next few, so that no study is searched to its end for it.
    """
    low, high = Blank("low", IntegerField()), Blank("high", IntegerField())
    found = _unseen(shape).filter(is_core=False, position__gte=low, position__lt=high)
    found = found.order_by("position")
    if is_mild:
        ahead = Item.objects.filter(pk__in=found.values("pk")[:LOOK_AHEAD], severity__lt=TOP)
        found = _shown(ahead).order_by("position")
    return found[:1]


@Prepared
def _core(shape: Shape, is_mild: bool) -> ItemQuerySet:
    """The first item of the core from the rater's beginning on."""
    is_ahead = Q(position__gte=Blank("begin", IntegerField()))
    found = _unseen(shape).filter(is_core=True)
    found = found.filter(severity__lt=TOP) if is_mild else found
    return found.order_by(Case(When(is_ahead, then=Value(0)), default=Value(1)), "position")[:1]


def _unseen(shape: Shape) -> ItemQuerySet:
    found = Item.objects.filter(reach.blank(shape).condition, study=Blank("study"))
    return _shown(found.free().unseen_by(Blank("rater")))


def _shown(rows: ItemQuerySet) -> ItemQuerySet:
    return rows.select_related("prompt", "domain").only(*SHOWN)


def _offered(desk: Desk, item: Item, *, is_behind: bool = False) -> Offer:
    order = blinding.shown_order(desk.study.seed, desk.rater.pk, item.pk, desk.study.n_arms)
    return Offer(item, blinding.stored(order), is_behind=is_behind)


def _repeat(desk: Desk) -> Offer | None:
    """An item that this rater submitted days ago and that is due again."""
    found = _due(*desk.shape, **desk.values, at=desk.at)
    if not found:
        return None
    due = found[0]
    shown = repeats.other_order(
        due.shown, seed=desk.study.seed, rater_id=desk.rater.pk, item_id=due.item_id
    )
    return Offer(due.item, shown, first=due.pk)


@Prepared
def _due(shape: Shape, is_mild: bool) -> AssignmentQuerySet:
    """The repeat that this rater has waited for longest."""
    within = reach.blank(shape).condition
    if is_mild:
        within &= Q(severity__lt=TOP)
    due = Assignment.objects.filter(reaches(within, "item"), study=Blank("study"))
    due = due.to_repeat(Blank("rater")).filter(repeat_due_at__lte=Blank("at", DateTimeField()))
    item = ("item__prompt", "item__domain")
    return due.select_related(*item).order_by("repeat_due_at", "id")[:1]
