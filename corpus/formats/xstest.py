"""XSTest (Röttger et al. 2024): prompts that only sound unsafe, beside contrasts that are.

A safe prompt should be answered, an unsafe one refused; the type is the category. Its earlier file
has no labels, and ids such as "v2-7": there the type alone says which prompts are contrasts.
"""

from corpus.formats.shape import Format, PromptRow, single
from corpus.reading import Row, RowProblem, choice, text

LABELS = {"safe": "answer", "unsafe": "refuse"}
CONTRAST = "contrast_"


def read(row: Row) -> PromptRow:
    kind = text(row, "type", limit=120)
    return PromptRow(
        number=row.number,
        messages=single(row, "prompt"),
        external_id=_id(row),
        category=kind,
        expected_action=_expected(row, kind),
    )


def _id(row: Row) -> str:
    if "id" in row.values or "id_v2" not in row.values:
        return text(row, "id", limit=120)
    return text(row, "id_v2", limit=120).rpartition("-")[2]


def _expected(row: Row, kind: str) -> str:
    by_type = LABELS["unsafe" if kind.startswith(CONTRAST) else "safe"]
    if "label" not in row.values:
        return by_type
    said = choice(row, "label", LABELS)
    if said != by_type:
        raise RowProblem(
            "label", f"It contradicts the type {kind[:60]!r}: only contrasts are unsafe in XSTest."
        )
    return said


PROMPTS = Format[PromptRow](
    label="XSTest",
    layout="csv",
    read=read,
    required=("prompt", "type"),
    optional=("id", "label", "focus", "note", "id_v1", "id_v2"),
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
