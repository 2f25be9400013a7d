"""`diversity`: how many responses share a template."""

import json
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from corpus import actions, reuse
from corpus.families import Diversity


class Command(BaseCommand):
    """`manage.py diversity [--rebuild] [--json]`."""

    help = "How many responses share a template, by domain and strategy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "Example:\n  manage.py diversity --rebuild"
        parser.add_argument(
            "--rebuild", action="store_true", help="place every response anew first"
        )
        parser.add_argument("--json", action="store_true", help="the same for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            actions.place_all(by=None, said=self._placed)
        found = reuse.report()
        if options["json"]:
            self.stdout.write(json.dumps(_plain(found), ensure_ascii=False, indent=2))
            return
        for line in _lines(found):
            self.stdout.write(line)

    def _placed(self, n: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{n:,} responses compared", ending="")
            self.stderr.flush()


def _lines(found: reuse.Reuse) -> Iterator[str]:
    yield _share(found.whole)
    if found.n_one_template:
        yield (
            f"In {found.n_one_template} of {found.n_domains} domains one template makes up nine of "
            "ten responses or more."
        )
    for part in found.parts:
        yield f"{part.domain or '-'}, {part.strategy or '-'}: {_share(part.found)}"


def _share(found: Diversity) -> str:
    templates = "template" if found.n_families == 1 else "templates"
    return (
        f"{found.n_shared:,} of {found.n_responses:,} responses ({found.percent} %) share a "
        f"template; {found.n_families:,} {templates}, the largest of {found.n_largest:,}."
    )


def _plain(found: reuse.Reuse) -> dict[str, Any]:
    return {
        "whole": asdict(found.whole),
        "n_domains": found.n_domains,
        "n_one_template": found.n_one_template,
        "parts": [
            {"domain": part.domain, "strategy": part.strategy, **asdict(part.found)}
            for part in found.parts
        ],
        "families": [
            {
                "n_responses": family.n_responses,
                "n_wordings": family.n_wordings,
                "domains": family.domains,
                "example": family.example.pk if family.example else None,
            }
            for family in found.families
        ],
    }
