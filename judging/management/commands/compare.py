"""`compare`: the paper's table for two runs: people, judge, and both together."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotation.models import Rubric
from generation.models import Run
from judging.comparing import Comparison, NotComparable, compare
from judging.models import Judge, Panel
from judging.records import comparison_record
from judging.speakers import names, speaker


class Command(BaseCommand):
    """Parses, compares, prints a table or JSON."""

    help = "Compare two runs. Example: manage.py compare --a ID --b ID --rubric psychosafe --json"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--a", required=True, metavar="RUN")
        parser.add_argument("--b", required=True, metavar="RUN")
        parser.add_argument("--rubric", required=True, metavar="SLUG")
        parser.add_argument("--judge", default="", metavar="NAME", help="a judge or a panel")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rubric = Rubric.objects.filter(slug=options["rubric"]).order_by("-version").first()
        if rubric is None:
            known = ", ".join(Rubric.objects.values_list("slug", flat=True).distinct())
            raise CommandError(f"There is no rubric {options['rubric']!r}. Known: {known}.")
        try:
            found = compare(
                a=self._run(options["a"]),
                b=self._run(options["b"]),
                rubric=rubric,
                judge=self._judge(options["judge"]),
            )
        except NotComparable as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(comparison_record(found), indent=1))
        else:
            self._table(found)

    def _judge(self, name: str) -> Judge | Panel | None:
        found = speaker(name)
        if name and found is None:
            known = ", ".join(names()) or "none yet"
            raise CommandError(f"There is no judge or panel {name!r}. Known: {known}.")
        return found

    def _run(self, pk: str) -> Run:
        run = Run.objects.select_related("model", "condition", "prompt_set").filter(pk=pk).first()
        if run is None:
            raise CommandError(f"There is no run {pk!r}. See the page Runs for ids.")
        return run

    def _table(self, found: Comparison) -> None:
        self.stdout.write(f"A: {found.a}\nB: {found.b}\n{found.headline}\n")
        self.stdout.write(f"{'criterion':<24}{'source':<10}{'n':>5}{'A':>8}{'B':>8}  B - A")
        for row in comparison_record(found)["lines"]:
            for source in ("human", "judge"):
                if row[source]:
                    self._line(row["criterion"], source, row[source])
            combined = row["combined"]
            text = _interval(combined)
            self.stdout.write(
                f"{row['criterion']:<24}{'combined':<10}{'':>5}{'':>8}{'':>8}  {text}"
            )
            if row["warning"]:
                self.stdout.write(f"  ! {row['warning']}")

    def _line(self, criterion: str, source: str, cell: dict[str, Any]) -> None:
        means = "".join(
            f"{'-' if cell[key] is None else format(cell[key], '.3f'):>8}"
            for key in ("mean_a", "mean_b")
        )
        self.stdout.write(
            f"{criterion:<24}{source:<10}{cell['n_prompts']:>5}{means}  "
            f"{_interval(cell['difference'])}"
        )


def _interval(estimate: dict[str, Any]) -> str:
    if estimate["value"] is None:
        return f"undefined: {estimate['reason']}"
    if estimate["low"] is None:
        return f"{estimate['value']:+.3f}"
    return f"{estimate['value']:+.3f} [{estimate['low']:+.3f}, {estimate['high']:+.3f}]"
