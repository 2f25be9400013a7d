"""Answers of a study that name their model or maker, as a curator reads them: each passage with the
words around it, without its arm. Reads every answer of the study, one after the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotation import selfnaming
from annotation.models import ItemAnswer, Mask, Study
from annotation.selfnaming import Kind, Known, Passage
from generation.models import Run

AROUND = 90  # characters shown on either side
BATCH = 500

# Of an answer: 0, and of what its model said earlier in the conversation: 1, 2, …
Text = tuple[int, str]


@dataclass(frozen=True)
class Finding:
    """A passage in its place; `key` names it in a form."""

    completion: str
    item: int  # its position, from 1
    language: str
    turn: int
    passage: Passage
    before: str
    said: str
    after: str
    is_hidden: bool

    @property
    def key(self) -> str:
        return f"{self.completion}.{self.turn}.{self.passage.start}.{self.passage.end}"

    @property
    def kind(self) -> Kind:
        return self.passage.kind


def found(study: Study) -> list[Finding]:
    """In the order of the items, and within one in an order that says nothing of the arms."""
    hidden, names = _hidden(study), known(study)
    return [
        finding
        for answer in _answers(study)
        for finding in _of(answer, names, hidden.get(answer["completion_id"], []))
    ]


def unmasked(study: Study) -> int:
    """How many passages raters would read."""
    return sum(not finding.is_hidden for finding in found(study))


def known(study: Study) -> Known:
    """Names of the models compared, and their instructions where these differ. One query."""
    runs = Run.objects.filter(arms__study=study).order_by()
    rows = list(runs.values_list("model__name", "model__served_name", "condition__system_prompt"))
    prompts = {prompt or "" for _, _, prompt in rows}
    names = [name for row in rows for name in row[:2] if name]
    return Known(
        names=selfnaming.own_names(names),
        prompts=tuple(sorted(prompts - {""})) if len(prompts) > 1 else (),
    )


def texts(answer: str, trajectory: list[dict[str, Any]]) -> Iterator[Text]:
    """What a rater reads of a completion. The last of the turns played is the answer itself."""
    yield 0, answer
    for number, turn in enumerate(trajectory[:-1], start=1):
        yield number, turn["text"]


def _answers(study: Study) -> Iterable[Mapping[str, Any]]:
    rows = ItemAnswer.objects.filter(item__study=study).order_by("item__position", "completion_id")
    return rows.values(
        "completion_id",
        "completion__text",
        "completion__trajectory",
        "item__position",
        "item__language",
    ).iterator(chunk_size=BATCH)


def _hidden(study: Study) -> dict[str, list[tuple[int, int, int]]]:
    kept: dict[str, list[tuple[int, int, int]]] = {}
    for mask in Mask.objects.filter(study=study):
        kept.setdefault(mask.completion_id, []).append((mask.turn, mask.start, mask.end))
    return kept


def _of(
    answer: Mapping[str, Any], names: Known, hidden: list[tuple[int, int, int]]
) -> Iterator[Finding]:
    for turn, text in texts(answer["completion__text"], answer["completion__trajectory"]):
        for passage in selfnaming.passages(text, names):
            start, end = passage.start, passage.end
            yield Finding(
                completion=answer["completion_id"],
                item=answer["item__position"] + 1,
                language=answer["item__language"],
                turn=turn,
                passage=passage,
                before=text[max(0, start - AROUND) : start],
                said=text[start:end],
                after=text[end : end + AROUND],
                is_hidden=any(t == turn and s <= start and end <= e for t, s, e in hidden),
            )
