"""Pairs from a file, as drafts."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from corpus import actions
from corpus.formats import PAIR_FORMATS
from corpus.management import matching
from corpus.management.opened import opened
from corpus.management.people import find_author
from corpus.management.summary import lines
from corpus.reading.material import sniff


class Command(BaseCommand):
    """`manage.py import_pairs FILE --source NAME`."""

    help = "Import pairs from a file as drafts. All of the file, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example:\n  manage.py import_pairs pairs.jsonl --source 'Spring workshop'\n"
            "\nColumns: prompt (or, in JSON Lines, messages), response, and any of id, language,\n"
            "country, domain, category, strategy, expected_action (refuse, partial, answer).\n"
            "FILE may be a data set folder, or its zip. Other columns:\n"
            "  manage.py import_pairs sft.parquet --source SFT --columns prompt=instruction "
            "response=output"
        )
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--source", required=True, metavar="NAME")
        parser.add_argument(
            "--format", choices=list(PAIR_FORMATS), help="found out from the file if left out"
        )
        parser.add_argument("--licence", default="", help="the source's licence")
        parser.add_argument("--url", default="", help="the source's address")
        parser.add_argument("--revision", default="", help="the source's version")
        matching.add_arguments(parser, "pairs")
        parser.add_argument(
            "--author",
            metavar="EMAIL",
            help="whose drafts they are; the first curator's if left out",
        )
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
            summary = actions.import_pairs(
                by=find_author(options["author"], "pairs.write"),
                file=path,
                format=options["format"] or sniff(path),
                origin=origin,
                at=timezone.now(),
                matched=matching.matched(*said, "pairs"),
                split=options["split"],
                is_trial=options["dry_run"],
                heard=bar,
            )
        for line in lines(summary, "draft", "drafts"):
            self.stdout.write(line)
