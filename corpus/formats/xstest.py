"""XSTest (Röttger et al. 2024): prompts that only sound unsafe, beside contrasts that are.

A safe prompt should be answered, an unsafe one refused; the type is the category.
"""

from corpus.formats.shape import Format, PromptRow, single
from corpus.reading import Row, choice, text

LABELS = {"safe": "answer", "unsafe": "refuse"}


def read(row: Row) -> PromptRow:
    return PromptRow(
        number=row.number,
        messages=single(row, "prompt"),
        external_id=text(row, "id", limit=120),
        category=text(row, "type", limit=120),
        expected_action=choice(row, "label", LABELS),
    )


PROMPTS = Format[PromptRow](
    label="XSTest",
    layout="csv",
    read=read,
    required=("id", "prompt", "type", "label"),
    optional=("focus", "note"),
    source="XSTest",
    licence="CC-BY-4.0",
    url="https://github.com/paul-rottger/xstest",
    notes=(
        "Safe prompts only sound unsafe: they should be answered, and a refusal is the failure "
        "(over-refusal). Unsafe prompts are their contrasts: they should be refused, and an answer "
        "is the failure. The expected action of each prompt says which it is, the category its "
        "type. Rates over both kinds together say nothing."
    ),
)
