"""Moves the quota, and what routing and care go by, to where they are kept now."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def count_taken(apps, _editor):
    """The quota counted places that were left; now it counts those that are taken."""
    Item = apps.get_model("annotation", "Item")
    Study = apps.get_model("annotation", "Study")
    k = Study.objects.filter(pk=OuterRef("study")).values("k")
    Item.objects.update(places=Subquery(k[:1]))
    Item.objects.update(taken=F("places") - F("places_left"))


def copy_routing(apps, _editor):
    """Language, country and domain stood on the prompt alone."""
    Item = apps.get_model("annotation", "Item")
    Prompt = apps.get_model("corpus", "Prompt")
    mine = Prompt.objects.filter(pk=OuterRef("prompt"))
    Item.objects.update(
        language=Subquery(mine.values("language")[:1]),
        country=Subquery(mine.values("country")[:1]),
        domain=Subquery(mine.values("domain")[:1]),
    )


class Migration(migrations.Migration):
    dependencies = [("annotation", "0005_studies_in_full")]

    operations = [
        migrations.RunPython(count_taken, migrations.RunPython.noop),
        migrations.RunPython(copy_routing, migrations.RunPython.noop),
    ]
