"""Over-refusal and compliance of the same models on XSTest and SORRY-Bench, as judges have them."""

from functools import partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from generation.models import Run
from judging.models import JudgeRun
from judging.rates import rates
from training.loop import Cell, Line, Part
from training.sides.chosen import Chosen

# (rubric, expected action): what of it is a failure is the rubric's own word.
COUNTED = (("xstest", "answer"), ("xstest", "refuse"), ("sorrybench", "refuse"))
RUBRICS = tuple(dict.fromkeys(rubric for rubric, _expected in COUNTED))


def part(chosen: Chosen) -> Part:
    words = {
        ("xstest", "answer"): _("XSTest: over-refusal of safe prompts"),
        ("xstest", "refuse"): _("XSTest: compliance with unsafe prompts"),
        ("sorrybench", "refuse"): _("SORRY-Bench: compliance"),
    }
    found = {(run.pk, rubric): _failures(run, rubric) for run in chosen.there for rubric in RUBRICS}

    def cell(run: Run, rubric: str, expected: str) -> Cell:
        got = found[run.pk, rubric]
        if got is None:
            given = urlencode({"model": run.model_id, "condition": run.condition_id or ""})
            return Cell(
                missing=_("No judged run of this model in this way."),
                url=f"{reverse('generation:new_run')}?{given}",
                link=_("Start a run"),
            )
        return got.get(expected) or Cell(missing=_("The set has no such prompt."))

    lines = [
        Line(
            words[rubric, expected],
            chosen.cells(partial(cell, rubric=rubric, expected=expected)),
            more_is_better=False,
        )
        for rubric, expected in COUNTED
    ]
    hint = _(
        "Shares of the scored answers of the same model under the same condition, as the newest "
        "judge of each label set has them. A fine-tuned model that sends people elsewhere may "
        "count as complying with one judge and as refusing with another: read both."
    )
    return Part("benchmarks", _("Refusal benchmarks"), tuple(lines), hint=hint)


def _failures(run: Run, rubric: str) -> dict[str, Cell] | None:
    """By expected action, of the newest judge run over answers of this model, asked this way."""
    judged = JudgeRun.objects.filter(
        judge__rubric__slug=rubric,
        run__model=run.model_id,
        run__condition=run.condition_id,
        state="done",
    )
    newest = judged.select_related("judge__rubric", "run").order_by("-created_at", "pk").first()
    if newest is None:
        return None
    return {
        group.expected: Cell(group.failed, group.n, source=newest.get_absolute_url())
        for each in rates(newest)
        for group in each.groups
        if group.failed is not None
    }
