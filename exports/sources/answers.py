"""Answers with all that was said of them, for formats that hold an answer in one row."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from annotation.models import ItemAnswer
from annotation.sheets import Asked as Question
from exports.formats import argilla, judge_bench, label_studio, soft_labels
from exports.formats.columns import Row
from exports.formats.rated import Criterion, Rated
from exports.sources.holding import Holding
from exports.sources.ratings import by_answer, part_of
from exports.sources.scope import Scope
from exports.sources.tables import CHUNK, Table
from generation.trajectories import before_last

TEXTS = ("completion_id", "item__prompt__messages", "completion__text", "completion__trajectory")


def soft(held: Holding) -> list[Table]:
    def rows(scope: Scope, left_out: Counter[str]) -> Iterator[Row]:
        asked = criteria_of(scope)
        return (row for it in rated(scope, left_out) for row in soft_labels.rows(it, asked))

    return [_table(scope, "soft_labels", soft_labels.COLUMNS, rows) for scope in held.scopes]


def tasks(held: Holding) -> list[Table]:
    """For Label Studio."""

    def rows(scope: Scope, left_out: Counter[str]) -> Iterator[Row]:
        return (label_studio.row(it) for it in rated(scope, left_out) if it.text)

    return [_table(scope, "label_studio", label_studio.COLUMNS, rows) for scope in held.scopes]


def records(held: Holding) -> list[Table]:
    """For Argilla."""

    def rows(scope: Scope, left_out: Counter[str]) -> Iterator[Row]:
        return (argilla.row(it) for it in rated(scope, left_out) if it.text)

    return [_table(scope, "argilla", argilla.COLUMNS, rows) for scope in held.scopes]


def instances(held: Holding) -> list[Table]:
    """For JUDGE-BENCH."""

    def rows(scope: Scope, left_out: Counter[str]) -> Iterator[Row]:
        asked = criteria_of(scope)
        return (judge_bench.row(it, asked) for it in rated(scope, left_out) if it.text)

    return [
        _table(
            scope,
            "judge_bench",
            judge_bench.COLUMNS,
            rows,
            key=judge_bench.KEY,
            head=judge_bench.head(scope.study.name, "", criteria_of(scope)),
        )
        for scope in held.scopes
    ]


MAKERS: dict[str, Callable[[Holding], list[Table]]] = {
    "soft_labels": soft,
    "label_studio": tasks,
    "argilla": records,
    "judge_bench": instances,
}


def _table(
    scope: Scope,
    name: str,
    columns: Any,
    rows: Callable[[Scope, Counter[str]], Iterator[Row]],
    **frame: Any,
) -> Table:
    left_out: Counter[str] = Counter()
    return Table(part_of(scope, name), columns, partial(rows, scope, left_out), left_out, **frame)


def criteria_of(scope: Scope) -> list[Criterion]:
    """In the rubric's order. Free of queries once the rubric was read."""
    return [_criterion(asked) for asked in scope.study.rubric.sheet.criteria]


def _criterion(asked: Question) -> Criterion:
    level = "ordinal" if asked.kind == "scale" else "nominal"
    anchors = tuple((point.value, point.anchor or point.label) for point in asked.points)
    return Criterion(
        asked.key,
        asked.label,
        asked.question,
        asked.kind,
        level,
        asked.about,
        tuple(asked.scale),
        anchors,
    )


def rated(scope: Scope, left_out: Counter[str]) -> Iterator[Rated]:
    """Answers that somebody said something of, and prompts likewise: without a text."""
    texts = _texts(scope)
    for shown, marked, heard in by_answer(scope, left_out):
        messages: list[dict[str, str]] = []
        text = ""
        if shown.completion:
            completion, prompt, text, played = next(texts)
            if completion != shown.completion:
                raise RuntimeError("The answers of the study changed while they were read.")
            messages = before_last(prompt, played)
        if heard:
            is_sample = marked or any(each[2] for each in heard)
            given = [(who, asked, said) for _, who, _, asked, said in heard]
            yield Rated(shown, messages, text, is_sample, given)


def _texts(scope: Scope) -> Iterator[Any]:
    shown = ItemAnswer.objects.filter(item__study=scope.study)
    return iter(shown.order_by("item__position", "position").values_list(*TEXTS).iterator(CHUNK))
