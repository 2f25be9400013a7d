"""Fine-tuning on the response alone: TRL's conversational prompt and completion."""

from exports.formats import sft
from exports.formats.approved import Approved
from exports.formats.columns import Row, columns

COLUMNS = columns(prompt="messages", completion="messages", **sft.ORIGIN)


def row(it: Approved) -> Row:
    """The conversation, and the ideal response that it asks for."""
    return (it.messages, [it.answer], *sft.origin(it))
