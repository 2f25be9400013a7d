"""What a judge, or a panel heard as one, said of two runs: values by prompt, and gaps by side."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from generation.models import Run
from judging import hearing
from judging.comparison import Row, Scale
from judging.models import Judge, Panel, Verdict
from judging.ratings import majorities


@dataclass(frozen=True)
class Unscored:
    """How often a judge gave no value on a criterion: (verdicts without one, verdicts)."""

    label: str
    a: tuple[int, int]
    b: tuple[int, int]


@dataclass(frozen=True)
class Spoken:
    """What a judge or a panel said of both runs."""

    rows: dict[str, list[Row]]
    n_unscored: dict[str, int]
    unscored: tuple[Unscored, ...]
    n_partial: dict[str, int] = field(default_factory=dict)
    silent: tuple[str, ...] = ()


def spoken(a: Run, b: Run, judge: Judge | Panel, scales: list[Scale]) -> Spoken:
    if isinstance(judge, Panel):
        return _together(a, b, judge, scales)
    of = ("criterion__key", "completion__prompt_id", "completion__run_id")
    said = Verdict.objects.filter(completion__run__in=[a, b], judge=judge).per_answer(*of)
    rows = by_criterion(said.filter(n_scored__gt=0).values_list(*of, "score"), a)
    if named := [scale.key for scale in scales if scale.is_failure]:
        rows |= by_criterion(_commonest(a, b, judge, named), a)
    return Spoken(rows, _unscored(a, b, judge), _unscored_by_criterion(a, b, judge, scales))


def _commonest(
    a: Run, b: Run, judge: Judge, named: list[str]
) -> Iterator[tuple[str, str, str, float | None]]:
    """Of classes, the one that the judge gave an answer most often; a tie is left out."""
    said = Verdict.objects.filter(
        completion__run__in=[a, b], judge=judge, criterion__key__in=named, value__isnull=False
    )
    votes: dict[tuple[str, str, str], list[tuple[str, str, int]]] = defaultdict(list)
    for *place, answer, value in said.order_by().values_list(
        *("criterion__key", "completion__prompt_id", "completion__run_id"),
        *("completion_id", "value"),
    ):
        votes[place[0], place[1], place[2]].append((answer, "judge", value))
    for place_of, given in votes.items():
        for value in majorities(given).values():
            yield *place_of, float(value)


def _together(a: Run, b: Run, panel: Panel, scales: list[Scale]) -> Spoken:
    """The members as one: unscored is what none of them has a value for."""
    lines = hearing.lines(panel, [a.pk, b.pk])
    scored = [line for line in lines if line.heard.value is not None]
    given = ((line.criterion, line.prompt, line.run, line.heard.value) for line in scored)
    n = Counter((line.criterion, line.run) for line in lines)
    n_scored = Counter((line.criterion, line.run) for line in scored)
    rates = {place: (of - n_scored[place], of) for place, of in n.items()}
    partial = Counter(line.run for line in scored if not line.heard.is_whole)
    heard = {member for line in lines for member in line.values}
    return Spoken(
        rows=by_criterion(given, a),
        n_unscored={
            side: sum(k for (_, of_run), (k, _of) in rates.items() if of_run == run.pk)
            for side, run in (("a", a), ("b", b))
        },
        unscored=_by_criterion(rates, a, b, scales),
        n_partial={"a": partial[a.pk], "b": partial[b.pk]},
        silent=tuple(judge.name for judge in panel.members if judge.pk not in heard),
    )


def by_criterion(
    given: Iterable[tuple[str, str, str, float | None]], a: Run
) -> dict[str, list[Row]]:
    """(criterion, prompt, run, value) as rows for a comparison; what has no value is left out."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for key, prompt, run, value in given:
        if value is not None:
            rows[key].append((prompt, "a" if run == a.pk else "b", float(value)))
    return rows


def _unscored(a: Run, b: Run, judge: Judge) -> dict[str, int]:
    """Answers left without a value, by side: a difference between the sides is itself a bias."""
    said = Verdict.objects.filter(judge=judge)
    return {
        side: said.filter(completion__run=run).left_out().count()
        for side, run in (("a", a), ("b", b))
    }


def _unscored_by_criterion(
    a: Run, b: Run, judge: Judge, scales: list[Scale]
) -> tuple[Unscored, ...]:
    said = Verdict.objects.filter(judge=judge, completion__run__in=[a, b])
    return _by_criterion(said.unscored_by("criterion__key", "completion__run_id"), a, b, scales)


def _by_criterion(
    rates: Mapping[tuple[str, str], tuple[int, int]], a: Run, b: Run, scales: list[Scale]
) -> tuple[Unscored, ...]:
    """The rates beside each other, each criterion that has any."""
    found = [
        Unscored(
            scale.label, rates.get((scale.key, a.pk), (0, 0)), rates.get((scale.key, b.pk), (0, 0))
        )
        for scale in scales
    ]
    return tuple(line for line in found if line.a[0] or line.b[0])
