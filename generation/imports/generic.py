"""CSV and JSON Lines with the columns below. A prompt is known by its id, or by its words.

JSON Lines may have `messages` in place of `prompt`, and `turns`, a list of texts, in place of
`completion` where a conversation was played turn by turn.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from corpus import conversation
from corpus.conversation import BadConversation, Message
from corpus.reading import Problems, Row, RowProblem, csv_rows, jsonl_rows, text
from corpus.reading.values import check_names
from generation.imports.found import MAX_ANSWER, MAX_REPLICATES, Found, answer, whole_number

OPTIONAL = ("id", "prompt", "replicate", "reasoning", "finish_reason", "model")
IN_JSON = ("completion", "messages", "turns")


def read_csv(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    rows = csv_rows(file, problems, required=("completion",), optional=OPTIONAL)
    return _each(rows, problems)


def read_jsonl(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    return _each(jsonl_rows(file, problems), problems)


def _each(rows: Iterable[Row], problems: Problems) -> Iterator[Found]:
    for row in rows:
        try:
            check_names(row, (), (*OPTIONAL, *IN_JSON))
            yield _found(row)
        except RowProblem as error:
            problems.add(row.number, error.column, str(error))


def _found(row: Row) -> Found:
    turns = _turns(row)
    key = text(row, "id", limit=120, default="").strip()
    asked = _asked(row)
    if not key and not asked:
        raise RowProblem(
            "id", _("Say which prompt it answers: by its id, or by its words (prompt).")
        )
    by = text(row, "model", limit=200, default="").strip()
    return Found(
        row=row.number,
        keys=(key,) if key else (),
        asked=asked,
        text=turns[-1],
        turns=turns if "turns" in row.values else (),
        replicate=whole_number(row, "replicate", default=1, most=MAX_REPLICATES),
        reasoning=text(row, "reasoning", limit=MAX_ANSWER, default=""),
        finish_reason=text(row, "finish_reason", limit=40, default=""),
        by=(by,) if by else (),
    )


def _turns(row: Row) -> tuple[str, ...]:
    said = row.values.get("turns")
    if said is None:
        if "completion" not in row.values:
            raise RowProblem("completion", _("The value is missing. Needed: completion, or turns."))
        if row.values["completion"] is None:
            raise RowProblem("completion", _("There must be text."))
        return (answer(row, "completion"),)
    if not isinstance(said, list) or not said or len(said) > conversation.MAX_TURNS:
        raise RowProblem(
            "turns",
            _("There must be a list of 1 to %(most)s texts.") % {"most": conversation.MAX_TURNS},
        )
    return tuple(answer(Row(row.number, {"turns": each}), "turns") for each in said)


def _asked(row: Row) -> tuple[list[Message], ...]:
    if row.values.get("messages") is not None:
        try:
            return (conversation.whole(row.values["messages"]),)
        except BadConversation as error:
            raise RowProblem("messages", str(error)) from None
    asked = text(row, "prompt", limit=conversation.MAX_TURN, default="")
    return (conversation.single(asked),) if asked else ()
