"""What a release holds is whole when it is made and never changes; it can only be withdrawn.

Every change but a withdrawal is refused, and every row that is added to a release that was sealed.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from gate.immutability import Step, freeze

MESSAGE = "A release is never changed."
ONCE = ["name", "version", "description", "filters", "digest", "is_sample"]
WHOLE = [*ONCE, "id", "previous_id", "created_at", "created_by_id"]
COUNTED = ["n_ratings", "n_preferences", "n_verdicts"]
STUDY = ["id", "release_id", "slug", "name", "digest", *COUNTED, "frozen_at"]
PARTS = ["exports_releaseentry", "exports_releaseoverride", "exports_releasestudy"]


def seal(table: str) -> Step:
    """Refuse rows that are added to a sealed release."""
    sealed = "SELECT 1 FROM exports_release r WHERE r.id = NEW.release_id AND r.is_sealed"

    def install(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE FUNCTION {table}_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF EXISTS ({sealed}) THEN RAISE EXCEPTION '{MESSAGE}' "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
            )
            editor.execute(
                f"CREATE TRIGGER {table}_sealed BEFORE INSERT ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_sealed()"
            )
        else:
            editor.execute(
                f"CREATE TRIGGER {table}_sealed BEFORE INSERT ON {table} FOR EACH ROW "
                f"WHEN EXISTS ({sealed}) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )

    def remove(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {table}_sealed{on}")
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP FUNCTION {table}_sealed()")

    return Step(install, remove)


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_initial")]
    operations = [
        freeze("exports_release", columns=WHOLE, message=MESSAGE),
        freeze(
            "exports_release",
            columns=["is_sealed"],
            when="OLD.is_sealed",
            message=MESSAGE,
            name="sealed",
        ),
        freeze("exports_releaseentry", message=MESSAGE),
        freeze("exports_releaseoverride", message=MESSAGE),
        # Its study may be purged, and then the release is withdrawn.
        freeze("exports_releasestudy", columns=STUDY, message=MESSAGE),
        *(seal(table) for table in PARTS),
    ]
