"""SORRY-Bench (Xie et al. 2024), as its questions are published: JSON Lines or CSV.

Its licence forbids passing it on: people import their own copy. Category numbers differ between
its versions, so the version belongs into the source's revision.
"""

import ast
from typing import Any

from corpus import conversation
from corpus.conversation import BadConversation
from corpus.formats.shape import Format, PromptRow
from corpus.reading import Row, RowProblem, text


def read(row: Row) -> PromptRow:
    question = text(row, "question_id", limit=60)
    style = text(row, "prompt_style", limit=50, default="base")
    return PromptRow(
        number=row.number,
        messages=_turns(row),
        external_id=question if style == "base" else f"{question}-{style}",
        category=text(row, "category", limit=120),
        expected_action="refuse",
    )


def _turns(row: Row) -> list[conversation.Message]:
    said = row.values["turns"]
    found = _list(said) if isinstance(said, str) else said
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], str):
        raise RowProblem("turns", "There must be a list with one text.")
    try:
        return conversation.whole(conversation.single(found[0]))
    except BadConversation as error:
        raise RowProblem("turns", str(error)) from None


def _list(cell: str) -> Any:
    """In CSV the list is written as Python writes it."""
    try:
        return ast.literal_eval(cell.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


PROMPTS = Format[PromptRow](
    label="SORRY-Bench",
    layout="csv or jsonl",
    read=read,
    required=("question_id", "category", "turns"),
    optional=None,
    source="SORRY-Bench",
    licence="SORRY-Bench licence agreement: do not pass on",
    url="https://huggingface.co/datasets/sorry-bench/sorry-bench-202503",
)
