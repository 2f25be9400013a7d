"""Rows that wait on disk between reading and writing, and the near copies among them.

A small SQLite file of its own: memory stays flat however long the import is, and the site's
database is not held while rows are read and prepared. Whoever opens a spool deletes it.
"""

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Said = dict[str, Any]
BATCH = 500


class Spool:
    """Rows by their place, from 0: what the file said of each, and what was made of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
            "CREATE TABLE rows (place INTEGER PRIMARY KEY, said TEXT NOT NULL, made TEXT);"
            "CREATE TABLE words (digest TEXT PRIMARY KEY, family TEXT, response TEXT);"
            "CREATE TABLE bands (key INTEGER, digest TEXT);"
            "CREATE INDEX band ON bands (key);"
        )
        self.n = 0

    def add(self, rows: Sequence[Said]) -> None:
        """Behind those that are there."""
        self.database.execute("BEGIN")
        self.database.executemany(
            "INSERT INTO rows (place, said) VALUES (?, ?)",
            [(self.n + n, json.dumps(row)) for n, row in enumerate(rows)],
        )
        self.database.execute("COMMIT")
        self.n += len(rows)

    def batches(self, size: int = BATCH) -> Iterator[list[tuple[Said, Any]]]:
        """All rows in order: what was said, and what was made of it if anything was."""
        for start in range(0, self.n, size):
            found = self.database.execute(
                "SELECT said, made FROM rows WHERE place >= ? AND place < ? ORDER BY place",
                (start, start + size),
            )
            yield [(json.loads(said), json.loads(made or "null")) for said, made in found]

    def make(self, start: int, made: Sequence[Any]) -> None:
        """Keep what was made of the rows from `start` on."""
        self.database.execute("BEGIN")
        self.database.executemany(
            "UPDATE rows SET made = ? WHERE place = ?",
            [(json.dumps(each), start + n) for n, each in enumerate(made)],
        )
        self.database.execute("COMMIT")

    def know(self, texts: Iterable[tuple[str, str, str]], bands: Iterable[tuple[int, str]]) -> None:
        """Texts (digest, family, response) with the bands under which they are found."""
        self.database.execute("BEGIN")
        self.database.executemany("INSERT OR IGNORE INTO words VALUES (?, ?, ?)", texts)
        self.database.executemany("INSERT INTO bands VALUES (?, ?)", bands)
        self.database.execute("COMMIT")

    def near(self, digests: Iterable[str], bands: Iterable[int]) -> list[tuple[str, str]]:
        """Family and response of known texts with the same words, or with a band in common."""
        marks = {"digests": json.dumps(list(digests)), "bands": json.dumps(list(bands))}
        found = self.database.execute(
            "SELECT family, response FROM words WHERE digest IN "
            "(SELECT value FROM json_each(:digests) UNION SELECT digest FROM bands "
            "WHERE key IN (SELECT value FROM json_each(:bands))) ORDER BY digest",
            marks,
        )
        return list(found)

    def close(self) -> None:
        self.database.close()
        self.path.unlink(missing_ok=True)


@contextmanager
def opened(folder: Path | None = None) -> Iterator[Spool]:
    """A new spool in this folder, deleted at the end; without a folder, among temporary files."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix="rows-", delete=False) as made:
        path = Path(made.name)
    spool = Spool(path)
    try:
        yield spool
    finally:
        spool.close()
