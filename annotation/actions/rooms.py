"""Calibration rooms: all vote blind, the votes are shown, all talk, all vote again.

Every move and every vote holds the room's row, so no vote comes in after the votes were shown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from annotation import answers, blinding, calibration
from annotation.models import Criterion, Item, ItemAnswer, Rater, Room, RoomNote, RoomVote, Study
from annotation.sheets import Sheet
from gate.text import BadText, accept

MAX_ITEMS, MAX_RATERS, MAX_WORDS = 30, 50, 5_000
State = Room.State
ROUNDS = {State.VOTING: calibration.FIRST, State.AGAIN: calibration.SECOND}
# What follows once all have voted.
FOLLOWS = {State.VOTING: State.TALKING, State.AGAIN: State.CLOSED}


class Unfit(Exception):
    """The room cannot be made so, or the text cannot be taken."""

    http_status = 422


class NotNow(Exception):
    """The room has moved on; the page shows where it is."""

    http_status = 409


class NotInvited(Exception):
    """Only the people of a room vote and talk in it."""

    http_status = 403


@transaction.atomic
def make(
    *, by: User, study: Study, name: str, items: Sequence[Item], raters: Sequence[Rater]
) -> Room:
    """A room in which these people vote on these items of the study."""
    title = _text(name, _("The name"), 120)
    if not title:
        raise Unfit(_("Give the room a name."))
    if not 1 <= len(items) <= MAX_ITEMS:
        raise Unfit(_("A room has 1 to %s items.") % MAX_ITEMS)
    if not 2 <= len(raters) <= MAX_RATERS or any(rater.user_id is None for rater in raters):
        raise Unfit(_("Choose 2 to %s raters who sign in here.") % MAX_RATERS)
    if any(item.study_id != study.pk for item in items):
        raise Unfit(_("An item is not of this study."))
    if not calibration.voted_on(study.rubric.sheet):
        raise Unfit(_("The rubric asks nothing that can be voted on."))
    room = Room.objects.create(study=study, name=title, created_by=by)
    room.items.set(items)
    room.raters.set(raters)
    record(by=by, verb="room made", target=study.slug, note=title)
    return room


def numbered(study: Study, numbers: Collection[int]) -> list[Item]:
    """Items by their numbers, as people count: from 1. Says which are not there."""
    places = {number - 1 for number in numbers}
    items = list(study.items.filter(position__in=places))
    if len(items) < len(places):
        there = {item.position for item in items}
        gone = ", ".join(str(place + 1) for place in sorted(places - there))
        raise Unfit(_("The study has no item %s.") % gone)
    return items


def sheet_of(study: Study) -> Sheet:
    """What the room votes on, without texts."""
    whole = study.rubric.sheet
    asked = tuple(replace(each, asks_rationale=False) for each in calibration.voted_on(whole))
    return replace(whole, criteria=asked)


def shown_order(room: Room, item: Item, n: int) -> tuple[int, ...]:
    """The same for all in the room, so that they can talk of "answer A"; by chance per item."""
    return blinding.shown_order(room.study.seed, room.pk, item.pk, n)


@transaction.atomic
def vote(*, room: Room, item: Item, rater: Rater, ratings: Any, at: datetime) -> None:
    """This person's votes on the item, blind; sent again, they are replaced. Raises
    `answers.Unfit`. With the last one's last item the votes are shown to all.
    """
    _invited(room, rater)
    now = _held(room)
    if now.state not in ROUNDS:
        raise NotNow(_("The votes are shown already. Talk about them, or wait for the next vote."))
    arms = dict(ItemAnswer.objects.filter(item=item).values_list("position", "completion_id"))
    order = shown_order(room, item, len(arms))
    slots = dict(zip(blinding.slots(len(arms)), (arms[place] for place in order), strict=True))
    sheet = sheet_of(room.study)
    said = answers.check(
        ratings=ratings, preference=None, sheet=sheet, slots=tuple(slots), asks_preference=False
    )
    mine = RoomVote.objects.filter(room=room, rater=rater, round=ROUNDS[State(now.state)])
    mine.filter(completion__in=arms.values()).delete()
    RoomVote.objects.bulk_create(_votes(room, rater, ROUNDS[State(now.state)], slots, said, at))
    if all_have_voted(room, ROUNDS[State(now.state)]):
        _move(now, to=FOLLOWS[State(now.state)])


def _votes(
    room: Room,
    rater: Rater,
    number: int,
    slots: Mapping[str, str],
    said: answers.Answers,
    at: datetime,
) -> Iterable[RoomVote]:
    criteria = dict(Criterion.objects.filter(rubric=room.study.rubric_id).values_list("key", "pk"))
    for each in said.ratings:
        yield RoomVote(
            room=room,
            rater=rater,
            completion_id=slots[each.slot],
            criterion_id=criteria[each.criterion],
            round=number,
            value=each.value,
            created_at=at,
        )


def all_have_voted(room: Room, number: int) -> bool:
    """Everybody on every item. Three queries."""
    wanted = room.raters.count() * room.items.count()
    votes = room.votes.filter(round=number, completion__item_answers__item__rooms=room)
    pairs = votes.order_by().values("rater", "completion__item_answers__item").distinct()
    return wanted == pairs.count()


@transaction.atomic
def reveal(*, by: User, room: Room) -> None:
    """Show the votes although not all are in."""
    now = _held(room)
    if now.state not in FOLLOWS:
        raise NotNow(_("The votes are shown already."))
    _move(now, to=FOLLOWS[State(now.state)])
    record(by=by, verb="votes shown", target=room.pk, note=room.name)


@transaction.atomic
def vote_again(*, by: User, room: Room) -> None:
    """End the talk and begin the second, blind vote."""
    now = _held(room)
    if now.state != State.TALKING:
        raise NotNow(_("All vote again after they have talked, and once."))
    _move(now, to=State.AGAIN)
    record(by=by, verb="second vote begun", target=room.pk, note=room.name)


@transaction.atomic
def close(*, by: User, room: Room) -> None:
    """End the room. What was voted and said can be read."""
    now = _held(room)
    if now.state == State.CLOSED:
        raise NotNow(_("This room is closed already."))
    _move(now, to=State.CLOSED)
    record(by=by, verb="room closed", target=room.pk, note=room.name)


@transaction.atomic
def say(*, by: User, room: Room, item: Item, text: str, at: datetime) -> RoomNote:
    """What somebody says about an item while the room talks."""
    if not (by.can("studies.write") or room.raters.filter(user=by).exists()):
        raise NotInvited(_("Only the people of this room talk in it."))
    if _held(room).state != State.TALKING:
        raise NotNow(_("The room talks after the first vote and before the second."))
    words = _text(text, _("Your text"), MAX_WORDS)
    if not words:
        raise Unfit(_("Write something first."))
    return RoomNote.objects.create(room=room, item=item, author=by, text=words, created_at=at)


def _held(room: Room) -> Room:
    return Room.objects.select_for_update().get(pk=room.pk)


def _move(now: Room, *, to: Room.State) -> None:
    """From the state that was read, or not at all."""
    if not Room.objects.filter(pk=now.pk, state=now.state).update(state=to):
        raise NotNow(_("Somebody was faster. Load the page to go on."))


def _invited(room: Room, rater: Rater) -> None:
    if not room.raters.filter(pk=rater.pk).exists():
        raise NotInvited(_("Only the people of this room vote in it."))


def _text(text: str, where: str, limit: int) -> str:
    try:
        return accept(text.strip(), where=where, limit=limit)
    except BadText as error:
        raise Unfit(str(error)) from error
