"""`cut_release`: a release, or the list of what keeps it from being made."""

from argparse import RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from corpus.management.people import find_author
from corpus.models import Source
from corpus.models.prompts import ExpectedAction
from exports import actions
from exports.choice import WRITTEN_HERE, Choice
from exports.hindrances import MAY_PASS, Hindrance

EXAMPLES = """examples:
  manage.py cut_release "Safe refusals" 1.0.0 --dry-run
  manage.py cut_release "Safe refusals" 1.1.0 --domain violence --language da --study spring
  manage.py cut_release "Safe refusals" 1.1.0 --override "helplines=Both were called today."
"""
# Option -> field of the choice.
FILTERS = {
    "domain": "domains",
    "strategy": "strategies",
    "language": "languages",
    "country": "countries",
    "source": "sources",
    "expected": "expected_actions",
    "pair": "pairs",
}


class Command(BaseCommand):
    """Parses and makes one call."""

    help = "Make a release of the approved, fresh pairs. Each filter may be given several times."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLES
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("number", metavar="VERSION", help="three numbers, such as 1.0.0")
        for option in FILTERS:
            parser.add_argument(f"--{option}", action="append", default=[], **_told(option))
        parser.add_argument("--study", action="append", default=[], metavar="SLUG")
        parser.add_argument(
            "--override",
            action="append",
            default=[],
            metavar="KIND=REASON",
            help=f"let a hindrance pass: {', '.join(MAY_PASS)}",
        )
        parser.add_argument("--description", default="")
        parser.add_argument("--author", metavar="EMAIL", help="who answers for it (first curator)")
        parser.add_argument("--dry-run", action="store_true", help="say what it would be")

    def handle(self, *args: Any, **options: Any) -> None:
        content: dict[str, Any] = {
            "name": options["name"],
            "choice": Choice(**{FILTERS[name]: _values(name, options) for name in FILTERS}),
            "studies": options["study"],
            "at": timezone.now(),
        }
        overrides = dict(_override(each) for each in options["override"])
        try:
            if options["dry_run"]:
                self._tell_plan(actions.checked(**content))
                return
            release = actions.cut_release(
                by=find_author(options["author"], "releases.write"),
                version=options["number"],
                description=options["description"],
                overrides=overrides,
                **content,
            )
        except actions.Hindered as refusal:
            self._tell(refusal.hindrances)
            raise CommandError(str(refusal)) from refusal
        except actions.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{release} ({release.pk}), {release.entries.count():,} pairs.")
        self.stdout.write(f"Digest {release.digest}")

    def _tell_plan(self, plan: Any) -> None:
        for line in plan.lines:
            self.stdout.write(f"{line.n:>8,}  {line.domain}, {line.split or 'no split'}")
        self.stdout.write(f"{plan.n_pairs:>8,} pairs; proposed version {plan.proposed}")
        self._tell(plan.hindrances)
        self.stdout.write("Nothing was made.")

    def _tell(self, hindrances: Sequence[Hindrance]) -> None:
        for each in hindrances:
            may = "may be overridden" if each.may_be_overridden else "never passes"
            self.stdout.write(f"{each.kind} ({may}): {each.title}: {each.n_rows:,}. {each.mend}")
            for row in each.rows:
                self.stdout.write(f"  {row.what}")
            if each.n_more:
                self.stdout.write(f"  and {each.n_more:,} more")


def _told(option: str) -> dict[str, Any]:
    if option == "expected":
        return {"choices": ExpectedAction.values}
    metavar = {"language": "CODE", "country": "CODE", "source": "NAME", "pair": "ID"}
    more = f'; "{WRITTEN_HERE}" is what was written here' if option == "source" else ""
    return {"metavar": metavar.get(option, "SLUG"), "help": f"only of this {option}{more}"}


def _values(option: str, options: dict[str, Any]) -> tuple[str, ...]:
    """Sources are called by name; everything else as the choice has it."""
    given = options[option]
    if option != "source":
        return tuple(given)
    by_name = dict(Source.objects.filter(name__in=given).values_list("name", "pk"))
    return tuple(by_name.get(name, name) for name in given)


def _override(given: str) -> tuple[str, str]:
    kind, _, reason = given.partition("=")
    if not reason.strip():
        raise CommandError(f"--override {given!r} gives no reason. Write KIND=REASON.")
    return kind.strip(), reason
