"""What a judge run said of the anchors, read from the tables: four queries, whatever their number.

Verdicts on anchors are read here and nowhere else.
"""

from collections import defaultdict
from statistics import fmean

from annotation.models import Criterion
from judging.drift import Standing, Values, standing
from judging.models import Anchor, JudgeRun, Verdict
from judging.models.scores import SAID
from judging.sheets import measured_of

# How many earlier runs of the judge are looked back at.
N_EARLIER = 5

# By judge run, then criterion: each anchor's values, one for each replicate.
Heard = dict[str, dict[str, dict[str, list[float]]]]


def standings(judge_run: JudgeRun) -> list[Standing]:
    """A line for each criterion on which this run judged an anchor."""
    runs = _runs(judge_run)
    heard = _heard(list(runs))
    if judge_run.pk not in heard:
        return []
    anchors = {anchor.pk: anchor for anchor in _anchors(heard)}
    lines = []
    for criterion in measured_of(judge_run.judge.rubric):
        values = {pk: _values(criterion, heard[pk][criterion.pk], anchors) for pk in heard}
        line = standing(
            criterion.label,
            values[judge_run.pk],
            settled=_settled(criterion, anchors),
            span=_span(criterion),
            before=[
                (runs[pk].created_at, values[pk])
                for pk in runs
                if pk != judge_run.pk and pk in values
            ],
        )
        if values[judge_run.pk]:
            lines.append(line)
    return lines


def _runs(judge_run: JudgeRun) -> dict[str, JudgeRun]:
    """This run, and the newest of the same judge before it."""
    earlier = JudgeRun.objects.filter(
        judge=judge_run.judge_id, created_at__lt=judge_run.created_at
    ).order_by("-created_at", "id")[:N_EARLIER]
    return {each.pk: each for each in (judge_run, *earlier)}


def _heard(runs: list[str]) -> Heard:
    heard: Heard = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    said = Verdict.objects.on_anchors().scored().filter(judgement__judge_run__in=runs)
    rows = said.order_by().values_list("judgement__judge_run_id", "criterion_id", "anchor_id", SAID)
    for run, criterion, anchor, value in rows:
        heard[run][criterion][anchor].append(value)
    return heard


def _anchors(heard: Heard) -> list[Anchor]:
    met = {pk for run in heard.values() for values in run.values() for pk in values}
    return list(Anchor.objects.filter(pk__in=met).only("pk", "settled"))


def _values(
    criterion: Criterion, heard: dict[str, list[float]], anchors: dict[str, Anchor]
) -> Values:
    if criterion.kind != Criterion.Kind.CHOICE:
        return {pk: fmean(values) for pk, values in heard.items()}
    return {
        pk: fmean(value == anchors[pk].settled[criterion.key] for value in values)
        for pk, values in heard.items()
        if criterion.key in anchors[pk].settled
    }


def _settled(criterion: Criterion, anchors: dict[str, Anchor]) -> Values:
    known = {pk: each.settled for pk, each in anchors.items() if criterion.key in each.settled}
    if criterion.kind == Criterion.Kind.CHOICE:
        return dict.fromkeys(known, 1.0)
    return {pk: float(settled[criterion.key]) for pk, settled in known.items()}


def _span(criterion: Criterion) -> float:
    scale = criterion.scale
    if criterion.kind == Criterion.Kind.CHOICE or not scale:
        return 1.0
    return float(scale[-1] - scale[0])
