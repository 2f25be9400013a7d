"""`export`: the files of a release or a study, with their card, in a folder."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotation.models import Study
from exports import bundle
from exports.formats import FORMATS
from exports.models import Release
from exports.sources import Mismatch, Source
from exports.writers import WRITERS

EXAMPLES = """examples:
  manage.py export --release ID --format sft --to jsonl --out releases/1.0.0
  manage.py export --release "Refusals 1.0.0" --format dpo --split train --out preferences
  manage.py export --study spring --format ratings --to csv --out spring"""


class Command(BaseCommand):
    """Parses and makes one call."""

    help = "Write the files of a release or a study. The page of either says the same by links."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=EXAMPLES, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--release", metavar="ID", help="id of a release, or name and version")
        source.add_argument("--study", metavar="SLUG", help="short name of a study")
        parser.add_argument(
            "--format", required=True, choices=FORMATS, metavar="FORMAT", help=_listed()
        )
        parser.add_argument("--to", choices=WRITERS, help="default: what the format has first")
        parser.add_argument("--split", default="", help="of a release; default: a file for each")
        parser.add_argument("--out", required=True, type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        source = _release(options["release"]) if options["release"] else _study(options["study"])
        folder = Path(options["out"])
        try:
            files = bundle.write(
                source,
                form=options["format"],
                to=options["to"] or FORMATS[options["format"]].to[0],
                folder=folder,
                split=options["split"],
                on_rows=self._show if self.stderr.isatty() else None,
            )
        except (Mismatch, bundle.Unwilling) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from error
        for file in files:
            self.stdout.write(f"{folder / file.name}  {file.n_rows:,} rows  {file.sha256}")
            for reason, n in sorted(file.left_out.items()):
                self.stdout.write(f"  left out: {n:,} because {reason}")
        self.stdout.write(f"{folder / bundle.README} says what they are.")

    def _show(self, n: int) -> None:
        self.stderr.write(f"\r{n:,} rows", ending="")


def _listed() -> str:
    return "; ".join(
        f"{form.name} ({' or '.join(form.of)}; {', '.join(form.to)})" for form in FORMATS.values()
    )


def _release(named: str) -> Source:
    name, _, version = named.rpartition(" ")
    found = (
        Release.objects.filter(pk=named).first()
        or Release.objects.filter(name=name, version=version).first()
    )
    if found is None:
        known = ", ".join(f"{release} ({release.pk})" for release in Release.objects.all()[:20])
        raise CommandError(f"There is no release '{named}'. Known: {known or 'none yet'}.")
    return found


def _study(slug: str) -> Source:
    found = Study.objects.select_related("rubric").filter(slug=slug).first()
    if found is None:
        known = ", ".join(Study.objects.values_list("slug", flat=True)[:20])
        raise CommandError(f"There is no study '{slug}'. Known: {known or 'none yet'}.")
    return found
