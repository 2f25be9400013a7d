"""What the judge says of the three runs, and where two of them are compared in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from annotation.models import Criterion
from generation.models import Run
from judging.models import Judge, Report, Verdict
from judging.sheets import measured_of
from training import loop
from training.loop import Cell, Line, Part
from training.sides.chosen import Chosen


def newest_judge(runs: Sequence[Run]) -> Judge | None:
    """The judge that judged most of the runs, the newest of several."""
    judges = Judge.objects.exclude(kind=Judge.Kind.SIDE_BY_SIDE).filter(judge_runs__run__in=runs)
    counted = judges.annotate(n=Count("judge_runs__run", distinct=True))
    return counted.select_related("rubric").order_by("-n", "-created_at", "pk").first()


def part(chosen: Chosen) -> Part:
    judge = newest_judge(chosen.there)
    title = _("What the judge says")
    if judge is None:
        return Part(
            *("criteria", title, ()),
            missing=_("No judge has judged these runs."),
            url=reverse("judging:judges"),
            link=_("Set a judge to work"),
        )
    scales = [c for c in measured_of(judge.rubric) if c.kind != Criterion.Kind.CHOICE]
    said = _scores(judge, chosen.there)
    judged = set(judge.judge_runs.filter(state="done").values_list("run_id", flat=True))

    def cell(run: Run, criterion: Criterion) -> Cell:
        rows = said.get((run.pk, criterion.pk), [])
        if rows:
            values, prompts = [row[1] for row in rows], [row[0] for row in rows]
            return Cell(loop.mean(values, prompts), len(rows), source=run.get_absolute_url())
        why = _("No answer was scored.") if run.pk in judged else _("Not judged yet.")
        return Cell(missing=why, url=judge.get_absolute_url(), link=str(judge))

    lines = [Line(each.label, chosen.cells(partial(cell, criterion=each))) for each in scales]
    hint = _("Means over answers as %(judge)s scored them by %(rubric)s; prompts are the clusters.")
    return Part(
        *("criteria", title, tuple(lines)),
        hint=hint % {"judge": judge, "rubric": judge.rubric},
        warnings=tuple(_families(judge, chosen)),
    )


def _families(judge: Judge, chosen: Chosen) -> list[str]:
    if any(judge.shares_family_with(run.model) for run in chosen.there):
        return [_("%(judge)s is of the family of a model it judged.") % {"judge": judge}]
    return []


def _scores(judge: Judge, runs: Sequence[Run]) -> dict[tuple[str, str], list[tuple[str, float]]]:
    """(run, criterion) -> (prompt, score). One query."""
    of = ("completion__run_id", "completion__prompt_id")
    rows = Verdict.objects.filter(judge=judge, completion__run__in=runs).per_answer(*of)
    found: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for run, prompt, criterion, score in rows.filter(n_scored__gt=0).values_list(
        *of, "criterion_id", "score"
    ):
        found.setdefault((run, criterion), []).append((prompt, float(score)))
    return found


@dataclass(frozen=True)
class Stored:
    """A comparison of two sides: its stored report, if there is one, or where it is made."""

    label: str
    url: str
    headline: str = ""


def comparisons(chosen: Chosen) -> list[Stored]:
    """Prompted and fine-tuned against the base, as their reports stand."""
    judge, base = newest_judge(chosen.there), chosen.runs[0]
    if judge is None or base is None:
        return []
    words = {1: _("Base (A) and prompted (B)"), 2: _("Base (A) and fine-tuned (B)")}
    found = []
    for place, label in words.items():
        if other := chosen.runs[place]:
            found.append(_stored(label, base, other, judge))
    return found


def _stored(label: str, a: Run, b: Run, judge: Judge) -> Stored:
    of = {"kind": "comparison", "run_a": a, "run_b": b, "rubric": judge.rubric}
    report = Report.objects.filter(**of, result__isnull=False).order_by("-computed_at").first()
    if report and report.result:
        return Stored(label, report.get_absolute_url(), report.result["headline"])
    given = {"a": a.pk, "b": b.pk, "rubric": judge.rubric.slug, "judge": judge.pk}
    return Stored(label, f"{reverse('judging:comparison_report')}?{urlencode(given)}")
