"""Everything about the agreement on one criterion in one object: figures, causes and readings."""

from __future__ import annotations

from dataclasses import dataclass

from agreement import (
    bootstrap,
    causes,
    confusion,
    drivers,
    icc,
    influence,
    kendall,
    pairwise,
    readings,
    report,
    sentence,
)
from agreement.causes import Finding, Words
from agreement.confusion import Confusion
from agreement.drivers import Drivers
from agreement.estimate import Estimate
from agreement.influence import Influence
from agreement.kendall import Concordance
from agreement.pairwise import PairTable
from agreement.ratings import Ratings
from agreement.report import CriterionAgreement
from agreement.scale import Level

MOST_ITEMS = 10


@dataclass(frozen=True, eq=False)
class Profile:
    """`items` are the ones that lower alpha most and `raters` all of them, with alpha without
    each. `pairs` and `confusion` are None where there are too many levels for a table."""

    agreement: CriterionAgreement
    icc: dict[icc.Form, Estimate]
    concordance: Concordance
    pairs: PairTable | None
    confusion: Confusion | None
    items: list[Influence]
    raters: list[Influence]
    drivers: Drivers

    def finding(self, about: str) -> Finding:
        """This criterion for `causes.overview`."""
        found = self.agreement
        return Finding(about, sentence.verdict(found.alpha, found.n_pairable_items), self.drivers)

    def readings(self, about: str, words: Words | None = None) -> dict[str, str]:
        """What each figure means, in words: alpha, percent, ac, icc, and why raters disagree
        (left out where nothing stands out)."""
        found = self.agreement
        said = {
            "alpha": sentence.reading(found.alpha, found.n_pairable_items, about),
            "percent": readings.of_percent(found.percent, found.within_one),
            "ac": readings.of_ac(found.ac, found.alpha, self.drivers.commonest),
            "icc": readings.of_icc(found.icc2_1, found.icc2_k, found.n_raters),
        }
        finding = self.finding(about)
        cause = causes.because(self.drivers, words)
        if cause and finding.verdict in ("disagree", "unclear"):
            said["why"] = causes.overview([finding], words)
        return said


def of(
    ratings: Ratings,
    level: Level,
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> Profile:
    """The profile of one criterion. Pairs are compared with the weights of `agreement.kappa`."""
    found = report.summarise(ratings, level, draws=draws, seed=seed)
    placed = ratings.ranked() if level == "ordinal" else ratings
    has_table = ratings.too_many_levels() is None
    return Profile(
        agreement=found,
        icc={form: report.icc_of(ratings, level, form) for form in icc.FORMS},
        concordance=kendall.concordance(ratings),
        pairs=pairwise.compare(placed, found.kappa_weights) if has_table else None,
        confusion=confusion.of_all_pairs(ratings) if has_table else None,
        items=influence.drivers(influence.of_items(ratings, level), most=MOST_ITEMS),
        raters=influence.of_raters(ratings, level),
        drivers=drivers.find(ratings, level),
    )
