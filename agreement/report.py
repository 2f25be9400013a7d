"""All agreement statistics of one criterion in one object, and of a whole table as plain records.

Criteria are never pooled: each has its own scale, its own difficulty and its own line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agreement import bootstrap, gwet, icc, kappa, percent
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.scale import Level, Value
from agreement.weights import WeightName
from agreement.wording import _


@dataclass(frozen=True)
class CriterionAgreement:
    """What is known about the agreement on one criterion.

    `alpha` carries the item-bootstrap interval. `ac` and `kappa` use the weights that are named;
    `kappa` is the mean over pairs of raters where there are more than two.
    """

    level: Level
    n_items: int
    n_pairable_items: int
    n_raters: int
    n_values: int
    percent: Estimate
    within_one: Estimate
    alpha: Estimate
    ac: Estimate
    ac_weights: WeightName
    kappa: Estimate
    kappa_weights: WeightName
    icc2_1: Estimate
    icc2_k: Estimate

    @property
    def undefined(self) -> dict[str, str]:
        """Name of each statistic that has no value, with the reason."""
        named = {
            "percent_agreement": self.percent.reason,
            "alpha": self.alpha.reason,
            "alpha_ci": self.alpha.reason or self.alpha.interval_reason,
            "ac": self.ac.reason,
            "kappa": self.kappa.reason,
            "icc2_1": self.icc2_1.reason,
            "icc2_k": self.icc2_k.reason,
        }
        return {name: reason for name, reason in named.items() if reason}

    def record(self, criterion: str | None) -> dict[str, Any]:
        """Plain values under the names that `agreement --json` promises."""
        interval = self.alpha.interval
        return {
            "criterion": criterion,
            "level": self.level,
            "n_items": self.n_items,
            "n_raters": self.n_raters,
            "n_values": self.n_values,
            "percent_agreement": self.percent.value,
            "alpha": self.alpha.value,
            "alpha_ci": list(interval) if interval else None,
            "ac": self.ac.value,
            "ac_weights": self.ac_weights,
            "kappa": self.kappa.value,
            "icc2_1": self.icc2_1.value,
            "icc2_k": self.icc2_k.value,
            "undefined": self.undefined,
        }


def summarise(
    ratings: Ratings, level: Level, *, draws: int = bootstrap.DRAWS, seed: int = bootstrap.SEED
) -> CriterionAgreement:
    """All statistics of one criterion: identity weights if nominal, quadratic otherwise.

    Ordinal levels enter AC2 and kappa by their position, ICC by their number.
    """
    weights: WeightName = "identity" if level == "nominal" else "quadratic"
    placed = ratings.ranked() if level == "ordinal" else ratings
    return CriterionAgreement(
        level=level,
        n_items=ratings.n_items,
        n_pairable_items=ratings.n_pairable_items,
        n_raters=ratings.n_raters,
        n_values=ratings.n_values,
        percent=percent.exact(ratings),
        within_one=percent.within_one(ratings, level),
        alpha=bootstrap.alpha_interval(ratings, level, draws=draws, seed=seed),
        ac=gwet.ac(placed, weights),
        ac_weights=weights,
        kappa=kappa.mean_pairwise(placed, weights),
        kappa_weights=weights,
        icc2_1=icc_of(ratings, level, "2,1"),
        icc2_k=icc_of(ratings, level, "2,k"),
    )


def by_criterion(
    rows: Iterable[Sequence[Any]],
    level: Level,
    scale: Sequence[Value] | None = None,
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> dict[str | None, CriterionAgreement]:
    """`summarise` of each criterion among rows (item, rater, value[, criterion]), in the order of
    first appearance; the key is None where rows have no criterion."""
    return {
        criterion: summarise(ratings, level, draws=draws, seed=seed)
        for criterion, ratings in tables(rows, level, scale).items()
    }


def tables(
    rows: Iterable[Sequence[Any]], level: Level, scale: Sequence[Value] | None = None
) -> dict[str | None, Ratings]:
    """Rows (item, rater, value[, criterion]) as a table for each criterion; one without rows has
    the key None."""
    groups: dict[str | None, list[tuple[Any, Any, Value | None]]] = {}
    for item, rater, value, *rest in rows:
        groups.setdefault(rest[0] if rest else None, []).append((item, rater, value))
    found = groups or {None: []}
    return {criterion: Ratings.from_rows(group, level, scale) for criterion, group in found.items()}


def describe(
    rows: Iterable[Sequence[Any]],
    level: Level,
    scale: Sequence[Value] | None = None,
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> list[dict[str, Any]]:
    """One plain record per criterion, as `agreement --json` prints them. Ready for JSON: what is
    undefined is None, and `undefined` holds its reason."""
    found = by_criterion(rows, level, scale, draws=draws, seed=seed)
    return [agreement.record(criterion) for criterion, agreement in found.items()]


def icc_of(ratings: Ratings, level: Level, form: icc.Form) -> Estimate:
    """`icc.icc`, but undefined for nominal levels even where they are spelt as numbers."""
    if level == "nominal":
        return undefined(_("nominal levels are names, and an intraclass correlation needs numbers"))
    return icc.icc(ratings, form)
