"""What the list of pairs walks, and the index of the words that versions say."""

from django.conf import settings
from django.db import migrations, models

from corpus import search


BY = {
    "status": "status",
    "domain": "domain",
    "strategy": "strategy",
    "language": "language",
    "country": "country",
    "expected": "expected_action",
    "writer": "author",
}


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
            *("-saved_at", "id", "is_latest", "pair", "status"),
            *("author", "last_editor", "shared_at"),
        ),
        *(
            walked(f"version_by_{name}", column, "-saved_at", "id", "is_latest", "pair")
            for name, column in BY.items()
        ),
        walked("version_by_day", "best_before"),
        search.index(),
    ]
