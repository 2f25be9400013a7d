"""Verdicts hold several values, or words, as ratings do.

Remaking a table loses its trigger on SQLite, so it is set anew.
"""

from django.db import migrations, models
from django.db.models import Q

from gate.immutability import freeze

FROZEN = freeze("judging_verdict", message="A verdict is never changed.")


class Migration(migrations.Migration):
    dependencies = [("judging", "0005_newest_choices")]
    operations = [
        migrations.RunPython(FROZEN.reverse_code, FROZEN.code),
        migrations.RemoveConstraint("verdict", "verdict_has_value_or_reason"),
        migrations.AddField("verdict", "picked", models.JSONField(null=True)),
        migrations.AddField(
            "verdict", "words", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AddConstraint(
            "verdict",
            models.CheckConstraint(
                condition=(
                    Q(unscored_reason="")
                    & (Q(value__isnull=False) | Q(picked__isnull=False) | ~Q(words=""))
                )
                | (Q(value__isnull=True, picked__isnull=True, words="") & ~Q(unscored_reason="")),
                name="verdict_has_value_or_reason",
            ),
        ),
        FROZEN,
    ]
