"""The report on two runs: the paper's table, three ways of knowing it, and domain by domain."""

from collections.abc import Mapping, Sequence

from agreement import holm, multiplicity, permutation
from agreement.estimate import Estimate
from agreement.wording import _, joined, ngettext
from annotation.models import Rubric
from corpus.models import Prompt
from generation.models import Run
from judging import approving
from judging.comparing import Comparison, Sides, compare
from judging.comparison import OVERALL, Contrast, Line, Row, Scale, differences
from judging.models import Judge, Panel
from judging.reports import document, methods
from judging.reports.document import BOTH, JUDGE, PEOPLE, Document, Section, cell, mark
from judging.reports.reading import NO_DOMAIN

DRAWS, DRAWS_OF_PARTS = 1000, 500
FEWEST_PROMPTS = 5
SOURCES = {PEOPLE: _("people"), JUDGE: _("judge"), BOTH: _("both (PPI++)")}
ENDS = (_("A better"), _("B better"))


def report(
    a: Run, b: Run, rubric: Rubric, judge: Judge | Panel | None, *, draws: int = DRAWS
) -> Document:
    """The whole document. Raises NotComparable where nothing can be paired."""
    found = compare(a=a, b=b, rubric=rubric, judge=judge, draws=draws)
    sides = found.sides
    if sides is None:
        raise ValueError("A comparison that was read has its sides.")
    prompts = _prompts(a)
    return document.document(
        headline=found.headline,
        lead=joined(
            _("A is {a}. B is {b}.", a=str(a), b=str(b)),
            ngettext("{n} prompt.", "{n} prompts.", len(prompts)),
        ),
        warnings=[each for each in _warnings(found, sides) if each],
        sections=[
            _table(found, sides, prompts),
            _three_ways(found),
            _domains(sides, prompts, draws=min(draws, DRAWS_OF_PARTS)),
            _missing(found, sides, prompts),
        ],
        methods=methods.of_comparison(found, draws=draws),
    )


def _warnings(found: Comparison, sides: Sides) -> list[str]:
    approved = approving.said_of(found.judge) if found.judge else []
    return [found.family_warning, found.held_warning, *approved, *_left_out(sides)]


def _prompts(run: Run) -> dict[str, str]:
    """The domain of each prompt that the runs answer."""
    asked = Prompt.objects.filter(completions__run=run).order_by().distinct()
    return {pk: name or NO_DOMAIN for pk, name in asked.values_list("pk", "domain__name")}


def _left_out(sides: Sides) -> list[str]:
    if not sides.left_out:
        return []
    names = joined(*sides.left_out, between=", ")
    return [_("Left out, because their values are names without an order: {names}.", names=names)]


def _table(found: Comparison, sides: Sides, prompts: Mapping[str, str]) -> Section:
    """By people: the table of the paper. By the judge: the same, where there is one."""
    blocks = [_figure(found)]
    blocks.append(_paper_table("people", _("People"), found, sides.human, len(prompts)))
    if sides.judged is not None:
        name = _("Judge: {judge}", judge=str(sides.judge))
        blocks.append(_paper_table("judge", name, found, sides.judged, len(prompts)))
    said = [
        _(
            "Read the difference first, then how often B is better. A ratio depends on where the "
            "scale starts, so scales of 1 to 5 show it under both codings."
        ),
        _(
            "Overall is the mean of the criteria, each scaled to 0-1, as the PsychoSafe paper "
            "defines it."
        ),
    ]
    return document.section("table", _("A and B"), blocks, said=said)


def _figure(found: Comparison) -> document.Block:
    marks = []
    for line in found.lines:
        for of, estimate in _sources(line).items():
            marks.append(
                mark(SOURCES[of], _share(estimate, line.scale), of=of, group=line.scale.label)
            )
    return document.forest(
        "differences",
        _("B minus A, as a share of the scale"),
        marks,
        axis=None,
        zero=0.0,
        ends=ENDS,
        note=_("Shares of failures are turned round, so that to the right is always better."),
    )


def _sources(line: Line) -> dict[str, Estimate]:
    found = {PEOPLE: line.human.difference}
    if line.judge is not None:
        found |= {JUDGE: line.judge.difference, BOTH: line.combined}
    return found


def _share(found: Estimate, scale: Scale) -> Estimate:
    """The difference over the length of the scale, turned so that more is better."""
    if found.value is None:
        return found
    unit = -scale.span if scale.is_failure else scale.span
    if found.interval is None:
        return Estimate(found.value / unit, interval_reason=found.interval_reason)
    low, high = sorted(end / unit for end in found.interval)
    return Estimate(found.value / unit, low, high)


COLUMNS = (
    *(_("Criterion"), _("Prompts"), _("Mean A"), _("Mean B"), _("B minus A"), "P(B>A)"),
    *(_("Ratio B/A"), _("Ratio, other coding"), "p", "p (Holm)", _("Ties"), _("Prompts missing")),
)


def _paper_table(
    key: str, title: str, found: Comparison, rows: Mapping[str, list[Row]], n_prompts: int
) -> document.Block:
    scales = [line.scale for line in found.lines]
    p_values = {scale.key: _p(rows.get(scale.key, [])) for scale in scales}
    tested = {key: p for key, p in p_values.items() if p is not None and key != OVERALL}
    adjusted = dict(zip(tested, holm.adjusted(list(tested.values())), strict=True))
    made = []
    for line in found.lines:
        seen = line.human if key == "people" else line.judge
        if seen is None:
            continue
        of = line.scale.key
        gaps = differences(rows.get(of, []))
        ties = sum(abs(gap) < 1e-9 for gap in gaps.values())
        p = [p_values[of], adjusted.get(of)]
        made.append([line.scale.label, *_contrast(seen), *p, ties, n_prompts - seen.n_prompts])
    codings = {r.coding for line in found.lines for r in line.human.ratios}
    note = _(
        "Ratios: {codings}. Holm over the criteria, overall apart.",
        codings=joined(*sorted(codings), between="; "),
    )
    return document.table(f"table_{key}", title, COLUMNS, made, note)


def _contrast(seen: Contrast) -> list[object]:
    ratios: list[object] = [_ratio(seen, place) for place in (0, 1)]
    differs = cell(seen.difference)
    return [seen.n_prompts, seen.mean_a, seen.mean_b, differs, cell(seen.superiority), *ratios]


def _ratio(seen: Contrast, place: int) -> object:
    return cell(seen.ratios[place].estimate) if place < len(seen.ratios) else None


def _p(rows: Sequence[Row]) -> float | None:
    gaps = differences(rows)
    return permutation.sign_flip(list(gaps.values())).p.value if gaps else None


def _three_ways(found: Comparison) -> Section:
    if found.judge is None:
        said = [_("No judge has scored both runs, so this is what people say.")]
        return document.section("three_ways", _("People, judge and both"), [], said=said)
    rows = [
        [
            line.scale.label,
            cell(line.human.difference),
            cell(line.judge.difference) if line.judge else None,
            cell(line.combined),
            line.human.n_prompts,
            line.judge.n_prompts if line.judge else 0,
        ]
        for line in found.lines
    ]
    warnings = [
        joined(line.scale.label, line.warning, between=": ") for line in found.lines if line.warning
    ]
    columns = [_("Criterion"), _("People"), _("Judge"), _("Both (PPI++)")]
    columns += [_("Prompts rated"), _("Prompts judged")]
    return document.section(
        "three_ways",
        _("People, judge and both"),
        [document.table("three_ways_table", _("B minus A, three ways"), columns, rows)],
        warnings=warnings,
    )


def _domains(sides: Sides, prompts: Mapping[str, str], *, draws: int) -> Section:
    names = sorted(set(prompts.values()), key=lambda name: (name == NO_DOMAIN, name))
    if len(names) < 2:
        return document.section("domains", _("By domain"), [])
    marks, rows, tests = [], [], []
    for scale in sides.whole:
        for name in names:
            among = {pk for pk, domain in prompts.items() if domain == name}
            line = sides.line(scale, among=among, draws=draws)
            if line.human.n_prompts < FEWEST_PROMPTS:
                continue
            both = _share(line.human.difference, scale)
            marks.append(mark(name, both, group=scale.label))
            own = [row for row in sides.human.get(scale.key, []) if row[0] in among]
            tests.append(_p(own) or 1.0)
            rows.append([scale.label, name, *_contrast(line.human)[:5], line.warning])
    adjusted = multiplicity.benjamini_yekutieli(tests) if tests else []
    made = [[*row[:-1], p, row[-1]] for row, p in zip(rows, adjusted, strict=True)]
    columns: list[str] = [_("Criterion"), _("Domain"), _("Prompts"), _("Mean A"), _("Mean B")]
    columns += [_("B minus A"), "P(B>A)", "p (BY)", _("Judge")]
    title = _("B minus A by domain")
    blocks = [
        document.forest("by_domain", title, marks, axis=None, zero=0.0, ends=ENDS),
        document.table("domains_table", _("By domain, as people see it"), columns, made),
    ]
    none = _("No domain has {n} prompts that people rated.", n=FEWEST_PROMPTS)
    said = [] if rows else [none]
    return document.section("domains", _("By domain"), blocks if rows else [], said=said)


def _missing(found: Comparison, sides: Sides, prompts: Mapping[str, str]) -> Section:
    """What is not in the figures, by side: a difference between the sides is itself a bias."""
    rows = [
        [line.label, *(_("{n} of {of}", n=n, of=of) for n, of in (line.a, line.b))]
        for line in found.unscored
    ]
    said = [
        _(
            "{criterion}: people rated both answers to {n} of {of} prompts.",
            criterion=line.scale.label,
            n=line.human.n_prompts,
            of=len(prompts),
        )
        for line in found.lines
    ]
    if found.judge is not None:
        n = found.n_unscored
        said.append(_("Left unscored by the judge: {a} verdicts on A, {b} on B.", **n))
    columns = [_("Criterion"), _("Unscored on A"), _("Unscored on B")]
    blocks = [document.table("unscored", _("Left unscored by the judge"), columns, rows)]
    title = _("Missing and unscored")
    return document.section("missing", title, blocks if rows else [], said=said)
