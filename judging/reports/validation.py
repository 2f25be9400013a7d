"""A judge beside each of a study's raters, its bias, and whether it may stand in for one of them.

Until the judge is frozen only the labels it may be tuned by are read; afterwards the held-out ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agreement import bootstrap, confusion
from agreement.estimate import Estimate
from agreement.ratings import Ratings
from agreement.scale import Level
from agreement.wording import _, ngettext
from annotation.models import Criterion, Study
from generation.models import Completion
from judging import holding_out, ratings, words
from judging.models import Judge, Trial
from judging.reports import bias, document, methods, misjudged, reading, replacing
from judging.reports.document import JUDGE, Document, Section, mark
from judging.reports.reading import Said, Table

DRAWS = 1000


@dataclass(frozen=True)
class Answered:
    """What the judge's bias is looked at by."""

    run: str
    family: str
    n_words: int


@dataclass(frozen=True, eq=False)
class Pair:
    """A criterion with the raters' values as a matrix, and the judge's beside it."""

    table: Table
    rows: tuple[Said, ...]
    judged: Mapping[str, float]
    answers: Mapping[str, Answered]
    domains: Mapping[str, str]
    severities: Mapping[str, str]

    @property
    def label(self) -> str:
        return self.table.criterion.label

    @property
    def has_numbers(self) -> bool:
        return self.table.has_numbers

    @property
    def prompts(self) -> dict[str, str]:
        return {row.item: row.prompt for row in self.rows}

    @property
    def raters(self) -> dict[str, str]:
        """Each rater's name by itself: ratings as a matrix keep only its English."""
        return {row.rater: row.rater for row in self.rows}

    @property
    def human(self) -> Ratings:
        """On items that the judge has a value for."""
        return self.table.among(row for row in self.rows if row.item in self.judged)

    def matrix(self) -> tuple[NDArray[np.float64], NDArray[np.float64], Ratings]:
        """People's values (items, raters), the judge's (items,), and who and what they are."""
        numbers = self.table.among(
            (row for row in self.rows if row.item in self.judged), as_numbers=True
        )
        judge = np.array([self.judged[item] for item in numbers.items], dtype=np.float64)
        return numbers.matrix, judge, numbers


def report(study: Study, judge: Judge, *, draws: int = DRAWS) -> Document:
    """The whole document."""
    trial = Trial.objects.filter(study=study, judge=judge).first()
    known = pairs(study, judge)
    decided = [replacing.decide(pair, draws=draws) for pair in known]
    made = document.document(
        headline=replacing.headline(judge.name, decided),
        lead=_lead(study, judge, known),
        warnings=[*_warnings(study, judge, trial), *_silent(known)],
        sections=[
            replacing.section(decided),
            _beside(known, draws),
            replacing.by_part(known, "domain"),
            replacing.by_part(known, "severity"),
            *bias.sections(known),
            misjudged.section(known, study, judge),
            _confused(known),
        ],
        methods=methods.of_validation(study, judge, draws=draws),
    )
    return made | {"is_held_out": trial is not None}


def _lead(study: Study, judge: Judge, known: Sequence[Pair]) -> str:
    n = len({item for pair in known for item in pair.prompts if item in pair.judged})
    raters = len({row.rater for pair in known for row in pair.rows})
    return _(
        "{judge} beside the {raters} raters of “{study}”, on {n} answers.",
        judge=judge.name,
        raters=raters,
        study=study.name,
        n=n,
    )


def _silent(known: Sequence[Pair]) -> list[str]:
    """Answers that the judge gave no value at all are in no figure."""
    rated = {item for pair in known for item in pair.prompts}
    n = len(rated - {item for pair in known for item in pair.judged})
    if not n:
        return []
    return [
        _(
            "The judge gave {n} of the {of} rated answers no value; no figure has them.",
            n=n,
            of=len(rated),
        )
    ]


def pairs(study: Study, judge: Judge) -> list[Pair]:
    """The criteria on which both have values, on the labels that may be seen beside the judge."""
    trial = Trial.objects.filter(study=study, judge=judge).first()
    heard = reading.read(study)
    seed = trial.seed if trial else study.seed
    percent = trial.held_percent if trial else holding_out.HELD_PERCENT

    def is_open(row: Said) -> bool:
        held = holding_out.is_held_out(row.prompt, seed=seed, percent=percent)
        return held == (trial is not None)

    found = []
    for table in heard.tables:
        criterion = table.criterion
        if criterion.about != Criterion.About.ANSWER or not criterion.is_measured:
            continue
        rows = tuple(row for row in table.rows if is_open(row))
        items = {row.item for row in rows}
        judged = ratings.judge_values(criterion, items, judge.pk)
        domains = {row.item: heard.domain(row) for row in rows}
        severities = {row.item: heard.severity(row) for row in rows}
        found.append(Pair(table, rows, judged, _answers(items), domains, severities))
    return [pair for pair in found if pair.judged and pair.rows]


def _answers(items: Iterable[str]) -> dict[str, Answered]:
    shown = Completion.objects.filter(pk__in=list(items)).select_related(
        "run__model", "run__condition", "run__prompt_set"
    )
    return {
        each.pk: Answered(str(each.run), each.run.model.family_guess, len(each.text.split()))
        for each in shown
    }


def _warnings(study: Study, judge: Judge, trial: Trial | None) -> list[str]:
    arms = study.arms.select_related("run__model")
    said = [words.family_warning(judge, [arm.run.model for arm in arms])]
    if trial is None:
        said.append(
            _(
                "These are the labels that the judge may be tuned by. The held-out labels stay "
                "hidden until the judge is frozen."
            )
        )
    else:
        before = Trial.objects.filter(study=study, created_at__lt=trial.created_at).count()
        if before:
            said.append(
                ngettext(
                    "{n} judge met these held-out labels before this one. What was learnt from "
                    "them may have gone into this judge.",
                    "{n} judges met these held-out labels before this one. What was learnt from "
                    "them may have gone into this judge.",
                    before,
                )
            )
    return [each for each in said if each]


def _beside(known: Sequence[Pair], draws: int) -> Section:
    """Each rater, and the judge, with what the (other) raters say together, on one axis."""
    marks = []
    for pair in known:
        given = (pair.raters[name] for name in pair.human.raters)
        for name in sorted(given, key=lambda name: int(name.rpartition(" ")[2])):
            marks.append(mark(name, _with_others(pair, name, draws), group=pair.label))
        marks.append(mark(_("judge"), _with_others(pair, None, draws), of=JUDGE, group=pair.label))
    figure = document.forest(
        "beside",
        _("Each rater and the judge with what the other raters say together"),
        marks,
        axis=None,
        zero=0.0,
        note=_(
            "Alpha with the mean of the others on scales and with their majority otherwise. The "
            "judge meets the mean of all raters, each rater that of all but one."
        ),
    )
    return document.section("beside", _("The judge beside every rater"), [figure] if marks else [])


def _with_others(pair: Pair, rater: str | None, draws: int) -> Estimate:
    """Alpha of two columns: one's own values, and what the others say together."""
    rows = [row for row in pair.rows if row.item in pair.judged]
    others = [(row.item, row.rater, row.value) for row in rows if row.rater != rater]
    own: Mapping[str, float] = (
        pair.judged
        if rater is None
        else {row.item: float(row.value) for row in rows if row.rater == rater}
    )
    is_scale = pair.table.level == "ordinal"
    together = ratings.means(others) if is_scale else ratings.majorities(others)
    both = [item for item in together if item in own]
    given = [(item, "others", float(together[item])) for item in both]
    given += [(item, "own", own[item]) for item in both]
    level: Level = "interval" if is_scale else "nominal"
    scale = None if is_scale else [float(value) for value in pair.table.criterion.scale]
    return bootstrap.alpha_interval(Ratings.from_rows(given, level, scale), level, draws=draws)


def _confused(known: Sequence[Pair]) -> Section:
    blocks = []
    for pair in known:
        rows = [(row.item, row.rater, row.value) for row in pair.rows if row.item in pair.judged]
        people = ratings.majorities(rows)
        scale = pair.table.criterion.scale
        found = confusion.of_columns(
            list(people.values()), [round(pair.judged[item]) for item in people], scale
        )
        title = _("{criterion}: most raters (rows), the judge (columns)", criterion=pair.label)
        blocks.append(
            document.matrix(
                f"confusion_{pair.table.criterion.key}",
                title,
                found.labels,
                found.table.tolist(),
                shades=found.by_row.tolist(),
            )
        )
    return document.section("confusion", _("What the judge takes for what"), blocks)
