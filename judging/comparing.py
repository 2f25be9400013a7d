"""Reads what is known of two runs and compares them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from annotation.models import Rating, Rubric
from generation.models import Run
from judging import comparison, words
from judging.comparison import OVERALL, Line, Row, Scale
from judging.models import Judge, Verdict
from judging.sheets import criteria_of


class NotComparable(Exception):
    """Two runs that cannot be compared; the message says why."""

    http_status = 422


@dataclass(frozen=True)
class Unscored:
    """How often a judge gave no value on a criterion: (verdicts without one, verdicts)."""

    label: str
    a: tuple[int, int]
    b: tuple[int, int]


@dataclass(frozen=True)
class Comparison:
    """Two runs under a rubric: a line per criterion, then the overall line."""

    a: Run
    b: Run
    rubric: Rubric
    judge: Judge | None
    lines: tuple[Line, ...]
    n_unscored: dict[str, int]
    unscored: tuple[Unscored, ...] = ()

    @property
    def shares_family(self) -> bool:
        """Whether the judge is of the family of a model it judges."""
        judge = self.judge
        return judge is not None and any(
            judge.shares_family_with(run.model) for run in (self.a, self.b)
        )

    @property
    def family_warning(self) -> str:
        """What must stand beside the judge's figures, or nothing."""
        if self.judge is None:
            return ""
        return words.family_warning(self.judge, [self.a.model, self.b.model])

    @property
    def headline(self) -> str:
        """The finding, in a sentence."""
        return _headline(self.lines[-1])


def compare(
    *, a: Run, b: Run, rubric: Rubric, judge: Judge | None = None, draws: int = 1000
) -> Comparison:
    """B against A. Without `judge`, the newest one that was run over both is taken."""
    if a.pk == b.pk:
        raise NotComparable("Both sides are the same run. Choose two runs.")
    if a.prompt_set_id != b.prompt_set_id:
        raise NotComparable("The two runs answer different prompt sets, so nothing can be paired.")
    scales = [Scale(c.key, c.label, c.minimum, c.maximum) for c in criteria_of(rubric)]
    human = _human(a, b, rubric)
    judge = judge or _newest_judge(a, b, rubric)
    judged = _judged(a, b, judge) if judge else {}
    human[OVERALL] = comparison.overall(human, scales)
    if judge:
        judged[OVERALL] = comparison.overall(judged, scales)
    lines = [
        comparison.line(
            scale,
            human.get(scale.key, []),
            judged.get(scale.key, []) if judge else None,
            draws=draws,
        )
        for scale in [*scales, Scale(OVERALL, "Overall", 0, 1)]
    ]
    without, by_criterion = _unscored(a, b, judge), _unscored_by_criterion(a, b, judge, scales)
    return Comparison(a, b, rubric, judge, tuple(lines), without, by_criterion)


def _human(a: Run, b: Run, rubric: Rubric) -> dict[str, list[Row]]:
    """Every rating with a value under any study of this rubric. One query."""
    given = Rating.objects.filter(
        completion__run__in=[a, b], criterion__rubric=rubric, value__isnull=False
    ).values_list("criterion__key", "completion__prompt_id", "completion__run_id", "value")
    return _rows(given, a)


def _judged(a: Run, b: Run, judge: Judge) -> dict[str, list[Row]]:
    of = ("criterion__key", "completion__prompt_id", "completion__run_id")
    said = Verdict.objects.filter(completion__run__in=[a, b], judge=judge).per_answer(*of)
    return _rows(said.filter(n_scored__gt=0).values_list(*of, "score"), a)


def _rows(given: Iterable[tuple[str, str, str, float | None]], a: Run) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = defaultdict(list)
    for key, prompt, run, value in given:
        if value is not None:
            rows[key].append((prompt, "a" if run == a.pk else "b", float(value)))
    return rows


def _newest_judge(a: Run, b: Run, rubric: Rubric) -> Judge | None:
    judges = Judge.objects.filter(rubric=rubric)
    both = judges.filter(judge_runs__run=a).filter(judge_runs__run=b).distinct()
    return both.order_by("-created_at", "id").first()


def _unscored(a: Run, b: Run, judge: Judge | None) -> dict[str, int]:
    """Answers left without a value, by side: a difference between the sides is itself a bias."""
    if judge is None:
        return {}
    said = Verdict.objects.filter(judge=judge)
    return {
        side: said.filter(completion__run=run).left_out().count()
        for side, run in (("a", a), ("b", b))
    }


def _unscored_by_criterion(
    a: Run, b: Run, judge: Judge | None, scales: list[Scale]
) -> tuple[Unscored, ...]:
    """The rates beside each other, each criterion that has any. One query."""
    if judge is None:
        return ()
    said = Verdict.objects.filter(judge=judge, completion__run__in=[a, b])
    rates = said.unscored_by("criterion__key", "completion__run_id")
    found = [
        Unscored(
            scale.label, rates.get((scale.key, a.pk), (0, 0)), rates.get((scale.key, b.pk), (0, 0))
        )
        for scale in scales
    ]
    return tuple(line for line in found if line.a[0] or line.b[0])


def _headline(line: Line) -> str:
    difference = line.human.difference
    if difference.value is None or difference.interval is None:
        return "There are too few ratings of both runs to compare them."
    low, high = difference.interval
    if low > 0:
        return "People rate B above A overall."
    if high < 0:
        return "People rate A above B overall."
    return "People's ratings do not tell A and B apart overall."
