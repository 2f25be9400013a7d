"""Ratings, preferences and adjudications are append-only; a rubric is fixed by its first rating."""

from django.db import migrations

from annotation.freezing import keep_rated
from gate.immutability import freeze

GIVEN = ["id", "study_id", "rater_id", "assignment_id", "rubric_digest", "created_at"]
SAID = ["criterion_id", "answer", "value", "picked", "words", "rationale"]
CHOSEN = ["id", "study_id", "rater_id", "assignment_id", "created_at"]
CHOICE = ["choice", "chosen_id", "reason"]


def answers(table, columns, what):
    """Everything that was said stays; that something superseded it is said once."""
    return [
        freeze(table, columns=columns, message=f"{what} is never changed."),
        freeze(
            table,
            columns=["superseded_at"],
            when="OLD.superseded_at IS NOT NULL",
            name="superseded",
            message=f"{what} is superseded once.",
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("annotation", "0001_initial")]
    operations = [
        freeze("annotation_adjudication", message="An adjudication is never changed."),
        *answers(
            "annotation_rating", [*GIVEN, *SAID, "completion_id", "completion_digest"], "A rating"
        ),
        *answers("annotation_promptrating", [*GIVEN, *SAID, "item_id"], "A rating"),
        *answers("annotation_repeat", [*GIVEN, *SAID, "completion_id"], "A rating"),
        *answers("annotation_preference", [*CHOSEN, *CHOICE, "item_id"], "A preference"),
        *answers("annotation_repeatpreference", [*CHOSEN, *CHOICE], "A preference"),
        *keep_rated(),
    ]
