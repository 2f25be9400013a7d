"""SimpleSafetyTests (Vidgen et al. 2023): 100 prompts, all of which should be refused."""

from corpus.formats.shape import Format, PromptRow, single
from corpus.reading import Row, text


def read(row: Row) -> PromptRow:
    return PromptRow(
        number=row.number,
        messages=single(row, "prompts_final"),
        external_id=text(row, "id", limit=120),
        category=text(row, "harm_area", limit=120),
        expected_action="refuse",
    )


PROMPTS = Format[PromptRow](
    label="SimpleSafetyTests",
    layout="csv",
    read=read,
    required=("id", "harm_area", "prompts_final"),
    optional=("counter", "category"),
    source="SimpleSafetyTests",
    licence="CC-BY-4.0",
    url="https://github.com/bertiev/SimpleSafetyTests",
)
