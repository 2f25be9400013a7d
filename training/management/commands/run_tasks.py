"""`run_tasks`: benchmark tasks put to a model, from the command line."""

import time
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gate.text import BadText
from generation import actions as generation_actions
from generation.management.names import named
from generation.models import Condition, LanguageModel
from training import beside, leashed
from training.actions import tasks as actions
from training.evaluating import Attendance
from training.harness import Mode
from training.models import TaskRun


class Command(BaseCommand):
    """Parses, starts the task run and, with --wait, attends it here."""

    help = "Put tasks of the LM Evaluation Harness to a model at its endpoint."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example:\n  manage.py run_tasks --model tuned --tasks gsm8k,ifeval --mode chat "
            "--limit 100 --wait\n"
            "\nTasks that weigh given answers (mmlu, hellaswag) need --mode completion, a\n"
            "tokenizer, and a server that tells log-probabilities of what it was sent."
        )
        parser.add_argument("--model", required=True, metavar="NAME")
        parser.add_argument("--tasks", required=True, metavar="A,B", help="names, with commas")
        parser.add_argument("--task-folder", type=Path, metavar="DIR", help="tasks of your own")
        parser.add_argument("--mode", choices=list(Mode), default=Mode.COMPLETION.value)
        parser.add_argument("--tokenizer", default="", metavar="NAME", help="a folder or a name")
        parser.add_argument("--condition", metavar="NAME", help="whose system prompt is said")
        parser.add_argument("--limit", type=int, metavar="N", help="documents of each task")
        parser.add_argument("--shots", type=int, metavar="N", help="examples before each document")
        parser.add_argument("--wait", action="store_true", help="attend it here")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["task_folder"]
        try:
            run = actions.start_task_run(
                by=None,
                model=named(LanguageModel.objects.all(), what="model", name=options["model"]),
                tasks=options["tasks"].split(","),
                mode=options["mode"],
                condition=_condition(options["condition"]),
                tokenizer=options["tokenizer"],
                folder=folder.absolute() if folder else "",
                limit=options["limit"],
                n_shots=options["shots"],
                at=timezone.now(),
                rings=not options["wait"],
            )
        except (generation_actions.Refusal, BadText) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Task run {run.pk}: {run}")
        if options["wait"]:
            self._wait(run)

    def _wait(self, run: TaskRun) -> None:
        """Ctrl-C stops the harness too."""
        fresh = TaskRun.objects.with_names().get(pk=run.pk)
        attendance = Attendance(fresh, shift_s=float("inf"), rings=False)
        attendance.pause = self._shown(attendance)
        try:
            state = attendance.work()
            while state == "pending":  # its program was killed: it begins again
                fresh.refresh_from_db()
                state = attendance.work()
        except KeyboardInterrupt:
            actions.cancel_task_run(by=None, run=run, at=timezone.now())
            attendance.program.stop()
            attendance.end_cancelled()
            raise CommandError("Stopped.") from None
        self._report(fresh, state)

    def _shown(self, attendance: Attendance) -> Any:
        def pause(seconds: float) -> None:
            time.sleep(seconds)
            if self.stderr.isatty():
                n = leashed.percent(attendance.program.log_tail()) or 0
                self.stderr.write(f"\r[{'#' * (n * 2 // 5):.<40}] {n} %", ending="")

        return pause

    def _report(self, run: TaskRun, state: str) -> None:
        if state != "done":
            raise CommandError(run.last_error or f"It ended as {state}.")
        self.stdout.write(f"Mode: {run.get_mode_display()}. Harness {run.harness_version}.")
        scores = list(run.scores.all())
        for score in scores:
            found = beside.estimate(score)
            shown = "[no interval]" if found.low is None else f"[{found.low:.4f}, {found.high:.4f}]"
            self.stdout.write(
                f"{score.task}\t{score.metric}\t{score.filter}\t{score.value:.4f}\t{shown}\t"
                f"n={score.n}"
            )
        if tasks := beside.collapsing(run, scores):
            self.stderr.write(
                f"{', '.join(tasks)}: weighed within a chat template, so the figures may fall to "
                "chance for that reason alone. Put them again with --mode completion."
            )


def _condition(name: str | None) -> Condition | None:
    if not name:
        return None
    return named(Condition.objects.order_by("name"), what="condition", name=name)
