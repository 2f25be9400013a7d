"""May the judge stand in for one of the raters? The alternative annotator test, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agreement import alt_power, alt_test
from agreement.alt_power import ItemsNeeded
from agreement.alt_test import AltTest
from agreement.wording import Said, _, joined, listed
from judging.reports import document
from judging.reports.document import JUDGE, Section, cell, mark

if TYPE_CHECKING:
    from judging.reports.validation import Pair

DRAWS_OF_POWER = 400
Answer = Literal["may", "may not", "unknown"]
CLOSER = _("Judge as close or closer")
# What the prompts are parted by: the title, and the column of the parts.
PARTS = {
    "domain": (_("May it stand in for a rater, by domain"), _("Domain")),
    "severity": (_("May it stand in for a rater, by severity"), _("Severity")),
}


@dataclass(frozen=True, eq=False)
class Decided:
    """The test on one criterion, its power, and what follows."""

    pair: Pair
    test: AltTest
    needed: ItemsNeeded
    power: float | None

    @property
    def words(self) -> str:
        return alt_power.answer(self.test, self.needed)

    @property
    def answer(self) -> Answer:
        if self.test.passes:
            return "may"
        return "unknown" if self.test.passes is None or self.needed.more else "may not"


def decide(pair: Pair, *, draws: int) -> Decided:
    """On all of the pair's items, with the margin for experts."""
    human, judge, found = pair.matrix()
    measure = _measure(pair)
    test = alt_test.run(human, judge, measure=measure, raters=found.raters, draws=draws)
    needed = alt_power.items_needed(human, judge, measure=measure, draws=DRAWS_OF_POWER)
    n = test.n_items
    power = alt_power.of_pilot(human, judge, [n], measure=measure, draws=DRAWS_OF_POWER)
    return Decided(pair, test, needed, power.get(n) if n else None)


def _measure(pair: Pair) -> Literal["match", "distance"]:
    return "distance" if pair.table.level == "ordinal" else "match"


def headline(name: str, decided: Sequence[Decided]) -> str:
    """The answer over all criteria, a sentence for each kind of answer."""
    if not decided:
        return _(
            "{judge} has no value on an answer that people rated, so nothing can be said.",
            judge=name,
        )
    clauses: list[Said] = []
    for answer in ("may", "may not", "unknown"):
        names = [each.pair.label.lower() for each in decided if each.answer == answer]
        if names:
            clauses.append(_clause(name, answer, listed(names), is_first=not clauses))
    return joined(joined(*clauses, between="; "), ".", between="")


def _clause(name: str, answer: str, criteria: str, *, is_first: bool) -> Said:
    """The first clause names the judge, the others go on from it."""
    if answer == "may":
        return _("{judge} may stand in for a rater on {criteria}", judge=name, criteria=criteria)
    if answer == "may not" and is_first:
        return _(
            "{judge} may not stand in for a rater on {criteria}", judge=name, criteria=criteria
        )
    if answer == "may not":
        return _("it may not on {criteria}", criteria=criteria)
    if is_first:
        return _("{judge} has too little data on {criteria}", judge=name, criteria=criteria)
    return _("it has too little data on {criteria}", criteria=criteria)


def section(decided: Sequence[Decided]) -> Section:
    rows, of_raters, marks = [], [], []
    for each in decided:
        test = each.test
        rate = test.winning_rate.value
        rows.append(
            [each.pair.label, each.words, rate, cell(test.advantage), test.n_items, each.power]
        )
        rows[-1].append(each.needed.n_items)
        marks.append(mark(each.pair.label, test.advantage, of=JUDGE))
        of_raters += [
            [
                *(each.pair.label, each.pair.raters[one.rater], one.advantage),
                *(one.adjusted_p, one.n_items, one.reason),
            ]
            for one in test.raters
        ]
    columns = [_("Criterion"), _("Answer"), _("Raters beaten"), CLOSER, _("Answers"), _("Power")]
    columns += [_("Answers needed")]
    by_rater = [_("Criterion"), _("Rater"), CLOSER, "p (BY)", _("Answers"), _("Not tested")]
    title = _("Whether the judge may stand in for a rater")
    blocks = [
        document.table("replacing", title, columns, rows),
        document.forest(
            "advantage", _("How often the judge is as close to the others as a rater"), marks
        ),
        document.table("raters", _("Against each rater"), by_rater, of_raters),
    ]
    said = [joined(each.pair.label, each.words, between=": ") for each in decided]
    return document.section(
        "replacing", _("May it stand in for a rater?"), blocks if rows else [], said=said
    )


def by_part(known: Sequence[Pair], by: Literal["domain", "severity"]) -> Section:
    """The test within each part of the prompts, one correction over all raters of all parts."""
    rows, said = [], []
    for pair in known:
        human, judge, found = pair.matrix()
        places = pair.domains if by == "domain" else pair.severities
        strata = [places[item] for item in found.items]
        if len(set(strata)) < 2:
            continue
        measure = _measure(pair)
        tests = alt_test.by_stratum(human, judge, strata, measure=measure, raters=found.raters)
        for name in sorted(set(strata)):
            test = tests[name]
            kept = [place for place, stratum in enumerate(strata) if stratum == name]
            needed = alt_power.items_needed(
                human[kept], judge[kept], measure=measure, draws=DRAWS_OF_POWER
            )
            answer = alt_power.answer(test, needed)
            rows.append([pair.label, name, answer, cell(test.advantage), test.n_items])
        passed = sum(bool(test.passes) for test in tests.values())
        said.append(
            _(
                "{criterion}: passes in {n} of {of}.",
                criterion=pair.label,
                n=passed,
                of=len(tests),
            )
        )
    title, part = PARTS[by]
    columns = [_("Criterion"), part, _("Answer"), CLOSER, _("Answers")]
    made = document.table(f"replacing_by_{by}", title, columns, rows)
    return document.section(f"replacing_by_{by}", title, [made] if rows else [], said=said)
