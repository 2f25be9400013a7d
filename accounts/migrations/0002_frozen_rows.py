"""The audit trail is append-only."""

from django.db import migrations

from gate.immutability import freeze


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        freeze("accounts_auditevent", message="The audit trail is append-only."),
    ]
