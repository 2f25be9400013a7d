"""FastChat's model_answer files, as SORRY-Bench and MT-Bench write them.

A question that stands twice was asked again: its last line wins. Several choices are replicates.
Several turns are a conversation that was played: the person's turns are the prompt's.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from corpus.reading import Problems, Row, RowProblem, jsonl_rows, text
from corpus.reading.values import check_names
from generation.imports.found import Found, answer, key, mapping

MAX_TURNS = 20


def read(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    for row in jsonl_rows(file, problems):
        try:
            check_names(row, ("question_id", "choices"), None)
            yield from _choices(row, text(row, "question_id", limit=120).strip())
        except RowProblem as error:
            problems.add(row.number, error.column, str(error))


def _choices(row: Row, question: str) -> list[Found]:
    choices = row.values["choices"]
    if not isinstance(choices, list) or not choices:
        raise RowProblem("choices", _("There must be a list with at least one answer."))
    by = key(row.values.get("model_id"))
    found = []
    for replicate, choice in enumerate(choices, start=1):
        turns = _turns(row.number, choice)
        found.append(
            Found(
                row=row.number,
                keys=(question,),
                text=turns[-1],
                turns=turns,
                replicate=replicate,
                by=(by,) if by else (),
                told=_told(row),
                replaces=True,
            )
        )
    return found


def _turns(number: int, choice: Any) -> tuple[str, ...]:
    turns = mapping(choice).get("turns")
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise RowProblem("choices", _("Each choice needs 'turns', a list of texts."))
    if not 1 <= len(turns) <= MAX_TURNS:
        raise RowProblem(
            "choices",
            _("There are %(n)s turns; 1 to %(most)s are taken.")
            % {"n": len(turns), "most": MAX_TURNS},
        )
    return tuple(answer(Row(number, {"choices": turn}), "choices") for turn in turns)


def _told(row: Row) -> dict[str, str]:
    told = {"answered_at": _moment(row.values.get("tstamp"))}
    told["answer_id"] = key(row.values.get("answer_id"))
    return {name: value for name, value in told.items() if value}


def _moment(stamp: Any) -> str:
    if isinstance(stamp, bool) or not isinstance(stamp, int | float) or not 0 < stamp < 1e11:
        return ""
    return datetime.fromtimestamp(stamp, UTC).isoformat(timespec="seconds")
