"""Reads what is known of two runs and compares them."""

from dataclasses import dataclass, field

from annotation.models import Rating, Rubric
from generation.models import Run
from judging import comparison, words
from judging.comparison import OVERALL, Line, Row, Scale
from judging.models import Judge, Panel
from judging.sheets import measured_of
from judging.spoken import Unscored, by_criterion, spoken


class NotComparable(Exception):
    """Two runs that cannot be compared; the message says why."""

    http_status = 422


@dataclass(frozen=True)
class Comparison:
    """Two runs under a rubric: a line per criterion, then the overall line."""

    a: Run
    b: Run
    rubric: Rubric
    judge: Judge | Panel | None
    lines: tuple[Line, ...]
    n_unscored: dict[str, int]
    unscored: tuple[Unscored, ...] = ()
    # Of a panel: values, by side, to which a member had none to give; members that gave none.
    n_partial: dict[str, int] = field(default_factory=dict)
    silent: tuple[str, ...] = ()

    @property
    def is_panel(self) -> bool:
        return isinstance(self.judge, Panel)

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
        return words.family_warnings(self.judge, [self.a.model, self.b.model])

    @property
    def headline(self) -> str:
        """The finding, in a sentence."""
        return _headline(self.lines[-1])


def compare(
    *, a: Run, b: Run, rubric: Rubric, judge: Judge | Panel | None = None, draws: int = 1000
) -> Comparison:
    """B against A. Without `judge`, the newest one that was run over both is taken."""
    if a.pk == b.pk:
        raise NotComparable("Both sides are the same run. Choose two runs.")
    if a.prompt_set_id != b.prompt_set_id:
        raise NotComparable("The two runs answer different prompt sets, so nothing can be paired.")
    if judge is not None and judge.rubric_id != rubric.pk:
        raise NotComparable(f"{judge} judges by {judge.rubric}, not by {rubric}.")
    scaled = measured_of(rubric)
    scales = [Scale(each.key, each.label, each.scale[0], each.scale[-1]) for each in scaled]
    human = _human(a, b, rubric)
    judge = judge or _newest_judge(a, b, rubric)
    said = spoken(a, b, judge, scales) if judge else None
    judged = said.rows if said else {}
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
    if said is None:
        return Comparison(a, b, rubric, None, tuple(lines), {})
    return Comparison(
        *(a, b, rubric, judge, tuple(lines), said.n_unscored, said.unscored),
        n_partial=said.n_partial,
        silent=said.silent,
    )


def _human(a: Run, b: Run, rubric: Rubric) -> dict[str, list[Row]]:
    """Every rating with a value under any study of this rubric. One query."""
    given = Rating.objects.filter(
        completion__run__in=[a, b], criterion__rubric=rubric, value__isnull=False
    ).values_list("criterion__key", "completion__prompt_id", "completion__run_id", "value")
    return by_criterion(given, a)


def _newest_judge(a: Run, b: Run, rubric: Rubric) -> Judge | None:
    judges = Judge.objects.filter(rubric=rubric)
    both = judges.filter(judge_runs__run=a).filter(judge_runs__run=b).distinct()
    return both.order_by("-created_at", "id").first()


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
