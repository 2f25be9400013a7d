"""`export_inspect`: a prompt set and a judge as a task of Inspect."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generation.management.names import named, prompt_set_named
from generation.models import Condition
from judging.models import Judge
from training import inspect_export


class Command(BaseCommand):
    """Parses and makes one call."""

    help = "Write a prompt set, and a judge, as a task that Inspect runs without the Studio."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example:\n  manage.py export_inspect --set validation --judge Panel --out task\n"
            "  inspect eval task/task.py --model openai-api/here/NAME "
            "--model-role grader=openai-api/here/JUDGE\n"
            "\nImport its log with: import_completions LOG --set NAME --model NAME --format inspect"
        )
        parser.add_argument("--set", required=True, metavar="NAME", help="slug or name")
        parser.add_argument("--judge", metavar="NAME", help="who scores; else answers alone")
        parser.add_argument("--condition", metavar="NAME", help="how the model is asked")
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="a new folder")

    def handle(self, *args: Any, **options: Any) -> None:
        judges = Judge.objects.select_related("rubric", "model")
        judge = named(judges, what="judge", name=options["judge"]) if options["judge"] else None
        condition = (
            named(Condition.objects.all(), what="condition", name=options["condition"])
            if options["condition"]
            else None
        )
        out: Path = options["out"]
        try:
            written = inspect_export.write(
                out,
                prompt_set=prompt_set_named(options["set"]),
                judge=judge,
                condition=condition,
            )
        except (inspect_export.CannotExport, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(written)} files in {out}. Its README.md says how it is run.")
