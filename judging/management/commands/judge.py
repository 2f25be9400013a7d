"""`judge`: a judge over the answers of a run."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from generation.models import Run
from judging import actions
from judging.models import Judge
from judging.shifts import shift_on


class Command(BaseCommand):
    """Parses, starts the judge run and, with --wait, does its work here."""

    help = "Score a run. Example: manage.py judge --run ID --judge 'Panel judge' --wait"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--run", required=True, metavar="ID")
        parser.add_argument("--judge", required=True, metavar="NAME")
        parser.add_argument("--wait", action="store_true", help="Do the work here and wait for it.")

    def handle(self, *args: Any, **options: Any) -> None:
        judge = Judge.objects.select_related("model__endpoint", "rubric").filter(
            name=options["judge"]
        )
        run = Run.objects.filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no run {options['run']!r}. See the page Runs for ids.")
        found = judge.first()
        if found is None:
            known = ", ".join(Judge.objects.values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no judge {options['judge']!r}. Known: {known}.")
        self._start(found, run, waits=bool(options["wait"]))

    def _start(self, judge: Judge, run: Run, *, waits: bool) -> None:
        try:
            judge_run = actions.start_judge_run(
                by=None, judge=judge, run=run, at=timezone.now(), rings=not waits
            )
        except actions.NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        if not waits:
            self.stdout.write(f"Judge run {judge_run.pk} waits for a worker.")
            return
        while shift_on(judge_run).run() in ("pending", "running"):
            pass
        judge_run.refresh_from_db()
        counts = judge_run.judgements.all().progress()
        self.stdout.write(
            f"Judge run {judge_run.pk}: {counts['done']} done, {counts['failed']} failed."
        )
        if judge_run.state != "done":
            raise CommandError(judge_run.last_error or f"It ended as {judge_run.state}.")
