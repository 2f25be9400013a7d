"""Queries that every next item asks, turned into SQL once.

Django takes longer to put such a query into SQL than a database to answer it. A prepared query is
built with blanks, once for each shape, and what differs is filled in whenever it is asked.
"""

from collections.abc import Callable, Hashable, Sequence
from copy import copy
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import CharField, Expression, Field, QuerySet

MAX_SHAPES = 200  # of one query; they are forgotten together


class Gap(NamedTuple):
    """Where among the parameters of a statement a value is missing."""

    name: str
    place: int | None
    field: "Field[Any, Any]"


class Blank(Expression):
    """A value that is filled in when the query is asked; with `n`, so many values for `__in`."""

    def __init__(
        self, name: str, field: "Field[Any, Any] | None" = None, n: int | None = None
    ) -> None:
        super().__init__(output_field=field or CharField())
        self.name, self.n = name, n

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if self.n is None:
            return "%s", [Gap(self.name, None, self.output_field)]
        gaps = [Gap(self.name, place, self.output_field) for place in range(self.n)]
        return f"({', '.join(['%s'] * self.n)})", gaps


class Ready(NamedTuple):
    """A queryset's way of reading rows, with the statement that it would have been put into."""

    rows: Any
    compiler: Any
    sql: str
    params: Sequence[Any]


class Asked:
    """As much of a queryset as Django's iterators read, with a statement that is filled in."""

    db = DEFAULT_DB_ALIAS
    _fields = None
    _known_related_objects: dict[Any, Any] = {}

    def __init__(self, ready: Ready, params: Sequence[Any]) -> None:
        self.query = self
        self.compiler = copy(ready.compiler)
        self.compiler.connection = connections[self.db]
        self.compiler.as_sql = lambda: (ready.sql, params)

    def get_compiler(self, using: str) -> Any:
        return self.compiler


class Prepared:
    """A query by its shape: `build` gets the shape's parts and returns the query with blanks."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build
        self.__doc__ = build.__doc__
        self.ready: dict[Hashable, Ready] = {}

    def __call__(self, *shape: Hashable, **values: Any) -> list[Any]:
        """The rows. One statement; the values are named as the blanks are."""
        connection = connections[DEFAULT_DB_ALIAS]
        ready = self._ready(connection.vendor, shape)
        params = [_filled(each, values, connection) for each in ready.params]
        return list(ready.rows(Asked(ready, params)))

    def _ready(self, vendor: str, shape: tuple[Hashable, ...]) -> Ready:
        if (vendor, shape) not in self.ready:
            if len(self.ready) >= MAX_SHAPES:
                self.ready = {}
            built: Any = self.build(*shape)
            compiler = built.query.get_compiler(DEFAULT_DB_ALIAS)
            statement = compiler.as_sql()
            self.ready = self.ready | {
                (vendor, shape): Ready(built._iterable_class, compiler, *statement)
            }
        return self.ready[vendor, shape]


def _filled(param: Any, values: dict[str, Any], connection: Any) -> Any:
    if not isinstance(param, Gap):
        return param
    value = values[param.name] if param.place is None else values[param.name][param.place]
    return param.field.get_db_prep_value(value, connection)
