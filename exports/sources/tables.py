"""A table to be written: its columns, and rows that are read from the database as they go out."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from exports.formats.columns import Column, Row

# Rows fetched at a time.
CHUNK = 2_000


@dataclass(frozen=True)
class Table:
    """A file's worth of rows. `left_out` counts, by reason, what gave no row in the last pass."""

    name: str
    columns: Sequence[Column]
    rows: Callable[[], Iterator[Row]]
    left_out: Counter[str] = field(default_factory=Counter)
