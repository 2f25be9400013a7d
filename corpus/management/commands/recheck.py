"""`recheck`: what lists and splits are read from, made anew."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from corpus import actions


class Command(BaseCommand):
    """`manage.py recheck [--checks] [--splits]`; both without an option."""

    help = "Store the results of the checks, the services named and the splits of pairs anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "Example, after an upgrade that brought new checks:\n  manage.py recheck"
        parser.add_argument("--checks", action="store_true", help="only the checks' results")
        parser.add_argument("--splits", action="store_true", help="only the splits")

    def handle(self, *args: Any, **options: Any) -> None:
        both = options["checks"] == options["splits"]
        if both or options["checks"]:
            n = actions.keep_all(by=None, at=timezone.now(), said=self._checked)
            self.stdout.write(f"{n:,} versions checked")
        if both or options["splits"]:
            n = actions.resplit()
            self.stdout.write(f"{n:,} pairs changed their split")

    def _checked(self, n: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{n:,} versions checked", ending="")
            self.stderr.flush()
