"""Answers that are good or bad by themselves: TRL's unpaired preference, `label` true or false.

How a label was decided, see `deciding`.
"""

from exports.formats import dpo
from exports.formats.columns import Row, columns
from exports.formats.deciding import Compared, Labelled

COLUMNS = columns(
    prompt="messages",
    completion="messages",
    label="boolean",
    how="code",
    margin="number",
    threshold="number",
    model="text",
    condition="text",
    **dpo.ORIGIN,
)


def row(it: Compared, found: Labelled) -> Row:
    """The answer as a line."""
    answer, *decided = found
    return (it.messages, answer.said, *decided, answer.model, answer.condition, *dpo.origin(it))
