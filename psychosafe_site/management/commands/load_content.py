"""`load_content`: what every installation starts with: taxonomy, rubrics, the two conditions."""

from typing import Any

from django.core.management.base import BaseCommand

from annotation.actions import rubrics
from corpus.loading import load_taxonomy
from generation.actions import install_conditions


class Command(BaseCommand):
    """Adds what is missing; what people changed stays as they made it."""

    help = "Load the shipped taxonomy, rubrics and conditions. Example: manage.py load_content"

    def handle(self, *args: Any, **options: Any) -> None:
        load_taxonomy()
        loaded = rubrics.install_all()
        conditions = install_conditions()
        self.stdout.write(f"{len(loaded)} rubrics, {len(conditions)} conditions, and the taxonomy.")
