"""Columns and rows: what formats are made of and writers write. Pure."""

from dataclasses import dataclass
from typing import Any

# Values in the order of the columns.
Row = tuple[Any, ...]
Message = dict[str, str]


@dataclass(frozen=True)
class Column:
    """A named column.

    Kinds: `text` is anybody's words; `code` is an id, a digest, a day or a word of the program,
    never a person's; `integer` and `number` may be null, `integers` and `numbers` are lists;
    `boolean`; `message` is a turn with role and content, `messages` a list of them, `turns` a list
    of turns with from and value, `turn` one of these; `json` is what its format says.
    """

    name: str
    kind: str = "text"


def columns(**kinds: str) -> tuple[Column, ...]:
    """Columns by name and kind, in this order."""
    return tuple(Column(name, kind) for name, kind in kinds.items())
