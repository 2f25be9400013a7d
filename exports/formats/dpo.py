"""Preferences: TRL's explicit-prompt form, each part a list of messages.

Where a model answered every turn itself, the prompt ends where the answers part, and chosen and
rejected hold the rest of their conversations. How a line was decided, see `deciding`.
"""

from exports.formats.columns import Row, columns
from exports.formats.deciding import Compared, Decided

# Where an item comes from: the same columns in every format that keeps them.
ORIGIN = {
    "study": "text",
    "item": "code",
    "prompt_id": "code",
    "domain": "text",
    "expected_action": "code",
    "language": "text",
    "country": "text",
    "source": "text",
    "licence": "text",
    "split": "code",
    "is_sample": "boolean",
}
COLUMNS = columns(
    prompt="messages",
    chosen="messages",
    rejected="messages",
    how="code",
    margin="number",
    threshold="number",
    n_votes="integer",
    n_for="integer",
    chosen_model="text",
    chosen_condition="text",
    rejected_model="text",
    rejected_condition="text",
    **ORIGIN,
)


def row(it: Compared, found: Decided) -> Row:
    """The better and the worse answer as a line."""
    winner, loser, *decided = found
    return (
        it.messages,
        winner.said,
        loser.said,
        *decided,
        winner.model,
        winner.condition,
        loser.model,
        loser.condition,
        *origin(it),
    )


def origin(it: Compared) -> Row:
    """The columns of ORIGIN."""
    return it[1:12]
