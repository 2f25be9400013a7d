"""FastChat's model_answer files, as SORRY-Bench and MT-Bench write them.

A question that stands twice was asked again: its last line wins. Several choices are replicates.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from corpus.reading import Problems, Row, RowProblem, jsonl_rows, text
from corpus.reading.values import check_names
from generation.imports.found import Found, answer


def read(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    last: dict[str, list[Found]] = {}
    for row in jsonl_rows(file, problems):
        try:
            check_names(row, ("question_id", "choices"), None)
            question = text(row, "question_id", limit=120).strip()
            last[question] = list(_choices(row, question))
        except RowProblem as error:
            problems.add(row.number, error.column, str(error))
    for found in last.values():
        yield from found


def _choices(row: Row, question: str) -> Iterator[Found]:
    choices = row.values["choices"]
    if not isinstance(choices, list) or not choices:
        raise RowProblem("choices", "There must be a list with at least one answer.")
    for replicate, choice in enumerate(choices, start=1):
        said = answer(Row(row.number, {"choices": _only_turn(choice)}), "choices")
        yield Found(row.number, (question,), said, replicate)


def _only_turn(choice: Any) -> str:
    turns = choice.get("turns") if isinstance(choice, dict) else None
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise RowProblem("choices", "Each choice needs 'turns', a list of texts.")
    if len(turns) != 1:
        raise RowProblem(
            "choices", f"There are {len(turns)} turns; only single-turn answers can be imported."
        )
    return str(turns[0])
