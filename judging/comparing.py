"""Reads what is known of two runs and compares them."""

from collections.abc import Container
from dataclasses import dataclass, field
from itertools import product

from django.utils.translation import gettext

from agreement.wording import _
from annotation.models import Criterion, Rating, Rubric
from generation.models import Run
from judging import comparison, failing, labels, words
from judging.comparison import OVERALL, Line, Row, Scale
from judging.models import Judge, Panel
from judging.sheets import measured_of
from judging.spoken import Spoken, Unscored, by_criterion, spoken
from judging.trials import hidden_between

EXPECTED = ("prompt_id", "prompt__expected_action")


class NotComparable(Exception):
    """Two runs that cannot be compared; the message says why."""

    http_status = 422


@dataclass(frozen=True)
class Sides:
    """What was said of both runs, by criterion, as rows (prompt, side, score)."""

    scales: tuple[Scale, ...]
    human: dict[str, list[Row]]
    judged: dict[str, list[Row]] | None
    judge: Judge | Panel | None
    said: Spoken | None
    left_out: tuple[str, ...]  # criteria of which no number can be made
    n_hidden: int = 0  # prompts that the judge is left out of until it is frozen

    @property
    def whole(self) -> tuple[Scale, ...]:
        """The criteria, then the overall score."""
        return (*self.scales, Scale(OVERALL, _("Overall"), 0, 1))

    def line(self, scale: Scale, *, among: Container[str] | None = None, draws: int = 1000) -> Line:
        """The comparison on one criterion, over all prompts or `among` some."""
        human, judged = self.human, self.judged

        def kept(rows: list[Row]) -> list[Row]:
            return rows if among is None else [row for row in rows if row[0] in among]

        its = kept(judged.get(scale.key, [])) if judged is not None else None
        return comparison.line(scale, kept(human.get(scale.key, [])), its, draws=draws)


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
    sides: Sides | None = None

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
    def held_warning(self) -> str:
        """What the judge's figures leave out, and until when; or nothing."""
        if self.judge is None or self.sides is None:
            return ""
        return words.held_warning(self.judge.name, self.sides.n_hidden)

    @property
    def headline(self) -> str:
        """The finding, in a sentence."""
        return _headline(self.lines[-1])


def compare(
    *, a: Run, b: Run, rubric: Rubric, judge: Judge | Panel | None = None, draws: int = 1000
) -> Comparison:
    """B against A. Without `judge`, the newest one that was run over both is taken."""
    check_comparable(a, b, rubric, judge)
    sides = _read(a, b, rubric, judge or _newest_judge(a, b, rubric))
    lines = tuple(sides.line(scale, draws=draws) for scale in sides.whole)
    said = sides.said
    if said is None:
        return Comparison(a, b, rubric, None, lines, {}, sides=sides)
    return Comparison(
        *(a, b, rubric, sides.judge, lines, said.n_unscored, said.unscored),
        n_partial=said.n_partial,
        silent=said.silent,
        sides=sides,
    )


def check_comparable(a: Run, b: Run, rubric: Rubric, judge: Judge | Panel | None) -> None:
    """Refuse, in words, what cannot be paired."""
    if a.pk == b.pk:
        raise NotComparable(gettext("Both sides are the same run. Choose two runs."))
    if a.prompt_set_id != b.prompt_set_id:
        raise NotComparable(
            gettext("The two runs answer different prompt sets, so nothing can be paired.")
        )
    if judge is not None and judge.rubric_id != rubric.pk:
        raise NotComparable(
            gettext("%(judge)s judges by %(rubric)s, not by %(other)s.")
            % {"judge": judge, "rubric": judge.rubric, "other": rubric}
        )


def _read(a: Run, b: Run, rubric: Rubric, judge: Judge | Panel | None) -> Sides:
    """Classes become failures, or are left out where nothing says what they mean."""
    said_by_key = labels.of_rubric(rubric.slug)
    measured = measured_of(rubric)
    classes = {each.key for each in measured if each.kind == Criterion.Kind.CHOICE}
    kept = [each for each in measured if each.key not in classes or each.key in said_by_key]
    scales = [_scale(each, is_class=each.key in classes) for each in kept]
    human = _human(a, b, rubric)
    said = spoken(a, b, judge, scales) if judge else None
    hidden = hidden_between(a, b, rubric, judge) if judge else frozenset()
    n_hidden = len({row[0] for rows in human.values() for row in rows} & hidden)
    if said:
        _without(said.rows, hidden)
    sources = [human, said.rows] if said else [human]
    if named := [scale.key for scale in scales if scale.is_failure]:
        expected = dict(a.completions.order_by().values_list(*EXPECTED))
        for rows, key in product(sources, named):
            rows[key] = failing.indicators(rows.get(key, []), said_by_key[key], expected)
    for rows in sources:
        rows[OVERALL] = comparison.overall(rows, scales)
    left_out = tuple(each.label for each in measured if each not in kept)
    judged = said.rows if said else None
    return Sides(tuple(scales), human, judged, judge, said, left_out, n_hidden)


def _without(rows: dict[str, list[Row]], hidden: Container[str]) -> None:
    """Nothing that sets a judge beside people may tell of their held-out labels."""
    for key, given in rows.items():
        rows[key] = [row for row in given if row[0] not in hidden]


def _scale(criterion: Criterion, *, is_class: bool) -> Scale:
    if is_class:
        label = _("{criterion}, failures", criterion=criterion.label)
        return Scale(criterion.key, label, 0, 1, is_failure=True)
    return Scale(criterion.key, criterion.label, criterion.scale[0], criterion.scale[-1])


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
        return _("There are too few ratings of both runs to compare them.")
    low, high = difference.interval
    if low > 0:
        return _("People rate B above A overall.")
    if high < 0:
        return _("People rate A above B overall.")
    return _("People's ratings do not tell A and B apart overall.")
