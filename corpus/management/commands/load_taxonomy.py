"""`load_taxonomy`: the risk domains, categories and strategies that come with the Studio."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from corpus.loading import SAMPLE, load_taxonomy
from corpus.models import Domain, Strategy


class Command(BaseCommand):
    """Adds what is missing; what people changed stays as they made it."""

    help = "Load risk domains and strategies. Example: manage.py load_taxonomy"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SAMPLE / "domains.json")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            load_taxonomy(path)
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{path} is not a taxonomy: {error!r}.") from error
        self.stdout.write(
            f"{Domain.objects.count()} domains, {Strategy.objects.count()} strategies."
        )
