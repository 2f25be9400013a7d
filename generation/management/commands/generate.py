"""`generate`: a run, started from the command line."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from generation import actions
from generation.answering import n_answers, wait_for
from generation.management.names import named, prompt_set_named
from generation.models import Condition, LanguageModel, Run


class Command(BaseCommand):
    """Parses and makes one call."""

    help = (
        "Ask a model under a condition for an answer to every prompt of a set. "
        "Example: manage.py generate --set xstest --model tiny --condition informed --wait"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--set", required=True, help="slug or name of the prompt set")
        parser.add_argument("--model", required=True, help="name of a registered model")
        parser.add_argument("--condition", required=True, help="name of a condition")
        parser.add_argument("--replicates", type=int, default=1, help="answers to each prompt")
        parser.add_argument(
            "--play-turns",
            action="store_true",
            help="the model answers each of the person's turns in its own conversation",
        )
        parser.add_argument(
            "--wait", action="store_true", help="work here until it is done; else a worker does"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = actions.start_run(
                by=None,
                prompt_set=prompt_set_named(options["set"]),
                model=named(LanguageModel.objects.all(), what="model", name=options["model"]),
                condition=named(
                    Condition.objects.all(), what="condition", name=options["condition"]
                ),
                replicates=options["replicates"],
                plays_turns=options["play_turns"],
                at=timezone.now(),
                rings=not options["wait"],
            )
        except actions.Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Run {run.pk}: {run}")
        if options["wait"]:
            self._wait(run)

    def _wait(self, run: Run) -> None:
        """The first Ctrl-C stops after the answers in flight; what waits can be resumed."""
        stop = threading.Event()
        previous = signal.signal(signal.SIGINT, lambda *_: stop.set())
        total, done = n_answers(run), 0

        def show() -> None:
            nonlocal done
            done += 1
            if self.stderr.isatty():
                filled = 40 * done // total
                bar = "#" * filled + "." * (40 - filled)
                self.stderr.write(f"\r[{bar}] {done:,} of {total:,}", ending="")

        try:
            state = wait_for(run, should_stop=stop.is_set, on_row=show)
        finally:
            signal.signal(signal.SIGINT, previous)
        if self.stderr.isatty():
            self.stderr.write("")
        self._report(run, state)

    def _report(self, run: Run, state: str) -> None:
        run.refresh_from_db()
        counts = run.completions.progress()
        words = f"{counts['done']:,} answered, {counts['failed']:,} failed"
        if state == "done":
            self.stdout.write(f"Done: {words}.")
            return
        waiting = counts["pending"] + counts["running"]
        reason = run.last_error or "Stopped."
        raise CommandError(f"{reason}\n{words}, {waiting:,} wait: resume the run on its page.")
