"""Pairs from a file, as drafts."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from corpus import actions
from corpus.formats import PAIR_FORMATS
from corpus.management.opened import opened
from corpus.management.people import find_author
from corpus.management.summary import lines


class Command(BaseCommand):
    """`manage.py import_pairs FILE --source NAME`."""

    help = "Import pairs from a file as drafts. All of the file, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example:\n  manage.py import_pairs pairs.jsonl --source 'Spring workshop'\n"
            "\nColumns: prompt (or, in JSON Lines, messages), response, and any of id, language,\n"
            "country, domain, category, strategy, expected_action (refuse, partial, answer)."
        )
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--source", required=True, metavar="NAME")
        parser.add_argument(
            "--format", choices=list(PAIR_FORMATS), help="told by the file's name if left out"
        )
        parser.add_argument("--licence", default="", help="the source's licence")
        parser.add_argument("--revision", default="", help="the source's version")
        parser.add_argument(
            "--author",
            metavar="EMAIL",
            help="whose drafts they are; the first curator's if left out",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and count, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        origin = actions.Origin(
            name=options["source"], licence=options["licence"], revision=options["revision"]
        )
        with opened(path, self.stderr) as file:
            summary = actions.import_pairs(
                by=find_author(options["author"], "pairs.write"),
                file=file,
                format=options["format"] or ("csv" if path.suffix == ".csv" else "jsonl"),
                origin=origin,
                at=timezone.now(),
                is_trial=options["dry_run"],
            )
        for line in lines(summary, "draft", "drafts"):
            self.stdout.write(line)
