"""What a study's report says of its raters: who is strict, who agrees with whom, and with themself.

Raters are numbered. Who a number is, only the study's own pages tell those who may see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from agreement import bootstrap, contrast, drift, intra, readings, severity
from agreement.drift import Drift
from agreement.estimate import Estimate, undefined
from agreement.pairwise import PairTable
from agreement.severity import Severity
from agreement.wording import _, joined
from annotation.models import Criterion
from judging.reports import document
from judging.reports.document import Block, Section, cell, mark
from judging.reports.reading import Heard, Said, Table

if TYPE_CHECKING:
    from judging.reports.study import Measured

MOST_IN_MATRIX = 20
MOST_IN_FOREST = 30
BLOCKS, ITEMS_PER_BLOCK = 4, 15
WEIGHTS = {"quadratic": _("Weights: quadratic."), "identity": _("Weights: identity.")}
PROFILES = _(
    "Raters are grouped by what their profiles hold: profession, domains and country of practice. "
    "The school of therapy is not asked for, and what a rater had to read is theirs alone."
)


def sections(heard: Heard, measured: Sequence[Measured], *, draws: int) -> list[Section]:
    return [
        _severity(heard),
        _pairs(measured),
        _themselves(heard, draws),
        _time(heard, draws),
        _orientation(heard, draws),
    ]


def _severity(heard: Heard) -> Section:
    """From a mixed model: how much lower than the average rater each one scores."""
    marks, rows, parts = [], [], []
    for each in heard.rated:
        if not each.has_numbers or len(heard.raters) > MOST_IN_FOREST:
            continue
        fitted = severity.of_ratings(each.among(each.rows, as_numbers=True))
        found = _severities(fitted)
        parts += _components(each, fitted, len(heard.raters))
        marks += [mark(name, found[name], group=each.criterion.label) for name in sorted(found)]
        rows += [
            [each.criterion.label, name, cell(found[name]), _mean(each, name), _n(each, name)]
            for name in sorted(found, key=_number)
        ]
    columns = [_("Criterion"), _("Rater"), _("Lower than the average rater by")]
    title = _("How strict each rater is")
    blocks = [
        document.forest(
            "severity",
            title,
            sorted(marks, key=lambda line: (line["group"], _number(line["label"]))),
            axis=None,
            zero=0.0,
            ends=(_("milder"), _("stricter")),
            note=_("Points of the scale below the average rater, items allowed for (REML)."),
        ),
        document.table("severities", title, [*columns, _("Mean"), _("Ratings")], rows),
        _components_table(parts),
    ]
    return document.section("severity", title, blocks if rows else [])


def _severities(fitted: Severity) -> dict[str, Estimate]:
    """Where the model finds no difference between raters, it is not known to be none at all."""
    parts = fitted.components
    if parts is None or parts.rater > 1e-9:
        return fitted.severity
    why = _("the model finds no difference between these raters")
    return dict.fromkeys(fitted.severity, Estimate(0.0, interval_reason=why))


def _components(each: Table, found: Severity, k: int) -> list[list[object]]:
    parts = found.components
    if parts is None:
        return []
    shares: list[object] = [parts.item, parts.rater, parts.residual]
    one, mean = parts.reliability(1), parts.reliability(k)
    same_order = parts.reliability(1, absolute=False)
    return [[each.criterion.label, *shares, cell(one), cell(same_order), cell(mean)]]


def _components_table(rows: list[list[object]]) -> Block:
    columns = [_("Criterion"), _("Items"), _("Raters"), _("Rest"), _("One rater")]
    return document.table(
        "components",
        _("Variance components, and what they say of one rater's value"),
        [*columns, _("One rater, order only"), _("Mean of all raters")],
        rows,
        _(
            "From every rating, also where raters rated different items, which intraclass "
            "correlations of complete tables cannot use: their counterparts are ICC(2,1), "
            "ICC(3,1) and ICC(2,k)."
        ),
    )


def _number(rater: str) -> int:
    return int(rater.rpartition(" ")[2] or 0)


def _mean(each: Table, rater: str) -> float:
    return fmean(row.value for row in each.rows if row.rater == rater)


def _n(each: Table, rater: str) -> int:
    return sum(row.rater == rater for row in each.rows)


def _pairs(measured: Sequence[Measured]) -> Section:
    blocks = [
        _pair_matrix(each.table, each.profile.pairs)
        for each in measured
        if each.profile.pairs is not None and 2 <= len(each.profile.pairs.raters) <= MOST_IN_MATRIX
    ]
    none = _("There are too many raters, or too few, for a table of all pairs.")
    title = _("Every rater beside every other")
    return document.section("pairs", title, blocks, said=[] if blocks else [none])


def _pair_matrix(each: Table, pairs: PairTable) -> Block:
    order = sorted(pairs.raters, key=_number)
    known = {frozenset((pair.first, pair.second)): pair.kappa.value for pair in pairs.pairs}
    values = [[None if a == b else known.get(frozenset((a, b))) for b in order] for a in order]
    return document.matrix(
        f"pairs_{each.criterion.key}",
        _("{criterion}: kappa of every two raters", criterion=each.criterion.label),
        order,
        values,
        note=WEIGHTS.get(pairs.weights, ""),
    )


def _themselves(heard: Heard, draws: int) -> Section:
    """Items shown twice to the same rater, days apart."""
    rows, said = [], []
    for each in heard.rated:
        repeats = heard.repeats.get(each.criterion.pk, ())
        if not repeats:
            continue
        scale = each.criterion.scale or None
        found = intra.by_rater(repeats, each.level, scale, draws=draws)
        together = intra.pooled(repeats, each.level, scale, draws=draws)
        for one in [*sorted(found, key=lambda one: _number(one.rater)), together]:
            exact = document.percent(one.percent)
            rows.append([each.criterion.label, one.rater, cell(one.alpha), exact, one.n_items])
        label = each.criterion.label
        said += [joined(label, readings.of_intra(one), between=": ") for one in found]
    columns = [_("Criterion"), _("Rater"), _("Alpha with themself"), _("Same value")]
    title = _("Each rater with themself")
    made = document.table("intra", title, [*columns, _("Items shown twice")], rows)
    return document.section("intra", title, [made] if rows else [], said=said[:MOST_IN_FOREST])


def _time(heard: Heard, draws: int) -> Section:
    """Whether agreement, and each rater's severity, changed while the study went on."""
    marks, rows, said = [], [], []
    for each in heard.rated:
        found = _drift(each, draws)
        if found is None:
            continue
        for block in found.blocks:
            name = _("block {n}", n=block.name)
            marks.append(mark(name, block.found, group=each.criterion.label))
        said.append(readings.of_drift(found, each.about))
        change = cell(found.change)
        rows.append([each.criterion.label, _("alpha, all raters"), change])
        rows += [[each.criterion.label, name, cell(d.change)] for name, d in _of_raters(each)]
    note = _("Items in the order of their first rating, in blocks of one size.")
    title, columns = _("Agreement over time"), [_("Criterion"), _("What"), _("Change over time")]
    blocks = [
        document.forest("time", title, marks, axis=None, zero=0.0, note=note),
        document.table("changes", _("From the first block to the last"), columns, rows),
    ]
    return document.section("time", _("Over time"), blocks if rows else [], said=said)


def _n_blocks(n_items: int) -> int:
    return min(BLOCKS, n_items // ITEMS_PER_BLOCK)


def _drift(each: Table, draws: int) -> Drift | None:
    ratings = each.ratings
    n_blocks = _n_blocks(ratings.n_items)
    if n_blocks < 2:
        return None
    first: dict[str, object] = {}
    for row in each.rows:
        first.setdefault(row.item, row.at)
    order = sorted(ratings.items, key=lambda item: (first[item], item))
    block = dict(zip(order, drift.equal_blocks(len(order), n_blocks), strict=True))
    named = [block[item] for item in ratings.items]
    return drift.of_alpha(ratings, each.level, named, draws=draws)


def _of_raters(each: Table) -> list[tuple[str, Drift]]:
    """Each rater beside the others, in that rater's own first and last items."""
    if not each.has_numbers:
        return []
    ratings = each.among(each.rows, as_numbers=True)
    found: list[tuple[str, Drift]] = []
    for rater in sorted(ratings.raters, key=_number)[:MOST_IN_MATRIX]:
        own = [row.item for row in each.rows if row.rater == rater]
        if _n_blocks(len(own)) < 2:
            continue
        block = dict(zip(own, drift.equal_blocks(len(own), 2), strict=True))
        named = [block.get(item, 1) for item in ratings.items]
        beside = _("{rater}, beside the others", rater=rater)
        found.append((beside, drift.of_rater(ratings, rater, named)))
    return found


@dataclass(frozen=True)
class By:
    """What raters are grouped by, in words."""

    key: str
    among: str
    apart: str


PROFESSION = By(
    "profession",
    _("Agreement among raters of one group, by profession"),
    _("The groups beside each other, by profession"),
)
DOMAINS = By(
    "domains",
    _("Agreement among raters of one group, by domains"),
    _("The groups beside each other, by domains"),
)
COUNTRY = By(
    "country",
    _("Agreement among raters of one group, by country"),
    _("The groups beside each other, by country"),
)


def _orientation(heard: Heard, draws: int) -> Section:
    """Agreement within groups of raters, by what their profiles say."""
    blocks, said = [], [PROFILES]
    groupings = (
        (PROFESSION, heard.professions),
        (DOMAINS, heard.fields),
        (COUNTRY, heard.countries),
    )
    for by, of in groupings:
        groups = _groups(of)
        if len(groups) < 2:
            continue
        marks = [
            mark(group, _alpha(each, raters, draws), group=each.criterion.label)
            for each in heard.rated
            for group, raters in groups.items()
        ]
        blocks.append(document.forest(f"among_{by.key}", by.among, marks, axis=None, zero=0.0))
        blocks.append(_apart(heard.rated, by, groups, draws))
    if not blocks:
        said.append(_("The raters' profiles do not tell two groups of two raters or more apart."))
    return document.section("orientation", _("By the raters' orientation"), blocks, said=said)


def _groups(of: Mapping[str, str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for rater, group in of.items():
        if group:
            groups.setdefault(group, []).append(rater)
    return {name: raters for name, raters in sorted(groups.items()) if len(raters) > 1}


def _alpha(each: Table, raters: Sequence[str], draws: int) -> Estimate:
    rows = [row for row in each.rows if row.rater in raters]
    if len({row.rater for row in rows}) < 2:
        return undefined(_("fewer than two raters of this group have rated"))
    return bootstrap.alpha_interval(each.among(rows), each.level, draws=draws)


def _apart(tables: Sequence[Table], by: By, groups: Mapping[str, list[str]], draws: int) -> Block:
    """Whether the groups' agreement, and their means, differ: the first group beside each other."""
    first, *others = groups
    rows = [
        [
            each.criterion.label,
            _("{group} less {other}", group=other, other=first),
            cell(_alphas_apart(each, groups[first], groups[other], draws)),
            _means_apart(each, groups[first], groups[other]),
        ]
        for each in tables
        for other in others
    ]
    columns = [_("Criterion"), _("Groups"), _("Alpha apart"), _("Means apart")]
    return document.table(f"apart_{by.key}", by.apart, columns, rows)


def _alphas_apart(each: Table, a: Sequence[str], b: Sequence[str], draws: int) -> Estimate:
    there = set(each.ratings.raters)
    first, second = ([rater for rater in group if rater in there] for group in (a, b))
    if len(first) < 2 or len(second) < 2:
        return undefined(_("fewer than two raters of a group have rated"))
    return contrast.of_raters(each.ratings, first, second, each.level, draws=draws)


def _means_apart(each: Table, a: Sequence[str], b: Sequence[str]) -> float | None:
    if each.criterion.kind == Criterion.Kind.CHOICE:
        return None
    means = [_mean_of(each.rows, group) for group in (a, b)]
    return None if means[0] is None or means[1] is None else means[1] - means[0]


def _mean_of(rows: Sequence[Said], raters: Sequence[str]) -> float | None:
    values = [row.value for row in rows if row.rater in raters]
    return fmean(values) if values else None
