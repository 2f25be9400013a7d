"""`withdraw_ratings`: a rater's rows are kept out of every release from now on."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from annotation.actions import withdrawals
from annotation.models import Rater, Study

EXAMPLE = """example:
  manage.py withdraw_ratings --rater rater@example.org --study spring"""


class Command(BaseCommand):
    """Parses and makes one call."""

    help = "Keep what a rater said out of every release that is made from now on."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=EXAMPLE, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rater", required=True, metavar="EMAIL", help="or a rater's id")
        parser.add_argument("--study", metavar="SLUG", help="default: every study")

    def handle(self, *args: Any, **options: Any) -> None:
        rater, study = _rater(options["rater"]), _study(options["study"])
        try:
            withdrawals.withdraw(by=None, rater=rater, study=study, at=timezone.now())
        except withdrawals.AlreadyWithdrawn as refusal:
            raise CommandError(str(refusal)) from refusal
        of = f"study {study.slug}" if study else "every study"
        self.stdout.write(f"No release from now on holds what this rater said in {of}.")


def _rater(named: str) -> Rater:
    found = (
        Rater.objects.filter(pk=named).first()
        or Rater.objects.filter(user__email__iexact=named).first()
    )
    if found is None:
        raise CommandError(f"Nobody who rated has the address or id '{named}'.")
    return found


def _study(slug: str | None) -> Study | None:
    if slug is None:
        return None
    found = Study.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Study.objects.values_list("slug", flat=True)[:20])
        raise CommandError(f"There is no study '{slug}'. Known: {known or 'none yet'}.")
    return found
