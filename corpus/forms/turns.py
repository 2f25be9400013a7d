"""The turns of a posted draft, by buttons alone: one is removed, put back, or the next begun."""

from typing import Any

from django.http import QueryDict

from corpus import conversation
from corpus.conversation import Message

EMPTY_TURN: Message = {"role": conversation.USER, "content": ""}


def posted_turns(posted: QueryDict) -> list[Message]:
    """The turns, without one that was removed, and with one that was put back."""
    turns = _typed(posted)
    removed = removed_turn(posted)
    if removed:
        del turns[removed["place"] - 1]
    place = posted.get("put_back", "")
    if place.isdigit():
        turn = {"role": posted.get("back_role", ""), "content": posted.get("back_content", "")}
        turns.insert(int(place) - 1, turn)
    return turns


def removed_turn(posted: QueryDict) -> dict[str, Any] | None:
    """The turn whose button was pressed, with its place."""
    turns, place = _typed(posted), posted.get("remove_turn", "")
    if not place.isdigit() or not 1 <= int(place) <= len(turns):
        return None
    return {"place": int(place), **turns[int(place) - 1]}


def next_turn(turns: list[Message]) -> Message:
    """An empty one of whoever did not speak last."""
    last = turns[-1]["role"] if turns else conversation.ASSISTANT
    role = conversation.ASSISTANT if last == conversation.USER else conversation.USER
    return {"role": role, "content": ""}


def _typed(posted: QueryDict) -> list[Message]:
    pairs = zip(posted.getlist("turn_role"), posted.getlist("turn_content"), strict=False)
    return [{"role": role, "content": content} for role, content in pairs]
