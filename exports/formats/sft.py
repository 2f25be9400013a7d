"""Fine-tuning: TRL's conversational language modelling, `messages` ending with the response.

The other columns say where a line comes from; trainers ignore them. `digest` is what the reviewer
signed: the SHA-256 of the version's content.
"""

from exports.formats.approved import Approved
from exports.formats.columns import Row, columns

# Where a line comes from: the same columns in every format that keeps them.
ORIGIN = {
    "id": "code",
    "version": "integer",
    "digest": "code",
    "domain": "text",
    "category": "text",
    "strategy": "text",
    "expected_action": "code",
    "language": "text",
    "country": "text",
    "source": "text",
    "licence": "text",
    "split": "code",
    "is_sample": "boolean",
}
COLUMNS = columns(messages="messages", **ORIGIN)


def row(it: Approved) -> Row:
    """The version as a line; a pair without a source or strategy has empty text there."""
    return ([*it.messages, it.answer], *origin(it))


def origin(it: Approved) -> Row:
    """The columns of ORIGIN."""
    return (
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
        it.split,
        bool(it.source_is_sample or it.author_is_sample),
    )
