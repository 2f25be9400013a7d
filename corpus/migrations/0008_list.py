"""What the list of pairs walks, and the index of the words that versions say."""

from django.conf import settings
from django.db import migrations, models

from corpus import search


def walked(name, *columns):
    return migrations.AddIndex("version", models.Index(fields=[*columns], name=name))


class Migration(migrations.Migration):

    dependencies = [
        ("corpus", "0007_bulk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("version", "version_newest"),
        walked(
            "version_newest",
            *("-saved_at", "id", "is_latest", "status", "author", "last_editor", "shared_at"),
        ),
        walked("version_by_number", "status", "number"),
        walked("version_by_status", "status", "-saved_at", "id"),
        walked("version_by_domain", "domain", "-saved_at", "id"),
        walked("version_by_strategy", "strategy", "-saved_at", "id"),
        walked("version_by_language", "language", "-saved_at", "id"),
        walked("version_by_country", "country", "-saved_at", "id"),
        walked("version_by_expected", "expected_action", "-saved_at", "id"),
        walked("version_by_writer", "author", "-saved_at", "id"),
        walked("version_by_day", "best_before"),
        search.index(),
    ]
