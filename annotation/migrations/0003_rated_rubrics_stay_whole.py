"""Nothing is taken from a rubric that people have rated by."""

from django.db import migrations

from annotation.freezing import keep_whole


class Migration(migrations.Migration):
    dependencies = [("annotation", "0002_frozen_rows")]
    operations = keep_whole()
