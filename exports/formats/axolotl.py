"""Axolotl: `type: chat_template` for fine-tuning, `chat_template.default` for preferences.

Its chosen and rejected are one turn each, not a list as in TRL.
"""

from exports.formats import deciding
from exports.formats.approved import Approved
from exports.formats.columns import Row, columns
from exports.formats.deciding import Compared, Decided

COLUMNS = columns(messages="messages")
PREFERENCES = columns(messages="messages", chosen="message", rejected="message")


def row(it: Approved) -> Row:
    """The conversation with its response."""
    return ([*it.messages, it.answer],)


def preference(it: Compared, found: Decided) -> Row | str:
    """The conversation, and the turn that is better and worse."""
    if not deciding.is_one_turn(found):
        return deciding.PARTED
    return (it.messages, found.winner.said[0], found.loser.said[0])
