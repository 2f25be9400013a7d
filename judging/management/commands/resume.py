"""`resume`: ask again for what a run, judge run or matchup has no answer to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from generation import actions
from generation.models import Run
from generation.queue import Job
from judging.models import JudgeRun, Matchup

KINDS: tuple[type[Job], ...] = (Run, JudgeRun, Matchup)


class Command(BaseCommand):
    """Parses and makes one call."""

    help = (
        "Take up a run, judge run or matchup that was stopped or failed: rows without an answer "
        "are asked again, failed ones included; with --failed these alone. A worker does it. "
        "Example: manage.py resume RUN_ID --failed"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="id of the run or judge run, as its page shows it")
        parser.add_argument("--failed", action="store_true", help="only rows that failed")

    def handle(self, *args: Any, **options: Any) -> None:
        job = _found(options["run"])
        act = actions.retry if options["failed"] else actions.resume
        try:
            n = act(by=None, job=job, at=timezone.now())
        except actions.Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{n:,} rows wait to be asked.")


def _found(pk: str) -> Job:
    for kind in KINDS:
        if job := kind._default_manager.filter(pk=pk).first():
            return job
    raise CommandError(f"There is no run or judge run with the id {pk!r}.")
