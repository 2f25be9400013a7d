"""Takes out a source whole."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from corpus import actions, purging
from corpus.management.people import find_author
from corpus.models import Source
from gate.text import BadText


class Command(BaseCommand):
    """`manage.py purge_source NAME --reason TEXT`."""

    help = "Delete everything that came from a source, and everything that was made of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            'Example:\n  manage.py purge_source "SORRY-Bench 202503" --dry-run\n'
            '  manage.py purge_source "SORRY-Bench 202503" --reason "Its licence ended." '
            "--author ada@example.org\n"
            "\nThere is no way back. Downloads, models trained on it and backups are not reached."
        )
        parser.add_argument("name", metavar="NAME", help="the source's name, as its page says it")
        parser.add_argument("--reason", default="", help="kept with the source")
        parser.add_argument("--author", metavar="EMAIL", help="who answers for it (first curator)")
        parser.add_argument("--dry-run", action="store_true", help="say what would go")

    def handle(self, *args: Any, **options: Any) -> None:
        source = Source.objects.filter(name=options["name"]).first()
        if source is None:
            known = ", ".join(Source.objects.values_list("name", flat=True)) or "none"
            raise CommandError(f"No source is called {options['name']!r}. There are: {known}.")
        if options["dry_run"]:
            self._tell(purging.report(source))
            self.stdout.write("Nothing was purged.")
            return
        by = find_author(options["author"], "sources.write")
        try:
            done = actions.purge_source(
                by=by, source=source, reason=options["reason"], at=timezone.now()
            )
        except (actions.Refused, BadText) as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(purging.Report(done.purge_counts))
        self.stdout.write(f"{done.name} is purged.")

    def _tell(self, report: purging.Report) -> None:
        for kind, n in report.counts.items():
            self.stdout.write(f"{n:>10,} {kind}")
        for group in report.groups:
            for each in group.named:
                fate = "goes whole" if each.goes else str(group.fate)
                lost = f"{each.n_lost:,} of {each.n_all:,}"
                self.stdout.write(f"{group.title}: {each.name} ({lost}): {fate}")
