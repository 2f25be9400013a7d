"""A table to be written: its columns, and rows that are read from the database as they go out."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exports.formats.columns import Column, Row

# Rows fetched at a time.
CHUNK = 2_000


@dataclass(frozen=True)
class Table:
    """A file's worth of rows. `left_out` counts, by reason, what gave no row in the last pass.

    Files of one `part` belong together; `split` says which of them this is, if any. With a `key`,
    a JSON file is one object: what is in `head`, then the rows under that key.
    """

    part: str
    columns: Sequence[Column]
    rows: Callable[[], Iterator[Row]]
    left_out: Counter[str] = field(default_factory=Counter)
    split: str = ""
    key: str = ""
    head: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the file is called, before its ending."""
        return f"{self.part}-{self.split}" if self.split else self.part
