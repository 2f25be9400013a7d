"""What a calibration room looks like in REST. Votes are in it only once all may see them."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from accounts.models import User
from agreement.estimate import Estimate
from annotation import calibrating
from annotation.actions import rooms
from annotation.api.assignments import AnswerOut, PromptOut
from annotation.api.rubrics import CriterionOut
from annotation.calibration import Agreement, Line
from annotation.models import Item, Rater, Room
from annotation.telling import told


class NumberOut(serializers.Serializer[Any]):
    """A statistic with its interval, or the reason why there is none."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class AgreementOut(serializers.Serializer[Any]):
    alpha = NumberOut()
    percent = NumberOut()


class LineOut(serializers.Serializer[Any]):
    """Of a criterion before the talk, and after it once all have voted again."""

    criterion = serializers.CharField()
    before = AgreementOut()
    after = AgreementOut(allow_null=True)


class RoomItemOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    number = serializers.IntegerField()


class PersonOut(serializers.Serializer[Any]):
    """How many items somebody has voted on in this round; raters read of themselves alone."""

    rater = serializers.CharField()
    n_voted = serializers.IntegerField()


class RoomInside(serializers.Serializer[Any]):
    id = serializers.CharField()
    study = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(Room.State.choices)
    created_at = serializers.DateTimeField()
    items = RoomItemOut(many=True)
    criteria = CriterionOut(many=True)
    people = PersonOut(many=True)
    agreement = LineOut(many=True, allow_null=True)


class BarOut(serializers.Serializer[Any]):
    label: Any = serializers.CharField()
    n = serializers.IntegerField()
    is_own = serializers.BooleanField()


class VotesOut(serializers.Serializer[Any]):
    criterion = serializers.CharField()
    slot = serializers.CharField()
    first = BarOut(many=True)
    second = BarOut(many=True, allow_null=True)


class TalkOut(serializers.Serializer[Any]):
    by = serializers.CharField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


class ItemOfRoomOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    prompt = PromptOut()
    answers = AnswerOut(many=True)
    votes = VotesOut(many=True, allow_null=True)
    notes = TalkOut(many=True)


def inside(room: Room, own: User | None) -> dict[str, Any]:
    """`own`: of the people only this one."""
    items = room.items.order_by("position").values_list("pk", "position")
    people = [
        {"rater": place.rater.pk, "n_voted": place.n}
        for place in calibrating.progress(room)
        if own is None or place.rater.user_id == own.pk
    ]
    is_seen = calibrating.seen_round(room) > 0
    return {
        "items": [{"id": pk, "number": position + 1} for pk, position in items],
        "criteria": rooms.sheet_of(room.study).as_json,
        "people": people,
        "agreement": [_line(each) for each in calibrating.lines(room)] if is_seen else None,
    }


def _line(line: Line) -> dict[str, Any]:
    after = None if line.after is None else _agreement(line.after)
    return {"criterion": line.asked.key, "before": _agreement(line.before), "after": after}


def _agreement(found: Agreement) -> dict[str, Any]:
    return {"alpha": _number(found.alpha), "percent": _number(found.percent)}


def _number(found: Estimate) -> dict[str, Any]:
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "reason": told(found.reason or found.interval_reason),
    }


def item_shape(room: Room, item: Item, mine: Rater | None) -> dict[str, Any]:
    """An item as its people see it."""
    screen = calibrating.screen(room, item)
    votes = None
    if calibrating.seen_round(room):
        votes = [
            {"criterion": asked.key, **asdict(shown)}
            for asked, by_slot in calibrating.distributions(room, item, mine)
            for shown in by_slot
        ]
    notes = room.notes.filter(item=item).select_related("author").order_by("created_at", "id")
    return {
        "id": item.pk,
        "prompt": {"messages": screen.messages, "language": screen.language},
        "answers": [asdict(shown) for shown in screen.answers],
        "votes": votes,
        "notes": [
            {"by": str(each.author), "text": each.text, "created_at": each.created_at}
            for each in notes
        ],
    }
