"""What a study's report says of its raters: who is strict, who agrees with whom, and with themself.

Raters are numbered. Who a number is, only the study's own pages tell those who may see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from agreement import bootstrap, contrast, drift, intra, readings, severity
from agreement.drift import Drift
from agreement.estimate import Estimate, undefined
from agreement.pairwise import PairTable
from agreement.severity import Severity
from annotation.models import Criterion
from judging.reports import document
from judging.reports.document import Block, Section, cell, mark
from judging.reports.reading import Heard, Said, Table

if TYPE_CHECKING:
    from judging.reports.study import Measured

MOST_IN_MATRIX = 20
MOST_IN_FOREST = 30
BLOCKS, ITEMS_PER_BLOCK = 4, 15
PROFILES = (
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
    columns = ["Criterion", "Rater", "Lower than the average rater by", "Mean", "Ratings"]
    blocks = [
        document.forest(
            "severity",
            "How strict each rater is",
            sorted(marks, key=lambda line: (line["group"], _number(line["label"]))),
            axis=None,
            zero=0.0,
            ends=("milder", "stricter"),
            note="Points of the scale below the average rater, items allowed for (REML).",
        ),
        document.table("severities", "How strict each rater is", columns, rows),
        _components_table(parts),
    ]
    return document.section("severity", "How strict each rater is", blocks if rows else [])


def _severities(fitted: Severity) -> dict[str, Estimate]:
    """Where the model finds no difference between raters, it is not known to be none at all."""
    parts = fitted.components
    if parts is None or parts.rater > 1e-9:
        return fitted.severity
    same = Estimate(0.0, interval_reason="the model finds no difference between these raters")
    return dict.fromkeys(fitted.severity, same)


def _components(each: Table, found: Severity, k: int) -> list[list[object]]:
    parts = found.components
    if parts is None:
        return []
    shares: list[object] = [parts.item, parts.rater, parts.residual]
    one, mean = parts.reliability(1), parts.reliability(k)
    same_order = parts.reliability(1, absolute=False)
    return [[each.criterion.label, *shares, cell(one), cell(same_order), cell(mean)]]


def _components_table(rows: list[list[object]]) -> Block:
    columns = ["Criterion", "Items", "Raters", "Rest", "One rater", "One rater, order only"]
    return document.table(
        "components",
        "Variance components, and what they say of one rater's value",
        [*columns, "Mean of all raters"],
        rows,
        "From every rating, also where raters rated different items, which intraclass "
        "correlations of complete tables cannot use: their counterparts are ICC(2,1), ICC(3,1) "
        "and ICC(2,k).",
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
    said = [] if blocks else ["There are too many raters, or too few, for a table of all pairs."]
    return document.section("pairs", "Every rater beside every other", blocks, said=said)


def _pair_matrix(each: Table, pairs: PairTable) -> Block:
    order = sorted(pairs.raters, key=_number)
    known = {frozenset((pair.first, pair.second)): pair.kappa.value for pair in pairs.pairs}
    values = [[None if a == b else known.get(frozenset((a, b))) for b in order] for a in order]
    return document.matrix(
        f"pairs_{each.criterion.key}",
        f"{each.criterion.label}: kappa of every two raters",
        order,
        values,
        note=f"Weights: {pairs.weights}.",
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
        said += [f"{each.criterion.label}: {readings.of_intra(one)}" for one in found]
    columns = ["Criterion", "Rater", "Alpha with themself", "Same value", "Items shown twice"]
    made = document.table("intra", "Each rater with themself", columns, rows)
    return document.section(
        "intra", "Each rater with themself", [made] if rows else [], said=said[:MOST_IN_FOREST]
    )


def _time(heard: Heard, draws: int) -> Section:
    """Whether agreement, and each rater's severity, changed while the study went on."""
    marks, rows, said = [], [], []
    for each in heard.rated:
        found = _drift(each, draws)
        if found is None:
            continue
        for block in found.blocks:
            marks.append(mark(f"block {block.name}", block.found, group=each.criterion.label))
        said.append(readings.of_drift(found, each.about))
        change = cell(found.change)
        rows.append([each.criterion.label, "alpha, all raters", change])
        rows += [[each.criterion.label, name, cell(d.change)] for name, d in _of_raters(each)]
    note = "Items in the order of their first rating, in blocks of one size."
    blocks = [
        document.forest("time", "Agreement over time", marks, axis=None, zero=0.0, note=note),
        document.table(
            "changes", "From the first block to the last", ["Criterion", "What", "Change"], rows
        ),
    ]
    return document.section("time", "Over time", blocks if rows else [], said=said)


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
    found = []
    for rater in sorted(ratings.raters, key=_number)[:MOST_IN_MATRIX]:
        own = [row.item for row in each.rows if row.rater == rater]
        if _n_blocks(len(own)) < 2:
            continue
        block = dict(zip(own, drift.equal_blocks(len(own), 2), strict=True))
        named = [block.get(item, 1) for item in ratings.items]
        found.append((f"{rater}, beside the others", drift.of_rater(ratings, rater, named)))
    return found


def _orientation(heard: Heard, draws: int) -> Section:
    """Agreement within groups of raters, by what their profiles say."""
    blocks, said = [], [PROFILES]
    groupings = (
        ("profession", heard.professions),
        ("domains", heard.fields),
        ("country", heard.countries),
    )
    for name, of in groupings:
        groups = _groups(of)
        if len(groups) < 2:
            continue
        marks = [
            mark(group, _alpha(each, raters, draws), group=each.criterion.label)
            for each in heard.rated
            for group, raters in groups.items()
        ]
        title = f"Agreement among raters of one group, by {name}"
        blocks.append(document.forest(f"among_{name}", title, marks, axis=None, zero=0.0))
        blocks.append(_apart(heard.rated, name, groups, draws))
    if not blocks:
        said.append("The raters' profiles do not tell two groups of two raters or more apart.")
    return document.section("orientation", "By the raters' orientation", blocks, said=said)


def _groups(of: Mapping[str, str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for rater, group in of.items():
        if group and group != "not stated":
            groups.setdefault(group, []).append(rater)
    return {name: raters for name, raters in sorted(groups.items()) if len(raters) > 1}


def _alpha(each: Table, raters: Sequence[str], draws: int) -> Estimate:
    rows = [row for row in each.rows if row.rater in raters]
    if len({row.rater for row in rows}) < 2:
        return undefined("fewer than two raters of this group have rated")
    return bootstrap.alpha_interval(each.among(rows), each.level, draws=draws)


def _apart(
    tables: Sequence[Table], name: str, groups: Mapping[str, list[str]], draws: int
) -> Block:
    """Whether the groups' agreement, and their means, differ: the first group beside each other."""
    first, *others = groups
    rows = [
        [
            each.criterion.label,
            f"{other} less {first}",
            cell(_alphas_apart(each, groups[first], groups[other], draws)),
            _means_apart(each, groups[first], groups[other]),
        ]
        for each in tables
        for other in others
    ]
    columns = ["Criterion", "Groups", "Alpha apart", "Means apart"]
    return document.table(
        f"apart_{name}", f"The groups beside each other, by {name}", columns, rows
    )


def _alphas_apart(each: Table, a: Sequence[str], b: Sequence[str], draws: int) -> Estimate:
    there = set(each.ratings.raters)
    first, second = ([rater for rater in group if rater in there] for group in (a, b))
    if len(first) < 2 or len(second) < 2:
        return undefined("fewer than two raters of a group have rated")
    return contrast.of_raters(each.ratings, first, second, each.level, draws=draws)


def _means_apart(each: Table, a: Sequence[str], b: Sequence[str]) -> float | None:
    if each.criterion.kind == Criterion.Kind.CHOICE:
        return None
    means = [_mean_of(each.rows, group) for group in (a, b)]
    return None if means[0] is None or means[1] is None else means[1] - means[0]


def _mean_of(rows: Sequence[Said], raters: Sequence[str]) -> float | None:
    values = [row.value for row in rows if row.rater in raters]
    return fmean(values) if values else None
