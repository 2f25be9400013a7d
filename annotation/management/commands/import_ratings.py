"""`import_ratings`: ratings that were made elsewhere."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from annotation.actions import imports
from annotation.imports import FORMATS
from annotation.models import Study
from corpus.management.progress import Progress
from corpus.reading import BadFile


class Command(BaseCommand):
    """Parses and makes one call."""

    help = "Import ratings from a file into a study that was made for them. All, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example:\n  manage.py import_ratings ratings.csv --study spring --format csv\n"
            "\nCSV columns: item (the prompt's id in its set) or completion; rater, criterion,\n"
            "value; and, if there are, run and rationale. Make the study first: create_study."
        )
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--study", required=True, metavar="SLUG")
        parser.add_argument("--format", choices=list(FORMATS), default="csv")
        parser.add_argument(
            "--run", default="", metavar="RUN", help="whose answers: a run's id or a model's name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        study = Study.objects.filter(slug=options["study"]).select_related("rubric").first()
        if study is None:
            known = ", ".join(Study.objects.values_list("slug", flat=True)[:20]) or "none yet"
            raise CommandError(f"There is no study {options['study']!r}. Studies: {known}.")
        try:
            with path.open("rb") as file:
                done = imports.import_ratings(
                    by=None,
                    study=study,
                    file=cast(BinaryIO, Progress(file, path.stat().st_size, self.stderr)),
                    format=options["format"],
                    run=options["run"],
                    at=timezone.now(),
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except BadFile as error:
            raise CommandError(f"{path}: nothing was imported.\n{error}") from error
        except imports.NotImportable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{_counted(done.n_ratings, 'rating')} by {_counted(done.n_raters, 'rater')} imported "
            f"into '{study.slug}', with {_counted(done.n_adjudications, 'settled value')}."
        )


def _counted(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"
