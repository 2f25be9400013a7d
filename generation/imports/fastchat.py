"""FastChat's model_answer files, as SORRY-Bench and MT-Bench write them.

A question that stands twice was asked again: its last line wins. Several choices are replicates.
"""

from pathlib import Path
from typing import Any

from generation.imports import files
from generation.imports.found import Answers, BadFile, Found


def read(path: Path) -> Answers:
    last: dict[str, list[Found]] = {}
    for where, row in files.json_lines(path, needed=("question_id", "choices")):
        question = str(row["question_id"])
        choices = row["choices"]
        if not isinstance(choices, list) or not choices:
            raise BadFile(f"{where}, field 'choices' is not a list with at least one answer.")
        last[question] = [
            Found(f"{where}, choice {n}", (question,), _only_turn(choice, where), replicate=n)
            for n, choice in enumerate(choices, start=1)
        ]
    for answers in last.values():
        yield from answers


def _only_turn(choice: Any, where: str) -> str:
    turns = choice.get("turns") if isinstance(choice, dict) else None
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise BadFile(f"{where}, field 'choices' has no 'turns' with text.")
    if len(turns) != 1:
        raise BadFile(f"{where} has {len(turns)} turns; only single-turn answers can be imported.")
    return str(turns[0])
