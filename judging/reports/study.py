"""The report of a study: per criterion, and per domain and severity of the prompt. Never pooled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agreement import bootstrap, causes, fleiss, gwet, percent, profile
from agreement.causes import Words
from agreement.estimate import Estimate
from agreement.profile import Profile
from agreement.ratings import Ratings
from annotation.models import Study
from judging.reports import document, items, methods, named, people, reading
from judging.reports.document import Document, Section, cell, mark
from judging.reports.reading import Heard, Table

DRAWS = 1000
# A part of a study has fewer items; its interval needs fewer draws to be as steady.
DRAWS_OF_PARTS = 500
# Below so many items rated twice, a part gets no line of its own.
FEWEST = 5


@dataclass(frozen=True, eq=False)
class Measured:
    """A criterion with its profile."""

    table: Table
    profile: Profile

    @property
    def words(self) -> Words:
        """What low and high values are called: of a scale, stricter and milder."""
        return (
            Words("stricter", "milder") if self.table.level == "ordinal" else Words("less", "more")
        )

    @property
    def readings(self) -> dict[str, str]:
        return self.profile.readings(self.table.about, self.words)


def report(study: Study, *, draws: int = DRAWS) -> Document:
    """The whole document. Seconds for 10,000 ratings."""
    heard = reading.read(study)
    measured = [
        Measured(each, profile.of(each.ratings, each.level, draws=draws)) for each in heard.rated
    ]
    sections = [
        _whole(measured),
        _meanings(measured),
        _parts(heard, "domain", "By domain of the prompt", draws),
        _parts(heard, "severity", "By severity of the prompt", draws),
        _values(heard),
        *people.sections(heard, measured, draws=min(draws, DRAWS_OF_PARTS)),
        *items.sections(measured, study),
    ]
    others = named.section(study, draws=min(draws, DRAWS_OF_PARTS))
    return document.document(
        headline=_headline(measured, others),
        lead=f"{study.name}. {len(heard.raters)} raters, {heard.n_items} rated answers or items, "
        f"{heard.n_ratings} ratings.",
        warnings=_unread(heard),
        sections=[*(sections if measured else []), others],
        methods=methods.of_study(heard, draws=draws),
    )


def _headline(measured: Sequence[Measured], others: Section) -> str:
    if not measured:
        return "No criterion has a single value." if others["blocks"] else "Nobody has rated yet."
    return causes.overview([each.profile.finding(each.table.about) for each in measured])


def _unread(heard: Heard) -> list[str]:
    tables = [each for each in heard.tables if each.criterion.is_measured]
    names = [each.criterion.label for each in tables if not each.rows]
    if not names or not heard.n_ratings:
        return []
    return [f"Without a single value, and so left out: {', '.join(names)}."]


def _whole(measured: Sequence[Measured]) -> Section:
    marks = [
        mark(name, found, group=each.table.criterion.label)
        for each in measured
        for name, found in _shown(each).items()
    ]
    rows = [_row(each) for each in measured]
    said = [each.readings["alpha"] for each in measured]
    columns = ["Criterion", "Alpha", "AC", "Exact", "Within one", "Kappa", "Fleiss' kappa"]
    columns += _ICC.values()
    columns += ["Kendall's W", "Items rated twice", "Raters", "Ratings"]
    return document.section(
        "agreement",
        "Agreement by criterion",
        [
            document.forest("agreement", "Agreement by criterion", marks, axis=None, zero=0.0),
            document.table("figures", "All figures", columns, rows),
        ],
        said=said,
    )


def _meanings(measured: Sequence[Measured]) -> Section:
    """Each of the other numbers in words, a paragraph for each criterion."""
    said = []
    for each in measured:
        left_out = {"alpha"} if each.table.level == "ordinal" else {"alpha", "icc"}
        rest = [words for name, words in each.readings.items() if name not in left_out]
        said.append(f"{each.table.criterion.label}: {' '.join(rest)}")
    return document.section("meanings", "What the other numbers mean", [], said=said)


_ICC = {
    "1,1": "ICC(1,1)",
    "2,1": "ICC(2,1)",
    "3,1": "ICC(3,1)",
    "1,k": "ICC(1,k)",
    "2,k": "ICC(2,k)",
    "3,k": "ICC(3,k)",
}


def _shown(each: Measured) -> dict[str, Estimate]:
    """On one axis; how often raters agree is a share and stands beside coefficients unlabelled."""
    found = each.profile.agreement
    ac = "AC2" if found.ac_weights != "identity" else "AC1"
    shown = {"alpha": found.alpha, ac: found.ac}
    if each.table.level == "ordinal":
        shown["ICC(2,1)"] = found.icc2_1
    shown["exact"] = found.percent
    if each.table.level == "ordinal":
        shown["within one"] = found.within_one
    return shown


def _row(each: Measured) -> list[object]:
    found, all_icc = each.profile.agreement, each.profile.icc
    ordinal = each.table.level == "ordinal"
    placed = each.table.ratings.ranked() if ordinal else each.table.ratings
    return [
        each.table.criterion.label,
        cell(found.alpha),
        cell(found.ac),
        document.percent(found.percent),
        document.percent(found.within_one) if ordinal else None,
        cell(found.kappa),
        cell(fleiss.kappa(placed, found.kappa_weights)),
        *(cell(value) if ordinal else None for value in all_icc.values()),
        cell(each.profile.concordance.w) if ordinal else None,
        found.n_pairable_items,
        found.n_raters,
        found.n_values,
    ]


def _parts(heard: Heard, by: str, title: str, draws: int) -> Section:
    """Alpha and AC within each part of the prompts that has enough items."""
    of = heard.domain if by == "domain" else heard.severity
    marks, rows, small = [], [], set()
    for each in heard.rated:
        groups = {name: each.among(said) for name, said in each.by(of).items()}
        if len(groups) < 2:
            continue
        for name, ratings in groups.items():
            if ratings.n_pairable_items < FEWEST:
                small.add(name)
                continue
            alpha = bootstrap.alpha_interval(ratings, each.level, draws=min(draws, DRAWS_OF_PARTS))
            marks.append(mark(name, alpha, group=each.criterion.label))
            rows.append(_part_row(each, name, ratings, alpha))
    columns = ["Criterion", by.capitalize(), "Alpha", "AC", "Exact", "Items rated twice"]
    blocks = [
        document.forest(f"by_{by}", f"Alpha by {by}", marks, axis=None, zero=0.0),
        document.table(f"figures_by_{by}", title, columns, rows),
    ]
    return document.section(f"by_{by}", title, blocks if rows else [], said=_left_out(small))


def _part_row(each: Table, name: str, ratings: Ratings, alpha: Estimate) -> list[object]:
    placed = ratings.ranked() if each.level == "ordinal" else ratings
    ac = gwet.ac(placed, "quadratic" if each.level == "ordinal" else "identity")
    exact = document.percent(percent.exact(ratings))
    label = each.criterion.label
    return [label, name, cell(alpha), cell(ac), exact, ratings.n_pairable_items]


def _left_out(small: set[str]) -> list[str]:
    if not small:
        return []
    return [f"Too few items rated twice for a line: {', '.join(sorted(small))}."]


def _values(heard: Heard) -> Section:
    """What was given, criterion by criterion; scales of one length share a figure."""
    alike: dict[tuple[str, ...], list[Table]] = {}
    for each in heard.rated:
        alike.setdefault(_levels(each), []).append(each)
    blocks = [
        document.bars(
            f"values_{number}",
            "What raters gave: " + ", ".join(each.criterion.label for each in tables),
            levels,
            {each.criterion.label: _counts(each.ratings) for each in tables},
        )
        for number, (levels, tables) in enumerate(alike.items(), start=1)
    ]
    return document.section("values", "What raters gave", blocks)


def _levels(each: Table) -> tuple[str, ...]:
    names = {point.value: point.label for point in each.criterion.points.all()}
    plain: Mapping[int, str] = {} if each.criterion.kind == "scale" else names
    return tuple(plain.get(value) or str(value) for value in each.criterion.scale)


def _counts(ratings: Ratings) -> list[int]:
    """How often each level of the scale was given."""
    return [int(n) for n in ratings.dense_counts().sum(axis=0)]
