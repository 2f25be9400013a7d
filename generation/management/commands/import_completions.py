"""`import_completions`: answers produced elsewhere."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from corpus.management.progress import Progress
from generation import actions
from generation.management.names import prompt_set_named


class Command(BaseCommand):
    """`manage.py import_completions FILE --set NAME --model NAME`."""

    help = "Import answers to the prompts of a set, as a finished run. All of the file, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example:\n  manage.py import_completions gpt4.csv --set xstest --model gpt-4 "
            "--format xstest\n"
            "\nCSV and JSON Lines have id (of the prompt in the set) and completion, and any of\n"
            "replicate, reasoning, finish_reason. Inspect logs are read as JSON."
        )
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--set", required=True, metavar="NAME", help="slug or name")
        parser.add_argument("--model", required=True, metavar="NAME", help="who answered")
        parser.add_argument(
            "--format",
            choices=list(actions.FORMATS),
            help="csv or jsonl are told by the file's name if left out",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        prompt_set = prompt_set_named(options["set"])
        try:
            with path.open("rb") as file:
                done = actions.import_completions(
                    by=None,
                    file=cast(BinaryIO, Progress(file, path.stat().st_size, self.stderr)),
                    file_name=path.name,
                    layout=options["format"] or ("csv" if path.suffix == ".csv" else "jsonl"),
                    prompt_set=prompt_set,
                    model_name=options["model"],
                    at=timezone.now(),
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except (actions.BadFile, actions.Refusal) as error:
            raise CommandError(f"{path}: nothing was imported.\n{error}") from error
        if done.n_without:
            self.stderr.write(f"{done.n_without:,} prompts of the set have no answer in this file.")
        self.stdout.write(f"{done.n_answers:,} answers imported: run {done.run.pk}")
