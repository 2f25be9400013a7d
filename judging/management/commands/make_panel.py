"""`make_panel`: judges heard as one, from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generation.management.names import named
from judging import actions, words
from judging.models import Judge


class Command(BaseCommand):
    """Parses and makes one call."""

    help = (
        "Make a panel: judges of one rubric whose mean is one value. "
        "Example: manage.py make_panel 'Three judges' --judge One --judge Two --judge Three"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--judge", action="append", required=True, metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        judges = Judge.objects.select_related("model", "rubric")
        members = [named(judges, what="judge", name=name) for name in options["judge"]]
        try:
            made = actions.make_panel(
                by=None, name=options["name"], rubric=members[0].rubric, judges=members
            )
        except actions.NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        for warning in words.shared_families(members):
            self.stderr.write(warning)
        self.stdout.write(f"Panel {made.pk}: {made}")
