"""Fine-tuning: TRL's conversational language modelling, `messages` ending with the response.

The other columns say where a line comes from; trainers ignore them. `digest` is what the reviewer
signed: the SHA-256 of the version's content.
"""

from typing import NamedTuple

from exports.formats.columns import Message, Row, columns

COLUMNS = columns(
    messages="messages",
    id="code",
    version="integer",
    digest="code",
    domain="text",
    category="text",
    strategy="text",
    expected_action="code",
    language="text",
    country="text",
    source="text",
    licence="text",
    is_sample="boolean",
)


class Approved(NamedTuple):
    """An approved version, as it is read."""

    messages: list[Message]
    response: str
    id: str
    version: int
    digest: str
    domain: str | None
    category: str
    strategy: str | None
    expected_action: str
    language: str
    country: str
    source: str | None
    licence: str | None
    source_is_sample: bool | None
    author_is_sample: bool


def row(it: Approved) -> Row:
    """The version as a line; a pair without a source or strategy has empty text there."""
    return (
        [*it.messages, {"role": "assistant", "content": it.response}],
        it.id,
        it.version,
        it.digest,
        it.domain or "",
        it.category,
        it.strategy or "",
        it.expected_action,
        it.language,
        it.country,
        it.source or "",
        it.licence or "",
        bool(it.source_is_sample or it.author_is_sample),
    )
