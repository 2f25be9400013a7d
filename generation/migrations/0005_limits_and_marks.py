"""How much an endpoint takes at once; marks that are counted by an index.

Remaking a table loses its trigger on SQLite, so it is set anew.
"""

from typing import ClassVar

from django.db import migrations, models

from gate.immutability import freeze

FROZEN = freeze(
    "generation_completion",
    columns=[
        "run_id",
        "prompt_id",
        "replicate",
        "text",
        "reasoning",
        "digest",
        "state",
        "trajectory",
    ],
    when="OLD.state = 'done'",
    message="A finished completion is never changed.",
)
MARK = models.Case(
    models.When(finish_reason="stuck_in_reasoning", then=models.Value("stuck")),
    models.When(finish_reason="length", then=models.Value("cut")),
    models.When(state="done", text="", then=models.Value("empty")),
    default=models.Value(""),
)
IN_RANGE = models.Q(
    ("max_in_flight__isnull", True),
    models.Q(("max_in_flight__gte", 1), ("max_in_flight__lte", 1024)),
    _connector="OR",
)


class Migration(migrations.Migration):
    """`mark` is computed by the database from what is in the row."""

    dependencies: ClassVar = [("generation", "0004_keepers")]
    operations: ClassVar = [
        migrations.RunPython(FROZEN.reverse_code, FROZEN.code),
        migrations.AddField(
            "completion",
            "mark",
            models.GeneratedField(
                db_persist=True, expression=MARK, output_field=models.CharField(max_length=10)
            ),
        ),
        migrations.RunPython(FROZEN.code, FROZEN.reverse_code),
        migrations.AddIndex(
            "completion", models.Index(fields=["run", "mark", "id"], name="completion_marks")
        ),
        migrations.AddIndex(
            "completion",
            models.Index(fields=["run", "completed_at", "id"], name="completion_newest"),
        ),
        migrations.AddField(
            "endpoint", "max_in_flight", models.PositiveSmallIntegerField(null=True)
        ),
        migrations.AddConstraint(
            "endpoint",
            models.CheckConstraint(condition=IN_RANGE, name="endpoint_in_flight_in_range"),
        ),
    ]
