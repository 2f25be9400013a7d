"""Append-only and frozen rows, kept by triggers in the database itself, on SQLite and PostgreSQL.

The application never tries to change such rows; the trigger is for everything else: a shell, an
admin page, a careless migration.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _sqlite(table: str, name: str, columns: Sequence[str], when: str, message: str) -> str:
    of = f"OF {', '.join(columns)}" if columns else ""
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE UPDATE {of} ON {table} "
        f"FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgres(
    table: str, name: str, columns: Sequence[str], when: str, message: str
) -> tuple[str, str]:
    of = f"OF {', '.join(columns)}" if columns else ""
    return (
        f"CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END $$",
        f"CREATE TRIGGER {table}_{name} BEFORE UPDATE {of} ON {table} "
        f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {table}_{name}()",
    )


Change = Callable[[Any, BaseDatabaseSchemaEditor], None]


class Step(migrations.RunPython):
    """SQL of a database's own. It asks for no model, so Django need not make them for it."""

    def __init__(self, install: Change, remove: Change) -> None:
        super().__init__(install, remove)
        self.install, self.remove = install, remove

    def deconstruct(self) -> Any:
        return type(self).__name__, [self.install, self.remove], {}

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_states: Any
    ) -> None:
        self.install(None, schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_states: Any
    ) -> None:
        self.remove(None, schema_editor)


def freeze(
    table: str,
    *,
    columns: Sequence[str] = (),
    when: str = "1 = 1",
    message: str,
    name: str = "frozen",
) -> Step:
    """A migration step that refuses UPDATEs of `columns` (all where empty) of rows matching `when`.

    `when` is SQL over OLD, valid on both databases, e.g. "OLD.status = 'approved'". The second rule
    of a table has a `name` of its own.
    """

    def install(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            for statement in _postgres(table, name, columns, when, message):
                editor.execute(statement)
        else:
            editor.execute(_sqlite(table, name, columns, when, message))

    def remove(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {table}_{name}{on}")
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP FUNCTION {table}_{name}()")

    return Step(install, remove)
