"""A rater's wish to be shown severe items at once, and the words of the support page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation", "0010_masks_of_earlier_turns")]

    operations = [
        migrations.AddField("rater", "shows_at_once", models.BooleanField(default=False)),
        migrations.AddField("caresetting", "words", models.TextField(blank=True)),
        migrations.AlterField("caresetting", "number", models.PositiveIntegerField(default=0)),
    ]
