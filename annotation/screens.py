"""What a rater may see of an item: the conversation and the answers under letters, nothing more."""

from dataclasses import dataclass
from typing import Any

from annotation import blinding
from annotation.models import Assignment, ItemAnswer
from generation.trajectories import Turns, apart, before_last


@dataclass(frozen=True)
class Shown:
    """An answer under its letter; `before` are turns that its model had with the person first."""

    slot: str
    text: str
    before: Turns


@dataclass(frozen=True)
class Screen:
    """An item as this rater sees it: what all answers have before them, and the answers."""

    messages: list[dict[str, Any]]
    language: str
    answers: tuple[Shown, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        return tuple(answer.slot for answer in self.answers)


def of(assignment: Assignment) -> Screen:
    """The answers in the stored order. One query, plus one unless item and prompt are loaded."""
    rows = ItemAnswer.objects.filter(item_id=assignment.item_id).order_by("position")
    found = list(rows.values_list("position", "completion__text", "completion__trajectory"))
    prompt = assignment.item.prompt
    shared, own = apart([before_last(prompt.messages, _readable(played)) for _, _, played in found])
    answers = {
        arm: (blinding.readable(text), before)
        for (arm, text, _), before in zip(found, own, strict=True)
    }
    return Screen(
        messages=shared,
        language=prompt.language,
        answers=tuple(
            Shown(slot, *answers[arm]) for slot, arm in blinding.arms(assignment.shown).items()
        ),
    )


def _readable(trajectory: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the model said earlier, cleaned as its last answer is."""
    return [turn | {"text": blinding.readable(turn["text"])} for turn in trajectory]
