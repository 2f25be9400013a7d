"""`load_anchors`: answers with settled values, from a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from judging import actions


class Command(BaseCommand):
    """Parses and makes one call."""

    help = (
        "Add anchors, which every judge run of their rubric judges again. The TOML file names a "
        "`rubric` and has [[anchors]] with name, said (or messages), answer, and settled values by "
        "criterion. Example: manage.py load_anchors anchors.toml"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, default=actions.SAMPLE_ANCHORS, help="default: the sample"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            n = actions.load_anchors(by=None, path=options["file"])
        except actions.NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{n} anchors added.")
