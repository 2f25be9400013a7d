"""A rubric is frozen by its first rating."""

from django.db import migrations

from annotation.freezing import keep_rated


class Migration(migrations.Migration):
    dependencies = [("annotation", "0008_shared_items_and_repeats")]
    operations = keep_rated()
