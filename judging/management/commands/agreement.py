"""`agreement`: the agreement of any long CSV. The same code as `python -m agreement`."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agreement import command


class Command(BaseCommand):
    """Hands its options to the library, which needs no database."""

    help = command.DESCRIPTION
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        command.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        code = command.run(argparse.Namespace(**options), sys.stdout, sys.stderr)
        if code:
            raise SystemExit(code)
