"""What a release holds never changes; it can only be withdrawn."""

from django.db import migrations

from gate.immutability import freeze


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_initial")]
    operations = [
        freeze(
            "exports_release",
            columns=["name", "version", "description", "filters", "digest", "is_sample"],
            message="A release is never changed.",
        ),
        freeze("exports_releaseentry", message="A release is never changed."),
    ]
