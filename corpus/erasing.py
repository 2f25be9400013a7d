"""Deleted means gone from the file: SQLite leaves deleted text in free pages, index and log.

PostgreSQL overwrites in its own time (VACUUM); nothing here can hurry it inside a transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def thorough() -> Iterator[None]:
    """What is deleted within is overwritten, and the log that still holds it is emptied."""
    if connection.vendor != "sqlite":
        yield
        return
    before = _pragma("secure_delete")
    _pragma("secure_delete = ON")
    try:
        yield
        if not connection.in_atomic_block:
            _pragma("wal_checkpoint(TRUNCATE)")
    finally:
        _pragma(f"secure_delete = {before}")


def merge_search_indexes() -> None:
    """SQLite's full-text indexes keep words of deleted rows until their parts are merged."""
    if connection.vendor != "sqlite":
        return
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND lower(sql) LIKE 'create virtual table%%using fts5%%'"
        )
        for (name,) in cursor.fetchall():
            table = quoted(name)
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608


def _pragma(said: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {said}")
        row = cursor.fetchone()
        return int(row[0]) if row else 0
