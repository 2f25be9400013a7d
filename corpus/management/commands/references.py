"""`references`: which services the responses name, and what each is worth today."""

import json
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from corpus import actions, reach


class Command(BaseCommand):
    """`manage.py references [--rebuild] [--json]`."""

    help = "How often current responses name a service, by what the service is worth today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "Example:\n  manage.py references --rebuild"
        parser.add_argument("--rebuild", action="store_true", help="read every response anew first")
        parser.add_argument("--json", action="store_true", help="the same for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["rebuild"]:
            actions.keep_all(by=None, at=at, said=self._read)
        found = reach.counts(at.date())
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
            return
        for name, n in found.items():
            self.stdout.write(f"{n:>8,} {name.replace('_', ' ')}")

    def _read(self, n: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{n:,} responses read", ending="")
            self.stderr.flush()
