"""OR-Bench (Cui et al. 2024): prompts that sound harmful and should be answered.

Its toxic part has the same columns and should be refused: say so when it is imported.
The files have no ids: a prompt's id is its place, from 1.
"""

from corpus.formats.shape import Format, PromptRow, single
from corpus.reading import Row, text


def read(row: Row) -> PromptRow:
    return PromptRow(
        number=row.number,
        messages=single(row, "prompt"),
        external_id=str(row.number - 1),
        category=text(row, "category", limit=120),
    )


PROMPTS = Format[PromptRow](
    label="OR-Bench",
    layout="csv",
    read=read,
    required=("prompt", "category"),
    source="OR-Bench",
    licence="CC-BY-4.0",
    url="https://huggingface.co/datasets/bench-llm/or-bench",
    expected_action="answer",
)
