"""The preferences of a study by item, in the study's order. Three queries, whatever its size."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from annotation.models import ItemAnswer, Preference, Study
from exports.formats import dpo
from exports.formats.columns import Row
from exports.sources.arms import Arm, arms_of
from exports.sources.tables import CHUNK, Table
from generation.trajectories import apart, before_last

# Of an answer: where its item stands, the item, its prompt, the answer.
FIELDS = (
    "item__position",
    "item__prompt__messages",
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
N_OF_ITEM = 11


def tables(study: Study) -> list[Table]:
    left_out: Counter[str] = Counter()
    return [Table("dpo", dpo.COLUMNS, partial(rows, study, left_out), left_out)]


def rows(study: Study, left_out: Counter[str]) -> Iterator[Row]:
    left_out.clear()
    for compared in _compared(study):
        for found in dpo.rows(compared):
            if isinstance(found, str):
                left_out[found] += 1
            else:
                yield found


def _compared(study: Study) -> Iterator[dpo.Compared]:
    """Items with votes. Votes and answers are read side by side, both by the item's position."""
    arms = arms_of(study)
    shown = groupby(_answers(study), key=itemgetter(0))
    for position, votes in groupby(_votes(study), key=itemgetter(0)):
        answers = next(list(rows) for place, rows in shown if place == position)
        yield _item(study, answers, [dpo.Vote(*vote[1:]) for vote in votes], arms)


def _votes(study: Study) -> Iterator[Any]:
    given = Preference.objects.filter(item__study=study, study=study)
    rows = given.order_by("item__position", "id").values_list(
        "item__position", "choice", "chosen_id"
    )
    return rows.iterator(CHUNK)


def _answers(study: Study) -> Iterator[Any]:
    shown = ItemAnswer.objects.filter(item__study=study).order_by("item__position", "position")
    return shown.values_list(*FIELDS).iterator(CHUNK)


def _item(
    study: Study, rows: list[Any], votes: list[dpo.Vote], arms: dict[int, Arm]
) -> dpo.Compared:
    _, messages, item, prompt, *labels, source_is_sample = rows[0][:N_OF_ITEM]
    answers, is_sample = [], study.is_sample or bool(source_is_sample)
    shown = [row[N_OF_ITEM:] for row in rows]
    shared, own = apart([before_last(messages, played) for _, _, played, _ in shown])
    for (completion, text, _, position), before in zip(shown, own, strict=True):
        arm = arms[position]
        is_sample = is_sample or arm.is_sample
        answers.append(dpo.Answer(completion, text, arm.model, arm.condition, before))
    words = [label or "" for label in labels]
    return dpo.Compared._make([shared, item, prompt, *words, is_sample, answers, votes])
