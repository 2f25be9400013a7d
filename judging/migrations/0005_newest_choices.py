"""The newest choices of a matchup are found by an index; all that makes a choice is frozen."""

from django.db import migrations, models

from gate.immutability import freeze

BEFORE = freeze(
    "judging_duel",
    columns=["matchup_id", "completion_a_id", "completion_b_id", "choice", "state"],
    when="OLD.state = 'done'",
    message="A choice is never changed.",
)
NOW = freeze(
    "judging_duel",
    columns=[
        *["matchup_id", "completion_a_id", "completion_b_id", "is_swapped", "replicate"],
        *["choice", "unscored_reason", "reasoning", "raw", "state"],
    ],
    when="OLD.state = 'done'",
    message="A choice is never changed.",
)


class Migration(migrations.Migration):
    dependencies = [("judging", "0004_sample_anchors")]
    operations = [
        migrations.AddIndex(
            model_name="duel",
            index=models.Index(fields=["matchup", "completed_at", "id"], name="duel_newest"),
        ),
        migrations.RunPython(BEFORE.reverse_code, BEFORE.code),
        NOW,
    ]
