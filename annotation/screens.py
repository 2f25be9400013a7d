"""What a rater may see of an item: the conversation and the answers under letters, nothing more."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from annotation import blinding
from annotation.models import Assignment, ItemAnswer, Mask, Study
from annotation.prepared import Blank, Prepared
from generation.models import Completion
from generation.trajectories import Turns, apart, before_last

# (turn, start, end) of what is hidden in a completion.
Spans = list[tuple[int, int, int]]


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
    """The answers in the stored order. One query, plus one unless item and prompt are loaded, plus
    one where passages are hidden.
    """
    found = _answers(study=assignment.study_id, item=assignment.item_id)
    spans = hidden(assignment.study_id, [row[1] for row in found if row[4]])
    prompt = assignment.item.prompt
    played = [_readable(row[3], spans.get(row[1], [])) for row in found]
    shared, own = apart([before_last(prompt.messages, turns) for turns in played])
    answers = {
        row[0]: (_text(row[2], spans.get(row[1], [])), before)
        for row, before in zip(found, own, strict=True)
    }
    return Screen(
        messages=shared,
        language=prompt.language,
        answers=tuple(
            Shown(slot, *answers[arm]) for slot, arm in blinding.arms(assignment.shown).items()
        ),
    )


@Prepared
def _answers() -> QuerySet[Any, Any]:
    """The answers of an item by arm, and whether anything of each is hidden."""
    masks = Mask.objects.filter(study=Blank("study"), completion=OuterRef("completion"))
    rows = ItemAnswer.objects.filter(item=Blank("item")).order_by("position")
    return rows.values_list(
        *("position", "completion_id", "completion__text", "completion__trajectory"),
        Exists(masks),
    )


def texts(study: Study, completions: Iterable[Completion]) -> dict[str, str]:
    """Answers as this study's raters read them, by completion. One query."""
    rows = list(completions)
    spans = hidden(study.pk, [row.pk for row in rows])
    return {row.pk: _text(row.text, spans.get(row.pk, [])) for row in rows}


def hidden(study_id: str, completions: list[str]) -> dict[str, Spans]:
    """What is hidden in each of these completions. One query; none where there are none."""
    kept: dict[str, Spans] = {}
    if completions:
        masks = Mask.objects.filter(study=study_id, completion__in=completions).order_by()
        for completion, *span in masks.values_list("completion_id", "turn", "start", "end"):
            kept.setdefault(completion, []).append((span[0], span[1], span[2]))
    return kept


def _text(text: str, spans: Spans, turn: int = 0) -> str:
    """Hidden first: positions are those of the stored text."""
    return blinding.readable(blinding.masked(text, [(s, e) for t, s, e in spans if t == turn]))


def _readable(trajectory: list[dict[str, Any]], spans: Spans) -> list[dict[str, Any]]:
    """What the model said earlier, cleaned as its last answer is."""
    return [
        turn | {"text": _text(turn["text"], spans, number)}
        for number, turn in enumerate(trajectory, start=1)
    ]
