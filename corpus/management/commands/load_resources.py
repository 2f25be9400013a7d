"""Rows of the directory from a file, or the shipped sample."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from corpus import actions
from crisis import sample, table
from crisis.actions import Loaded, Refused


class Command(BaseCommand):
    """`manage.py load_resources [FILE]`."""

    help = "Load services into the directory, unverified. All of the file, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example:\n  manage.py load_resources services.csv\n"
            f"\nColumns: {', '.join(table.COLUMNS)}.\nNeeded: {', '.join(table.NEEDED)}. "
            "A changed row loses its verification, and every response is read anew.\n"
            "Without FILE the shipped sample is loaded; rows that are there are left alone."
        )
        parser.add_argument("file", type=Path, metavar="FILE", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"] or sample.FILE
        try:
            found = _load(options["file"])
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8 at byte {error.start + 1}.") from error
        except table.BadTable as error:
            raise CommandError(f"{path}: nothing was loaded.\n{error}") from error
        except Refused as error:
            raise CommandError(f"{path}: nothing was loaded. {error}") from error
        self.stdout.write(
            f"{found.n_added:,} added, {found.n_changed:,} changed, {found.n_same:,} left as they "
            "are. What was added or changed is unverified until two people verify it."
        )


def _load(path: Path | None) -> Loaded:
    if path is None:
        return actions.load_sample_directory(at=timezone.now())
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = table.read(file)
    return actions.load_directory(by=None, rows=rows, at=timezone.now())
