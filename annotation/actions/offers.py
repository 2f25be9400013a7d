"""What a rater could be given next: a new item of their walk, one of the core, or a repeat."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Q, Value, When

from annotation import blinding, ordering, repeats
from annotation.care import TOP
from annotation.models import Assignment, Item, Rater, Seat, Study
from annotation.models.items import ItemQuerySet

# What of an item is read with it.
SHOWN = ("position", "is_core", "severity", "domain", "prompt__messages", "prompt__language")
LOOK_AHEAD = 500


@dataclass(frozen=True)
class Desk:
    """A rater who asks: their seat, the moment, and a condition on the items they may have."""

    study: Study
    seat: Seat
    at: datetime
    within: Q
    is_mild: bool = False  # only what is not severe

    @property
    def rater(self) -> Rater:
        return self.seat.rater

    def reaches(self, name: str) -> Q:
        """The condition for a row that refers to an item by `name`."""
        within = self.within & Q(severity__lt=TOP) if self.is_mild else self.within
        if not within:
            return Q()
        return Q(Exists(Item.objects.filter(within, pk=OuterRef(f"{name}_id"))))


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


def _unseen(desk: Desk) -> ItemQuerySet:
    return (
        Item.objects.filter(desk.within, study=desk.study)
        .free()
        .unseen_by(desk.rater)
        .select_related("prompt")
        .only(*SHOWN)
    )


def _mild(rows: ItemQuerySet) -> ItemQuerySet:
    """What is not severe among the next of `rows`, and no study is searched to its end."""
    ahead = Item.objects.filter(pk__in=rows.values("pk")[:LOOK_AHEAD], severity__lt=TOP)
    return ahead.select_related("prompt").only(*SHOWN).order_by("position")


def _on_the_way(desk: Desk) -> Offer | None:
    """The next free item ahead that they have never held; else one behind them."""
    unseen = _unseen(desk).filter(is_core=False).order_by("position")
    seat = desk.seat
    for low, high in ordering.stretches(begin=seat.begin, walked=seat.walked, n=desk.study.n_items):
        ahead = unseen.filter(position__gte=low, position__lt=high)
        if item := (_mild(ahead) if desk.is_mild else ahead).first():
            return _offered(desk, item)
    behind = (_mild(unseen) if desk.is_mild else unseen).first()
    return _offered(desk, behind, is_behind=True) if behind else None


def _of_the_core(desk: Desk) -> Offer | None:
    """The core from the rater's own beginning on, so that it has no order common to all."""
    is_before = Case(When(position__lt=desk.seat.begin, then=Value(1)), default=Value(0))
    core = _unseen(desk).filter(is_core=True).order_by(is_before, "position")
    item = (core.filter(severity__lt=TOP) if desk.is_mild else core).first()
    return _offered(desk, item) if item else None


def _offered(desk: Desk, item: Item, *, is_behind: bool = False) -> Offer:
    order = blinding.shown_order(desk.study.seed, desk.rater.pk, item.pk, desk.study.n_arms)
    return Offer(item, blinding.stored(order), is_behind=is_behind)


def _repeat(desk: Desk) -> Offer | None:
    """An item that this rater submitted days ago and that is due again."""
    due = (
        Assignment.objects.filter(desk.reaches("item"), study=desk.study)
        .to_repeat(desk.rater)
        .filter(repeat_due_at__lte=desk.at)
        .select_related("item__prompt")
        .order_by("repeat_due_at", "id")
        .first()
    )
    if due is None:
        return None
    shown = repeats.other_order(
        due.shown, seed=desk.study.seed, rater_id=desk.rater.pk, item_id=due.item_id
    )
    return Offer(due.item, shown, first=due.pk)
