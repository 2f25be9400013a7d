"""Keeps a rubric as it was once people have rated by it, in the database itself, on both databases.

The triggers look at the ratings. On SQLite a table that others' triggers look at cannot be remade:
a migration that remakes rubric, criterion, rating, promptrating or repeat first takes these steps
back (`reverse_code`) and sets them anew afterwards. Whoever empties the tables of an SQLite begins
with the ratings.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from gate.immutability import Step

MESSAGE = "A rubric that people have rated by is never changed: make a new version."
RATED_BY = ("annotation_rating", "annotation_promptrating", "annotation_repeat")
OF_POINT = "(SELECT rubric_id FROM annotation_criterion WHERE id = {row}.criterion_id)"
# Table, event, which row names the rubric, and how.
RULES = [
    ("annotation_rubric", "UPDATE OF slug, version, title, intro, digest", "OLD", "{row}.id"),
    ("annotation_criterion", "INSERT", "NEW", "{row}.rubric_id"),
    ("annotation_criterion", "UPDATE", "OLD", "{row}.rubric_id"),
    ("annotation_scalepoint", "INSERT", "NEW", OF_POINT),
    ("annotation_scalepoint", "UPDATE", "OLD", OF_POINT),
]
LOSS_RULES = [
    ("annotation_criterion", "DELETE", "OLD", "{row}.rubric_id"),
    ("annotation_scalepoint", "DELETE", "OLD", OF_POINT),
]


def keep_rated() -> list[Step]:
    """Migration steps: what ratings were given by is neither changed nor added to."""
    return [_step(*rule) for rule in RULES]


def keep_whole() -> list[Step]:
    """Migration steps: nothing is taken from what ratings were given by either."""
    return [_step(*rule) for rule in LOSS_RULES]


def _step(table: str, event: str, row: str, rubric: str) -> Step:
    name = f"{table}_rated_{event.split()[0].lower()}"
    is_rated = _is_rated(rubric.format(row=row))

    def install(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {is_rated} THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation';"
                f" END IF; RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$"
            )
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
        else:
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW "
                f"WHEN {is_rated} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )

    def remove(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        is_postgres = editor.connection.vendor == "postgresql"
        editor.execute(f"DROP TRIGGER {name}{f' ON {table}' if is_postgres else ''}")
        if is_postgres:
            editor.execute(f"DROP FUNCTION {name}()")

    return Step(install, remove)


def _is_rated(rubric: str) -> str:
    """SQL: whether any criterion of the rubric has been answered."""
    found = (
        "EXISTS (SELECT 1 FROM annotation_criterion c "  # noqa: S608  # names are written above
        f"JOIN {table} r ON r.criterion_id = c.id WHERE c.rubric_id = {rubric})"
        for table in RATED_BY
    )
    return f"({' OR '.join(found)})"
