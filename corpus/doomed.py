"""Which rows hang on others, through every table that refers to them, whatever app it belongs to.

The walk reads the foreign keys of all models, so a table that is added later is found without being
named here. Its finds stand in a temporary table of this connection: each step is one statement,
however many rows there are.
"""

# ruff: noqa: S608  # SQL is made of names of tables and columns, which come from models alone
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection, models
from django.db.models import QuerySet
from django.utils.functional import Promise

TABLE = "doomed_row"
Kind = type[models.Model]


@dataclass(frozen=True)
class Holder:
    """A table whose rows are lists of others: `rows` is the name by which it finds them.

    One that has lost every row goes too, unless it `stays` to say what became of it.
    """

    model: Kind
    rows: str
    related: tuple[str, ...] = ()  # what its name is made of
    stays: bool = False
    fate: str | Promise = ""  # what becomes of one that keeps rows, for people

    @property
    def key(self) -> Any:
        """The rows' foreign key to it."""
        return self.model._meta.get_field(self.rows).remote_field

    @property
    def child(self) -> Kind:
        found: Kind = self.key.model
        return found


@dataclass(frozen=True)
class Loss:
    """A holder that loses rows."""

    pk: Any
    n_lost: int
    n_all: int
    goes: bool


class Doomed:
    """The rows that were found, by table; see `found`."""

    def __init__(self) -> None:
        self.kinds: list[Kind] = []
        self.loose: list[tuple[Any, Kind]] = []  # keys that are emptied, and what they point at

    def counts(self) -> dict[Kind, int]:
        """How many rows of each table. One query."""
        rows = dict(_rows(f"SELECT kind, COUNT(*) FROM {TABLE} GROUP BY kind"))
        return {kind: rows[_name(kind)] for kind in self.kinds}

    def keys(self, kind: Kind) -> list[Any]:
        """Their primary keys. For tables of few rows."""
        return [pk for (pk,) in _rows(_chosen(kind), _name(kind))]

    def losses(self, holder: Holder) -> list[Loss]:
        """The holders that lose rows, or go. Two queries."""
        gone = set(self.keys(holder.model))
        counted = _rows(
            f"SELECT c.{_column(holder.key)}, COUNT(d.pk), COUNT(*) {_beside(holder)}",
            *_beside_names(holder),
        )
        found = {pk: Loss(pk, n_lost, n_all, pk in gone) for pk, n_lost, n_all in counted}
        return [*found.values(), *(Loss(pk, 0, 0, True) for pk in gone if pk not in found)]

    def delete(self) -> None:
        """Take them out. Foreign keys are checked when the transaction ends, so order is free."""
        for key, kind in self.loose:
            table, column = _quoted(key.model), _column(key)
            _do(
                f"UPDATE {table} SET {column} = NULL WHERE {column} IN ({_chosen(kind)})",
                _name(kind),
            )
        for kind in reversed(self.kinds):
            pk = _column(kind._meta.pk)
            _do(f"DELETE FROM {_quoted(kind)} WHERE {pk} IN ({_chosen(kind)})", _name(kind))

    def _walk(self, fresh: set[Kind]) -> None:
        """Follow the keys that point at rows of these tables, until nothing new is found."""
        while fresh:
            reached: set[Kind] = set()
            for kind in sorted(fresh, key=_name):
                for key in keys_to(kind):
                    if is_loose(key):
                        self.loose += [(key, kind)] if (key, kind) not in self.loose else []
                    elif self._follow(key, kind):
                        reached.add(key.model)
            fresh = reached
            if connection.vendor == "postgresql":  # it plans badly for what it has not looked at
                _do(f"ANALYZE {TABLE}")

    def _follow(self, key: Any, kind: Kind) -> int:
        child = key.model
        return self._note(
            child,
            f"SELECT c.{_column(child._meta.pk)} FROM {_quoted(child)} c"
            f" WHERE c.{_column(key)} IN ({_chosen(kind)})",
            _name(kind),
        )

    def _empty(self, holder: Holder) -> int:
        """Holders that keep no row."""
        return self._note(
            holder.model,
            f"SELECT c.{_column(holder.key)} {_beside(holder)} HAVING COUNT(*) = COUNT(d.pk)",
            *_beside_names(holder),
        )

    def _sow(self, seed: QuerySet[Any]) -> int:
        try:
            chosen, params = seed.order_by().values_list("pk").query.sql_with_params()
        except EmptyResultSet:  # known to hold nothing without a look at the database
            return 0
        return self._note(seed.model, chosen, *params)

    def _note(self, kind: Kind, chosen: str, *params: Any) -> int:
        """How many of the chosen keys are new."""
        n = _do(
            f"INSERT INTO {TABLE} (kind, pk) WITH x (pk) AS ({chosen})"
            " SELECT %s, CAST(x.pk AS text) FROM x WHERE 1 = 1 ON CONFLICT DO NOTHING",
            *params,
            _name(kind),
        )
        if n and kind not in self.kinds:
            self.kinds.append(kind)
        return n


@contextmanager
def found(seeds: Iterable[QuerySet[Any]], holders: Iterable[Holder]) -> Iterator[Doomed]:
    """The seeds, everything that hangs on them, and the holders that are emptied by it."""
    holders = list(holders)
    _do(f"CREATE TEMPORARY TABLE {TABLE} (kind text, pk text, PRIMARY KEY (kind, pk))")
    try:
        doomed = Doomed()
        fresh: set[Kind] = {seed.model for seed in seeds if doomed._sow(seed)}
        while fresh:
            doomed._walk(fresh)
            fresh = {each.model for each in holders if not each.stays and doomed._empty(each)}
        yield doomed
    finally:
        # After an error PostgreSQL refuses everything; its rollback takes the table away, too.
        with suppress(DatabaseError):
            _do(f"DROP TABLE {TABLE}")


def keys_to(kind: Kind) -> list[Any]:
    """Every foreign key that points at this table, the hidden ones as well."""
    return [
        relation.field
        for relation in kind._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
    ]


def is_loose(key: Any) -> bool:
    """Whether its row stays when what it points at goes."""
    return key.remote_field.on_delete is models.SET_NULL


# SQL


def _chosen(kind: Kind) -> str:
    """The keys of a table's doomed rows, as that table types them; takes the table's name."""
    number = isinstance(kind._meta.pk, models.AutoField | models.BigAutoField | models.IntegerField)
    pk = "CAST(d.pk AS bigint)" if number else "d.pk"
    return f"SELECT {pk} FROM {TABLE} d WHERE d.kind = %s"


def _beside(holder: Holder) -> str:
    """A holder's rows, each with its doomed self if it has one, by holder; takes two names."""
    table, key, pk = _quoted(holder.child), _column(holder.key), _column(holder.child._meta.pk)
    return (
        f"FROM {table} c LEFT JOIN {TABLE} d ON d.kind = %s AND d.pk = CAST(c.{pk} AS text)"
        f" WHERE c.{key} IN (SELECT h.{key} FROM {table} h"
        f" WHERE h.{pk} IN ({_chosen(holder.child)})) GROUP BY c.{key}"
    )


def _beside_names(holder: Holder) -> tuple[str, str]:
    return _name(holder.child), _name(holder.child)


def _name(kind: Kind) -> str:
    return str(kind._meta.label_lower)


def _quoted(kind: Kind) -> str:
    return connection.ops.quote_name(kind._meta.db_table)


def _column(field: Any) -> str:
    return connection.ops.quote_name(field.column)


def _do(sql: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def _rows(sql: str, *params: Any) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
