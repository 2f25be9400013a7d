"""Verdicts, choices, anchors and trials are append-only."""

from django.db import migrations

from gate.immutability import freeze


class Migration(migrations.Migration):
    dependencies = [("judging", "0001_initial")]
    operations = [
        freeze("judging_verdict", message="A verdict is never changed."),
        freeze(
            "judging_anchor",
            columns=["rubric_id", "name", "messages", "text", "digest", "settled"],
            message="An anchor is never changed; retire it and add another.",
        ),
        freeze(
            "judging_duel",
            columns=[
                *("matchup_id", "completion_a_id", "completion_b_id", "is_swapped", "replicate"),
                *("choice", "unscored_reason", "reasoning", "raw", "state"),
            ],
            when="OLD.state = 'done'",
            message="A choice is never changed.",
        ),
        freeze("judging_trial", message="A trial is never changed."),
    ]
