"""The report of a study: per criterion, and per domain and severity of the prompt. Never pooled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agreement import bootstrap, causes, fleiss, gwet, percent, profile
from agreement.causes import Words
from agreement.estimate import Estimate
from agreement.profile import Profile
from agreement.ratings import Ratings
from agreement.wording import _, joined
from annotation.models import Study
from judging.reports import document, items, methods, named, people, reading
from judging.reports.document import Document, Section, cell, mark
from judging.reports.reading import Heard, Said, Table

DRAWS = 1000
# A part of a study has fewer items; its interval needs fewer draws to be as steady.
DRAWS_OF_PARTS = 500
# Below so many items rated twice, a part gets no line of its own.
FEWEST = 5
STRICT, MORE = Words(_("stricter"), _("milder")), Words(_("less"), _("more"))


@dataclass(frozen=True, eq=False)
class Measured:
    """A criterion with its profile."""

    table: Table
    profile: Profile

    @property
    def words(self) -> Words:
        """What low and high values are called: of a scale, stricter and milder."""
        return STRICT if self.table.level == "ordinal" else MORE

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
        _parts(heard, BY_DOMAIN, heard.domain, draws),
        _parts(heard, BY_SEVERITY, heard.severity, draws),
        _values(heard),
        *people.sections(heard, measured, draws=min(draws, DRAWS_OF_PARTS)),
        *items.sections(measured, study),
    ]
    others = named.section(study, draws=min(draws, DRAWS_OF_PARTS))
    return document.document(
        headline=_headline(measured, others),
        lead=_lead(heard),
        warnings=_unread(heard),
        sections=[*(sections if measured else []), others],
        methods=methods.of_study(heard, draws=draws),
    )


def _lead(heard: Heard) -> str:
    return _(
        "{study}. {raters} raters, {items} rated answers or items, {ratings} ratings.",
        study=heard.study.name,
        raters=len(heard.raters),
        items=heard.n_items,
        ratings=heard.n_ratings,
    )


def _headline(measured: Sequence[Measured], others: Section) -> str:
    if not measured and others["blocks"]:
        return _("No criterion has a single value.")
    if not measured:
        return _("Nobody has rated yet.")
    return causes.overview([each.profile.finding(each.table.about) for each in measured])


def _unread(heard: Heard) -> list[str]:
    tables = [each for each in heard.tables if each.criterion.is_measured]
    names = [each.criterion.label for each in tables if not each.rows]
    if not names or not heard.n_ratings:
        return []
    left_out = joined(*names, between=", ")
    return [_("Without a single value, and so left out: {criteria}.", criteria=left_out)]


def _whole(measured: Sequence[Measured]) -> Section:
    marks = [
        mark(name, found, group=each.table.criterion.label)
        for each in measured
        for name, found in _shown(each).items()
    ]
    rows = [_row(each) for each in measured]
    said = [each.readings["alpha"] for each in measured]
    columns = [_("Criterion"), _("Alpha"), "AC", _("Exact"), _("Within one"), _("Kappa")]
    columns += [_("Fleiss' kappa"), *_ICC, _("Kendall's W"), _("Items rated twice"), _("Raters")]
    title = _("Agreement by criterion")
    blocks = [
        document.forest("agreement", title, marks, axis=None, zero=0.0),
        document.table("figures", _("All figures"), [*columns, _("Ratings")], rows),
    ]
    return document.section("agreement", title, blocks, said=said)


def _meanings(measured: Sequence[Measured]) -> Section:
    """Each of the other numbers in words, a paragraph for each criterion."""
    said = []
    for each in measured:
        left_out = {"alpha"} if each.table.level == "ordinal" else {"alpha", "icc"}
        rest = [words for name, words in each.readings.items() if name not in left_out]
        said.append(joined(each.table.criterion.label, joined(*rest), between=": "))
    return document.section("meanings", _("What the other numbers mean"), [], said=said)


_ICC = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")


def _shown(each: Measured) -> dict[str, Estimate]:
    """On one axis; how often raters agree is a share and stands beside coefficients unlabelled."""
    found = each.profile.agreement
    ac = "AC2" if found.ac_weights != "identity" else "AC1"
    shown = {_("alpha"): found.alpha, ac: found.ac}
    if each.table.level == "ordinal":
        shown["ICC(2,1)"] = found.icc2_1
    shown[_("exact")] = found.percent
    if each.table.level == "ordinal":
        shown[_("within one")] = found.within_one
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


@dataclass(frozen=True)
class By:
    """What prompts are parted by, in words."""

    key: str
    title: str
    of_alpha: str
    column: str


BY_DOMAIN = By("by_domain", _("By domain of the prompt"), _("Alpha by domain"), _("Domain"))
BY_SEVERITY = By(
    "by_severity", _("By severity of the prompt"), _("Alpha by severity"), _("Severity")
)


def _parts(heard: Heard, by: By, of: Callable[[Said], str], draws: int) -> Section:
    """Alpha and AC within each part of the prompts that has enough items."""
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
    columns = [_("Criterion"), by.column, _("Alpha"), "AC", _("Exact"), _("Items rated twice")]
    blocks = [
        document.forest(by.key, by.of_alpha, marks, axis=None, zero=0.0),
        document.table(f"figures_{by.key}", by.title, columns, rows),
    ]
    return document.section(by.key, by.title, blocks if rows else [], said=_left_out(small))


def _part_row(each: Table, name: str, ratings: Ratings, alpha: Estimate) -> list[object]:
    placed = ratings.ranked() if each.level == "ordinal" else ratings
    ac = gwet.ac(placed, "quadratic" if each.level == "ordinal" else "identity")
    exact = document.percent(percent.exact(ratings))
    label = each.criterion.label
    return [label, name, cell(alpha), cell(ac), exact, ratings.n_pairable_items]


def _left_out(small: set[str]) -> list[str]:
    if not small:
        return []
    names = joined(*sorted(small), between=", ")
    return [_("Too few items rated twice for a line: {names}.", names=names)]


def _values(heard: Heard) -> Section:
    """What was given, criterion by criterion; scales of one length share a figure."""
    alike: dict[tuple[str, ...], list[Table]] = {}
    for each in heard.rated:
        alike.setdefault(_levels(each), []).append(each)
    blocks = [
        document.bars(
            f"values_{number}",
            _(
                "What raters gave: {criteria}",
                criteria=joined(*(each.criterion.label for each in tables), between=", "),
            ),
            levels,
            {each.criterion.label: _counts(each.ratings) for each in tables},
        )
        for number, (levels, tables) in enumerate(alike.items(), start=1)
    ]
    return document.section("values", _("What raters gave"), blocks)


def _levels(each: Table) -> tuple[str, ...]:
    names = {point.value: point.label for point in each.criterion.points.all()}
    plain: Mapping[int, str] = {} if each.criterion.kind == "scale" else names
    return tuple(plain.get(value) or str(value) for value in each.criterion.scale)


def _counts(ratings: Ratings) -> list[int]:
    """How often each level of the scale was given."""
    return [int(n) for n in ratings.dense_counts().sum(axis=0)]
