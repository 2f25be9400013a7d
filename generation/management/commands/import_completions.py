"""`import_completions`: answers produced elsewhere."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from corpus.management.bar import Bar
from gate.text import BadText
from generation import actions
from generation.management.names import named, prompt_set_named
from generation.models import Condition


class Command(BaseCommand):
    """`manage.py import_completions FILE --set NAME --model NAME`."""

    help = "Import answers to the prompts of a set, as a finished run. All of the file, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example:\n  manage.py import_completions gpt4.csv --set xstest --model gpt-4 "
            "--format xstest\n"
            "\nCSV and JSON Lines have completion and the prompt's id in the set, or its words\n"
            "(prompt), and any of replicate, reasoning, finish_reason, model. JSON Lines may have\n"
            "messages for prompt, and turns (a list of texts) for completion.\n"
            "fastchat: model_answer files, also of SORRY-Bench. inspect: .json and .eval logs.\n"
            "promptfoo: what eval --output writes. lm-eval: samples_*.jsonl of --log_samples."
        )
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--set", required=True, metavar="NAME", help="slug or name")
        parser.add_argument("--model", required=True, metavar="NAME", help="who answered")
        parser.add_argument("--condition", metavar="NAME", help="under which it was asked")
        parser.add_argument(
            "--answered-by",
            default="",
            metavar="NAME",
            help="the model's name in a file in which several answered",
        )
        parser.add_argument(
            "--format",
            choices=list(actions.FORMATS),
            help="csv, jsonl and inspect (.eval) are told by the file's name if left out",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and count, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        bar = Bar(self.stderr)
        try:
            with path.open("rb") as file:
                done = actions.import_completions(
                    by=None,
                    file=file,
                    file_name=path.name,
                    layout=options["format"] or _told_by_name(path),
                    prompt_set=prompt_set_named(options["set"]),
                    model_name=options["model"],
                    condition=_condition(options["condition"]),
                    answered_by=options["answered_by"],
                    at=timezone.now(),
                    is_trial=options["dry_run"],
                    heard=bar,
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except (actions.BadFile, actions.Refusal, BadText) as error:
            raise CommandError(f"{path}: nothing was imported.\n{error}") from error
        finally:
            bar.end()
        for line in actions.notes(done):
            self.stderr.write(line)
        if done.made:
            self.stdout.write(f"{done.n_answers:,} answers imported: run {done.made.pk}")
        else:
            self.stdout.write(f"{done.n_answers:,} answers would be imported.")


def _told_by_name(path: Path) -> str:
    layout = actions.BY_SUFFIX.get(path.suffix.lower())
    if layout is None:
        known = ", ".join(actions.FORMATS)
        raise CommandError(f"{path}: say with --format how it is written. Use one of: {known}.")
    return layout


def _condition(name: str | None) -> Condition | None:
    if not name:
        return None
    return named(Condition.objects.order_by("name"), what="condition", name=name)
