"""Anchors that were made for the sample say so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("judging", "0003_judges_of_many_kinds")]
    operations = [
        migrations.AddField("anchor", "is_sample", models.BooleanField(default=False)),
    ]
