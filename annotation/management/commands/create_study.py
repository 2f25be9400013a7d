"""`create_study`: a study over finished runs."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from annotation import rubric_files
from annotation.actions import rubrics, studies
from annotation.models import Rubric
from generation.models import Run


class Command(BaseCommand):
    """Parses and makes one call."""

    help = "Make a study over finished runs. It is prepared; raters come in once it is open."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example:\n  manage.py create_study --name 'Spring round' --slug spring "
            "--runs RUN1 RUN2 --rubric psychosafe --k 3 --core 10 --open"
        )
        parser.add_argument("--name", required=True)
        parser.add_argument("--slug", required=True, help="stands in the study's address")
        parser.add_argument("--runs", required=True, nargs="+", metavar="ID")
        parser.add_argument("--rubric", required=True, metavar="SLUG")
        parser.add_argument("--k", type=int, default=3, help="raters for each item (3)")
        parser.add_argument("--seed", type=int, default=None, help="of sides and order (random)")
        parser.add_argument("--no-preference", action="store_true", help="do not ask side by side")
        parser.add_argument(
            "--no-ratings", action="store_true", help="ask side by side only, not by the rubric"
        )
        parser.add_argument(
            "--shared",
            type=int,
            default=None,
            metavar="N",
            help="so many items by k people, others by one",
        )
        parser.add_argument(
            "--core", type=int, default=0, metavar="N", help="so many items by everybody (0)"
        )
        parser.add_argument(
            "--repeat", type=int, default=0, metavar="PERCENT", help="shown again days later (0)"
        )
        parser.add_argument(
            "--route",
            nargs="+",
            default=[],
            choices=["language", "country", "domain"],
            help="items only to raters who declared that they know it",
        )
        parser.add_argument("--open", action="store_true", help="open it to raters at once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            study = studies.create(
                by=None,
                name=options["name"],
                slug=options["slug"],
                rubric=_rubric(options["rubric"]),
                runs=_runs(options["runs"]),
                k=options["k"],
                seed=options["seed"],
                asks_preference=False if options["no_preference"] else None,
                asks_ratings=not options["no_ratings"],
                n_shared=options["shared"],
                n_core=options["core"],
                repeat_percent=options["repeat"],
                routes_by_language="language" in options["route"],
                routes_by_country="country" in options["route"],
                routes_by_domain="domain" in options["route"],
            )
            if options["open"]:
                studies.open(by=None, study=study, at=timezone.now())
        except (studies.Unsuitable, rubric_files.BadRubric, rubrics.VersionInUse) as error:
            raise CommandError(str(error)) from error
        items = "item" if study.n_items == 1 else "items"
        people = "rater" if study.k == 1 else "raters"
        self.stdout.write(f"{study.n_items:,} {items}, {study.k} {people} each: study {study.slug}")


def _rubric(slug: str) -> Rubric:
    """The newest version; what comes with the Studio is installed when it is first named."""
    if found := Rubric.objects.filter(slug=slug).order_by("-version").first():
        return found
    shipped = {path.stem: path for path in sorted(rubrics.FOLDER.glob("*.toml"))}
    if slug in shipped:
        return rubrics.install(shipped[slug])
    known = sorted({*shipped, *Rubric.objects.values_list("slug", flat=True)})
    raise CommandError(f"There is no rubric {slug!r}. Use one of: {', '.join(known)}.")


def _runs(ids: list[str]) -> list[Run]:
    """In the order in which they were named."""
    there = Run.objects.select_related("model", "condition", "prompt_set").in_bulk(ids)
    if missing := [pk for pk in ids if pk not in there]:
        raise CommandError(f"There is no run {missing[0]!r}. See the list at Runs, or `generate`.")
    return [there[pk] for pk in ids]
