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
from exports.formats import dpo
from exports.formats.columns import Column, Row
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
    rows: Callable[[dpo.Compared], Iterator[Row | str]]

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


DPO = Compared("dpo", dpo.COLUMNS, dpo.rows)


def compared_of(scope: Scope, stands: Stands | None) -> Iterator[dpo.Compared]:
    """The items of the study, each with its answers, their scores and the votes."""
    arms = arms_of(scope.study)
    votes = _aligned((at, list(rows)) for at, rows in groupby(_votes(scope), key=itemgetter(0)))
    scored = _aligned(rated.by_item(scope))
    for position, rows in groupby(_answers(scope.study), key=itemgetter(0)):
        given = [dpo.Vote(*vote[1:]) for vote in votes(position) or ()]
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
    )
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
    votes: list[dpo.Vote],
    scored: dict[str, Rated],
    arms: dict[int, Arm],
    stands: Stands | None,
) -> dpo.Compared:
    _, messages, digest, item, prompt, *labels, source_is_sample = rows[0][:N_OF_ITEM]
    answers, is_sample = [], study.is_sample or bool(source_is_sample)
    shown = [row[N_OF_ITEM:] for row in rows]
    shared, own = apart([before_last(messages, played) for _, _, played, _ in shown])
    for (completion, text, _, position), before in zip(shown, own, strict=True):
        arm = arms[position]
        is_sample = is_sample or arm.is_sample
        scores = scored.get(completion, Rated({}, False))
        answers.append(dpo.Answer(completion, text, arm.model, arm.condition, before, *scores))
    split = "" if stands is None else stands.get(digest, splits.UNASSIGNED)
    words = [label or "" for label in labels]
    return dpo.Compared._make(
        [shared, study.slug, item, prompt, *words, split, is_sample, answers, votes]
    )
