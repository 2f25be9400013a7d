"""`resume`: ask again for what a run has no answer to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from generation import actions
from generation.models import Run


class Command(BaseCommand):
    """Parses and makes one call."""

    help = (
        "Take up a run that was stopped or failed: rows without an answer are asked again, failed "
        "ones included. A worker does it. Example: manage.py resume RUN_ID"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="id of the run, as its page shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        run = Run.objects.filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no run with the id {options['run']!r}.")
        try:
            n = actions.resume_run(by=None, run=run, at=timezone.now())
        except actions.Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{n:,} rows wait to be asked.")
