"""What people verified and what was changed is never rewritten."""

from django.db import migrations

from gate.immutability import freeze


class Migration(migrations.Migration):
    dependencies = [("crisis", "0001_initial")]
    operations = [
        freeze("crisis_verification", message="A verification is never changed."),
        freeze("crisis_change", message="The record of a change is never changed."),
    ]
