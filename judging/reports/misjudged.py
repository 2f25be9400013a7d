"""What share of all judged answers is a yes once the judge's misses and false alarms are allowed
for, run by run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agreement import misjudging, wilson
from agreement.wording import _
from annotation.models import Criterion, Study
from judging import ratings
from judging.models import Judge, Verdict
from judging.reports import document
from judging.reports.document import BOTH, JUDGE, Section, mark

if TYPE_CHECKING:
    from judging.reports.validation import Pair

RUN = ("run__model", "run__condition", "run__prompt_set")
NOTE = _(
    "How often the judge misses a yes, and cries one wrongly, is learnt from the answers that "
    "most raters settled, in each run by itself (arXiv 2511.21140)."
)


def section(known: Sequence[Pair], study: Study, judge: Judge) -> Section:
    """Criteria of yes or no alone. Three queries for each."""
    marks, rows = [], []
    for pair in known:
        if pair.table.criterion.kind != Criterion.Kind.YES_NO:
            continue
        said = _said(pair, study, judge)
        people = ratings.majorities((row.item, row.rater, row.value) for row in pair.rows)
        for run, values in said.items():
            shared = [item for item in values if item in people]
            errors = misjudging.errors(
                [people[item] > 0 for item in shared], [values[item] > 0 for item in shared]
            )
            seen = misjudging.judged([value > 0 for value in values.values()])
            corrected = misjudging.rate(seen, errors.specificity, errors.sensitivity)
            alone = wilson.proportion(sum(value > 0 for value in values.values()), len(values))
            marks.append(mark(_("{run}, judge alone", run=run), alone, of=JUDGE, group=pair.label))
            marks.append(mark(_("{run}, corrected", run=run), corrected, of=BOTH, group=pair.label))
            rows.append(
                [
                    *(pair.label, run, document.percent(alone), document.percent(corrected)),
                    *(_of(errors.sensitivity), _of(errors.specificity), len(values)),
                ]
            )
    columns = [_("Criterion"), _("Run"), _("Judge alone"), _("Corrected")]
    columns += [_("Finds a yes"), _("Finds a no"), _("Judged answers")]
    title = _("Shares of yes, corrected for the judge's errors")
    blocks = [
        document.forest("corrected", title, marks, note=NOTE),
        document.table("corrected_shares", title, columns, rows),
    ]
    return document.section("corrected", title, blocks if rows else [])


def _of(found: misjudging.Share) -> str:
    return _("{n} of {of}", n=round(found.rate * found.n), of=found.n)


def _said(pair: Pair, study: Study, judge: Judge) -> dict[str, dict[str, float]]:
    """The judge's values on every answer of the study's runs, rated or not, by run."""
    runs = {arm.run_id: str(arm.run) for arm in study.arms.select_related(*RUN)}
    given = Verdict.objects.filter(judge=judge, criterion=pair.table.criterion)
    answers = dict(
        given.filter(completion__run__in=runs)
        .order_by("completion__run_id", "completion_id")
        .values_list("completion_id", "completion__run_id")
    )
    values = ratings.judge_values(pair.table.criterion, answers, judge.pk)
    found: dict[str, dict[str, float]] = {}
    for answer, run in answers.items():
        if answer in values:
            found.setdefault(runs[run], {})[answer] = values[answer]
    return found
