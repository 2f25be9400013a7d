"""The directory as a file."""

import sys
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from crisis import table
from crisis.models import Resource


class Command(BaseCommand):
    """`manage.py export_resources [FILE]`."""

    help = "Write the directory as CSV, with the status of each row today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "Example:\n  manage.py export_resources services.csv"
        parser.add_argument("file", type=Path, metavar="FILE", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.now().date()
        rows = [
            (row.details(), row.status(today))
            for row in Resource.objects.order_by("countries", "name", "channel", "contact")
        ]
        path: Path | None = options["file"]
        if path is None:
            table.write(rows, sys.stdout)
            return
        try:
            with path.open("w", encoding="utf-8", newline="") as file:
                n = table.write(rows, file)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{n:,} rows were written to {path}.")
