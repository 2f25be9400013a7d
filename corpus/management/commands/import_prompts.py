"""Prompts from a file into a new prompt set."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from corpus import actions
from corpus.formats import PROMPT_FORMATS
from corpus.management import matching
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
            "([{role, content}, …]) instead of prompt.\n"
            "FILE may be a data set folder, or its zip. Other columns:\n"
            "  manage.py import_prompts bench.csv --set Bench --format csv "
            "--columns prompt=question expected_action=label "
            "--words expected_action:unsafe=refuse expected_action:safe=answer"
        )
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--set", required=True, metavar="NAME", help="the new set's name")
        parser.add_argument("--format", required=True, choices=list(PROMPT_FORMATS))
        parser.add_argument("--source", default="", metavar="NAME", help="where they come from")
        parser.add_argument("--licence", default="", help="the source's licence")
        parser.add_argument("--url", default="", help="the source's address")
        parser.add_argument("--revision", default="", help="the source's version, such as 202503")
        parser.add_argument(
            "--expected-action",
            default="",
            choices=ExpectedAction.values,
            help="for files that do not say it (refuse; OR-Bench: answer)",
        )
        matching.add_arguments(parser, "prompts")
        parser.add_argument("--dry-run", action="store_true", help="check and count, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        origin = actions.Origin(
            name=options["source"],
            licence=options["licence"],
            url=options["url"],
            revision=options["revision"],
        )
        said = (options["columns"], options["words"], options["every"])
        with opened(path, self.stderr) as bar:
            summary = actions.import_prompts(
                by=None,
                file=path,
                format=options["format"],
                set_name=options["set"],
                origin=origin,
                expected_action=options["expected_action"],
                matched=matching.matched(*said, "prompts"),
                split=options["split"],
                is_trial=options["dry_run"],
                heard=bar,
            )
        for line in lines(summary, "prompt", "prompts"):
            self.stdout.write(line)
