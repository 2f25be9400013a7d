"""`match`: two runs side by side before a judge."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from generation.management.names import named
from generation.models import Run
from judging import actions
from judging.matching import shift_on
from judging.matchup_report import findings
from judging.models import Judge, Matchup
from judging.records import matchup_record


class Command(BaseCommand):
    """Parses, starts the matchup and, with --wait, does its work here."""

    help = (
        "Compare the answers of two runs pair by pair, each pair in both orders. "
        "Example: manage.py match --a ID --b ID --judge 'Pair judge' --wait"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--a", required=True, metavar="RUN")
        parser.add_argument("--b", required=True, metavar="RUN")
        parser.add_argument("--judge", required=True, metavar="NAME", help="one that compares")
        parser.add_argument("--wait", action="store_true", help="Do the work here and wait for it.")

    def handle(self, *args: Any, **options: Any) -> None:
        judges = Judge.objects.filter(kind=Judge.Kind.SIDE_BY_SIDE)
        try:
            started = actions.start_matchup(
                by=None,
                judge=named(judges, what="judge that compares", name=options["judge"]),
                run_a=self._run(options["a"]),
                run_b=self._run(options["b"]),
                at=timezone.now(),
                rings=not options["wait"],
            )
        except actions.NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        if not options["wait"]:
            self.stdout.write(f"Matchup {started.pk} waits for a worker.")
            return
        self._wait(Matchup.objects.with_names().get(pk=started.pk))

    def _run(self, pk: str) -> Run:
        run = Run.objects.filter(pk=pk).first()
        if run is None:
            raise CommandError(f"There is no run {pk!r}. See the page Runs for ids.")
        return run

    def _wait(self, matchup: Matchup) -> None:
        while shift_on(matchup).run() in ("pending", "running"):
            pass
        matchup.refresh_from_db()
        self.stdout.write(json.dumps(matchup_record(findings(matchup)), indent=1))
        if matchup.state != "done":
            raise CommandError(matchup.last_error or f"It ended as {matchup.state}.")
