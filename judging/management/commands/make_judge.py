"""`make_judge`: a judge, from the command line."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotation.models import Rubric
from generation.management.names import named
from generation.models import LanguageModel
from judging import actions
from judging.models import Judge


class Command(BaseCommand):
    """Parses and makes one call."""

    help = (
        "Make a judge: a model that scores answers by a rubric. "
        "Example: manage.py make_judge 'Panel judge' --model other --rubric psychosafe "
        "--replicates 3 --temperature 0.7. Without a model: "
        "manage.py make_judge Phrases --rule strings --rubric xstest"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--model", default="", help="name of a registered model")
        parser.add_argument(
            "--rule",
            default="",
            choices=[kind.value for kind in actions.RULES],
            help="instead of a model: strings (phrases of refusal) or referral (the directory)",
        )
        parser.add_argument("--rubric", required=True, metavar="SLUG", help="its newest version")
        parser.add_argument("--one-by-one", action="store_true", help="a call for each criterion")
        parser.add_argument("--replicates", type=int, default=1, help="how often each is asked")
        parser.add_argument(
            "--expected-value", action="store_true", help="where the server tells chances"
        )
        parser.add_argument("--temperature", type=float, default=0.0)
        parser.add_argument(
            "--prompt", type=Path, metavar="FILE", help="instead of the shipped one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rubric = Rubric.objects.filter(slug=options["rubric"]).order_by("-version").first()
        if rubric is None:
            known = ", ".join(sorted(set(Rubric.objects.values_list("slug", flat=True))))
            raise CommandError(
                f"There is no rubric {options['rubric']!r}. Known: {known or 'none'}."
            )
        _check(options["model"], options["rule"])
        try:
            made = _make(rubric, options)
        except (actions.NotPossible, OSError, UnicodeDecodeError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Judge {made.pk}: {made}")


def _check(model: str, rule: str) -> None:
    if not (model or rule):
        raise CommandError("Say who judges: --model or --rule.")
    if model and rule:
        raise CommandError("A judge with a --rule asks no model: leave out --model or --rule.")


def _make(rubric: Rubric, options: dict[str, Any]) -> Judge:
    if options["rule"]:
        return actions.make_rule_judge(
            by=None, name=options["name"], kind=options["rule"], rubric=rubric
        )
    return actions.make_judge(
        by=None,
        name=options["name"],
        model=named(LanguageModel.objects.all(), what="model", name=options["model"]),
        rubric=rubric,
        prompt=options["prompt"].read_text("utf-8") if options["prompt"] else "",
        temperature=options["temperature"],
        asks_one_by_one=options["one_by_one"],
        replicates=options["replicates"],
        takes_expected_value=options["expected_value"],
    )
