"""Ratings, preferences and adjudications are append-only."""

from django.db import migrations

from gate.immutability import freeze


class Migration(migrations.Migration):
    dependencies = [("annotation", "0001_initial")]
    operations = [
        freeze("annotation_rating", message="A rating is never changed."),
        freeze("annotation_preference", message="A preference is never changed."),
        freeze("annotation_adjudication", message="An adjudication is never changed."),
    ]
