"""Which answer of an item was better, by item, in the order of the study.

Answers, votes and ratings are read side by side, all by the item's position: a handful of queries,
whatever the size.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from annotation.models import ItemAnswer, Preference, Study
from exports.formats import axolotl, deciding, dpo, kto, llama_factory, openai
from exports.formats.columns import Column, Row
from exports.formats.deciding import Answer, Vote
from exports.formats.deciding import Compared as Item
from exports.sources import rated, splits
from exports.sources.arms import Arm, arms_of
from exports.sources.holding import Holding
from exports.sources.rated import Rated
from exports.sources.scope import Scope
from exports.sources.splits import Stands
from exports.sources.tables import CHUNK, Table
from generation.trajectories import apart, before_last

# Of an answer: where its item stands, the item, its prompt, the answer.
FIELDS = (
    "item__position",
    "item__prompt__messages",
    "item__prompt__digest",
    "item_id",
    "item__prompt_id",
    "item__prompt__domain__slug",
    "item__prompt__expected_action",
    "item__prompt__language",
    "item__prompt__country",
    "item__prompt__source__name",
    "item__prompt__source__licence",
    "item__prompt__source__is_sample",
    "completion_id",
    "completion__text",
    "completion__trajectory",
    "position",
)
N_OF_ITEM = 12


@dataclass(frozen=True)
class Compared:
    """A format with lines for items on which raters were clear: one table, or one for each split.

    `rows` gives an item's lines, or the reasons why it gives none.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Item], Iterator[Row | str]]

    def tables(self, held: Holding) -> list[Table]:
        return [self._table(held, split) for split in held.item_splits]

    def _table(self, held: Holding, split: str) -> Table:
        left_out: Counter[str] = Counter()
        rows = partial(self._read, held, split, left_out)
        return Table(self.name, self.columns, rows, left_out, split)

    def _read(self, held: Holding, split: str, left_out: Counter[str]) -> Iterator[Row]:
        left_out.clear()
        for scope in held.scopes:
            for compared in compared_of(scope, held.stands):
                for found in self.rows(compared) if compared.split == split else ():
                    if isinstance(found, str):
                        left_out[found] += 1
                    else:
                        yield found


def _lines(
    decide: Callable[[Item], Iterator[Any]], row: Callable[[Item, Any], Row | str]
) -> Callable[[Item], Iterator[Row | str]]:
    """What was decided of an item as lines; reasons pass."""

    def rows(it: Item) -> Iterator[Row | str]:
        return (each if isinstance(each, str) else row(it, each) for each in decide(it))

    return rows


FORMS = {
    form.name: form
    for form in (
        Compared("dpo", dpo.COLUMNS, _lines(deciding.pairs, dpo.row)),
        Compared("kto", kto.COLUMNS, _lines(deciding.labels, kto.row)),
        Compared("axolotl_dpo", axolotl.PREFERENCES, _lines(deciding.pairs, axolotl.preference)),
        Compared(
            "llama_factory_dpo",
            llama_factory.PREFERENCES,
            _lines(deciding.pairs, llama_factory.preference),
        ),
        Compared("openai_dpo", openai.PREFERENCES, _lines(deciding.pairs, openai.preference)),
    )
}


def compared_of(scope: Scope, stands: Stands | None) -> Iterator[Item]:
    """The items of the study, each with its answers, their scores and the votes."""
    arms = arms_of(scope.study)
    votes = _aligned((at, list(rows)) for at, rows in groupby(_votes(scope), key=itemgetter(0)))
    scored = _aligned(rated.by_item(scope))
    for position, rows in groupby(_answers(scope.study), key=itemgetter(0)):
        given = [Vote(*vote[1:]) for vote in votes(position) or ()]
        yield _item(scope.study, list(rows), given, scored(position) or {}, arms, stands)


def _aligned(stream: Iterator[tuple[int, Any]]) -> Callable[[int], Any]:
    """What a stream that ascends by position has at one; to be asked for ascending ones."""
    ahead = next(stream, None)

    def at(position: int) -> Any:
        nonlocal ahead
        if ahead is None or ahead[0] != position:
            return None
        found, ahead = ahead[1], next(stream, None)
        return found

    return at


def _votes(scope: Scope) -> Iterator[Any]:
    given = Preference.everything.filter(
        scope.standing(), item__study=scope.study, study=scope.study
    ).exclude(rater__in=scope.gone)
    rows = given.order_by("item__position", "id").values_list(
        "item__position", "choice", "chosen_id"
    )
    return rows.iterator(CHUNK)


def _answers(study: Study) -> Iterator[Any]:
    shown = ItemAnswer.objects.filter(item__study=study).order_by("item__position", "position")
    return shown.values_list(*FIELDS).iterator(CHUNK)


def _item(
    study: Study,
    rows: list[Any],
    votes: list[Vote],
    scored: dict[str, Rated],
    arms: dict[int, Arm],
    stands: Stands | None,
) -> Item:
    _, messages, digest, item, prompt, *labels, source_is_sample = rows[0][:N_OF_ITEM]
    answers, is_sample = [], study.is_sample or bool(source_is_sample)
    shown = [row[N_OF_ITEM:] for row in rows]
    shared, own = apart([before_last(messages, played) for _, _, played, _ in shown])
    for (completion, text, _, position), before in zip(shown, own, strict=True):
        arm = arms[position]
        is_sample = is_sample or arm.is_sample
        scores = scored.get(completion, Rated({}, False))
        answers.append(Answer(completion, text, arm.model, arm.condition, before, *scores))
    split = "" if stands is None else stands.get(digest, splits.UNASSIGNED)
    words = [label or "" for label in labels]
    return Item._make([shared, study.slug, item, prompt, *words, split, is_sample, answers, votes])
