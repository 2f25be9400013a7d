"""A calibration room as its pages read it. Votes are read only once they may be seen by all."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from annotation import blinding, calibration, screens
from annotation.actions import rooms
from annotation.calibration import Bar, Line
from annotation.models import Assignment, Item, ItemAnswer, Rater, Room, RoomVote
from annotation.screens import Screen
from annotation.sheets import Asked

VOTING = tuple(rooms.ROUNDS)


@dataclass(frozen=True)
class Shown:
    """What was voted on one answer and criterion: the first time, and the second if there was."""

    slot: str
    first: list[Bar]
    second: list[Bar] | None


@dataclass(frozen=True)
class Place:
    """A person of the room and how many items they have voted on in this round."""

    rater: Rater
    n: int


def waiting_for(user: User) -> list[Room]:
    """Rooms that this person is asked into and that are not closed. One query."""
    mine = Room.objects.filter(raters__user=user).exclude(state=Room.State.CLOSED)
    return list(mine.select_related("study").order_by("-created_at", "id"))


def is_voting(room: Room) -> bool:
    return room.state in VOTING


def seen_round(room: Room) -> int:
    """The last round whose votes may be seen; 0 while the first goes on."""
    return {"voting": 0, "talking": 1, "again": 1, "closed": 2}[room.state]


def screen(room: Room, item: Item) -> Screen:
    """The item as all in the room see it."""
    n = ItemAnswer.objects.filter(item=item).count()
    order = blinding.stored(rooms.shown_order(room, item, n))
    return screens.of(Assignment(study=room.study, item=item, shown=order))


def slots(room: Room, item: Item) -> dict[str, str]:
    """Completion -> its letter in this room."""
    rows = dict(ItemAnswer.objects.filter(item=item).values_list("completion_id", "position"))
    letters = zip(rooms.shown_order(room, item, len(rows)), blinding.slots(len(rows)), strict=True)
    by_arm = dict(letters)
    return {completion: by_arm[arm] for completion, arm in rows.items()}


def progress(room: Room) -> list[Place]:
    """How far each is in the vote that goes on. Two queries."""
    number = rooms.ROUNDS.get(Room.State(room.state), 0)
    votes = room.votes.filter(round=number, completion__item_answers__item__rooms=room).order_by()
    counted = votes.values_list("rater").annotate(
        n=Count("completion__item_answers__item", distinct=True)
    )
    n_voted = dict(counted.values_list("rater", "n"))
    return [Place(each, n_voted.get(each.pk, 0)) for each in room.raters.order_by("label", "id")]


def own_votes(room: Room, item: Item, rater: Rater) -> dict[str, object]:
    """What this person voted in this round, as the form holds it."""
    letters, number = slots(room, item), rooms.ROUNDS.get(Room.State(room.state), 0)
    mine = RoomVote.objects.filter(room=room, rater=rater, round=number, completion__in=letters)
    return {
        "ratings": [
            {
                "slot": letters[completion],
                "criterion": key,
                "value": "cannot_judge" if value is None else value,
            }
            for completion, key, value in mine.values_list(
                "completion_id", "criterion__key", "value"
            )
        ]
    }


def lines(room: Room) -> list[Line]:
    """Agreement before and after, of the rounds that may be seen. One query."""
    seen = room.votes.filter(round__lte=seen_round(room)).order_by()
    rows = seen.values_list("round", "completion_id", "criterion__key", "rater_id", "value")
    return calibration.lines(calibration.voted_on(room.study.rubric.sheet), rows)


def distributions(room: Room, item: Item, rater: Rater | None) -> list[tuple[Asked, list[Shown]]]:
    """What was voted on the item, criterion by criterion. Two queries."""
    letters, last = slots(room, item), seen_round(room)
    votes = room.votes.filter(round__lte=last, completion__in=letters).order_by()
    said: dict[tuple[int, str, str], list[int | None]] = defaultdict(list)
    own: dict[tuple[int, str, str], int | None] = {}
    for who, number, completion, key, value in votes.values_list(
        "rater_id", "round", "completion_id", "criterion__key", "value"
    ):
        place = (number, letters[completion], key)
        said[place].append(value)
        if rater and who == rater.pk:
            own[place] = value

    def bars(asked: Asked, number: int, slot: str) -> list[Bar]:
        place = (number, slot, asked.key)
        return calibration.distribution(asked, said[place], own.get(place, ""))

    has_second = any(number == calibration.SECOND for number, _, _ in said)
    return [
        (
            asked,
            [
                Shown(
                    slot,
                    bars(asked, calibration.FIRST, slot),
                    bars(asked, calibration.SECOND, slot) if has_second else None,
                )
                for slot in sorted(letters.values())
            ],
        )
        for asked in calibration.voted_on(room.study.rubric.sheet)
    ]
