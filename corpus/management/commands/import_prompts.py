"""Prompts from a file into a new prompt set."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from corpus import actions
from corpus.formats import PROMPT_FORMATS
from corpus.management.opened import opened
from corpus.management.summary import lines
from corpus.models.prompts import ExpectedAction


class Command(BaseCommand):
    """`manage.py import_prompts FILE --set NAME --format FORMAT`."""

    help = "Import prompts from a file into a new prompt set. All of the file, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example:\n  manage.py import_prompts xstest_prompts.csv --set XSTest --format xstest\n"
            "\nCSV columns: prompt, and any of id, language, country, domain, category,\n"
            "expected_action (refuse, partial, answer). JSON Lines: the same names, or messages\n"
            "([{role, content}, …]) instead of prompt."
        )
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--set", required=True, metavar="NAME", help="the new set's name")
        parser.add_argument("--format", required=True, choices=list(PROMPT_FORMATS))
        parser.add_argument("--source", default="", metavar="NAME", help="where they come from")
        parser.add_argument("--licence", default="", help="the source's licence")
        parser.add_argument("--revision", default="", help="the source's version, such as 202503")
        parser.add_argument(
            "--expected-action",
            default="",
            choices=ExpectedAction.values,
            help="for files that do not say it (refuse; OR-Bench: answer)",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and count, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        origin = actions.Origin(
            name=options["source"], licence=options["licence"], revision=options["revision"]
        )
        with opened(path, self.stderr) as file:
            summary = actions.import_prompts(
                by=None,
                file=file,
                format=options["format"],
                set_name=options["set"],
                origin=origin,
                expected_action=options["expected_action"],
                is_trial=options["dry_run"],
            )
        for line in lines(summary, "prompt", "prompts"):
            self.stdout.write(line)
