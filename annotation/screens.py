"""What a rater may see of an item: the conversation and the answers under letters, nothing more."""

from dataclasses import dataclass
from typing import Any

from annotation import blinding
from annotation.models import Assignment, ItemAnswer


@dataclass(frozen=True)
class Shown:
    """An answer under its letter."""

    slot: str
    text: str


@dataclass(frozen=True)
class Screen:
    """An item as this rater sees it."""

    messages: list[dict[str, Any]]
    language: str
    answers: tuple[Shown, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        return tuple(answer.slot for answer in self.answers)


def of(assignment: Assignment) -> Screen:
    """The answers in the stored order. One query, plus one unless item and prompt are loaded."""
    rows = ItemAnswer.objects.filter(item_id=assignment.item_id).order_by()
    texts = dict(rows.values_list("position", "completion__text"))
    prompt = assignment.item.prompt
    return Screen(
        messages=prompt.messages,
        language=prompt.language,
        answers=tuple(
            Shown(slot, blinding.readable(texts[arm]))
            for slot, arm in blinding.arms(assignment.shown).items()
        ),
    )
