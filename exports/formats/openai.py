"""OpenAI's files for fine-tuning, supervised and by preference. No other column is allowed."""

from exports.formats import deciding
from exports.formats.approved import Approved
from exports.formats.columns import Row, columns
from exports.formats.deciding import Compared, Decided

COLUMNS = columns(messages="messages")
PREFERENCES = columns(input="json", preferred_output="messages", non_preferred_output="messages")


def row(it: Approved) -> Row:
    """The conversation with its response."""
    return ([*it.messages, it.answer],)


def preference(it: Compared, found: Decided) -> Row | str:
    """Each output is one turn of the assistant."""
    if not deciding.is_one_turn(found):
        return deciding.PARTED
    return ({"messages": it.messages}, found.winner.said, found.loser.said)
