"""An index for the question whether a newer version of a pair was approved."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("corpus", "0010_uploads"),
    ]

    operations = [
        migrations.AddIndex(
            "version", models.Index(fields=["pair", "status", "number"], name="version_by_pair")
        ),
    ]
