"""`import_completions`: answers produced elsewhere."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from generation import actions
from generation.management.names import prompt_set_named


class Command(BaseCommand):
    """Parses and makes one call."""

    help = (
        "Import answers to the prompts of a set, all or none. "
        "Example: manage.py import_completions answers.csv --set xstest --model gpt-4 "
        "--format xstest"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--set", required=True, help="slug or name of the prompt set")
        parser.add_argument("--model", required=True, help="name of the model that answered")
        parser.add_argument("--format", choices=list(actions.FORMATS), default="jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = actions.import_completions(
                by=None,
                path=options["file"],
                layout=options["format"],
                prompt_set=prompt_set_named(options["set"]),
                model_name=options["model"],
                at=timezone.now(),
            )
        except (actions.BadFile, actions.Refusal, OSError) as error:
            raise CommandError(f"{options['file']}: {error}\nNothing was imported.") from error
        if done.n_without:
            self.stderr.write(f"{done.n_without:,} prompts of the set have no answer in this file.")
        self.stdout.write(f"{done.n_answers:,} answers imported: run {done.run.pk}")
