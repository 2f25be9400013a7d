"""Verdicts are append-only."""

from django.db import migrations

from gate.immutability import freeze


class Migration(migrations.Migration):
    dependencies = [("judging", "0001_initial")]
    operations = [
        freeze("judging_verdict", message="A verdict is never changed."),
    ]
