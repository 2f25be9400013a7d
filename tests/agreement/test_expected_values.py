"""Every shared expected value is reached within its tolerance: none is left out."""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from agreement import (
    brennan_prediger,
    conger,
    fleiss,
    gwet,
    icc,
    kappa,
    krippendorff,
    percent,
    weighted_alpha,
    weights,
)
from agreement.estimate import Estimate
from agreement.ratings import Ratings
from agreement.weights import WeightName
from tests.agreement import shared

FILE = "agreement/expected_values.csv"
pytestmark = shared.needs(FILE)

SCALES = {
    # Levels in the order of the printed table, where a weighted figure depends on it.
    "gwet_cont3x3abstractors_100": ["Ectopic", "AIU", "NIU"],
}
WEIGHTED: dict[str, Callable[[Ratings, WeightName], Estimate]] = {
    "percent_agreement": percent.weighted,
    "percent_agreement_weighted": percent.weighted,
    "brennan_prediger": brennan_prediger.kappa,
    "bennett_s": brennan_prediger.kappa,
    "randolph_kappa": brennan_prediger.kappa,
    "scott_pi": fleiss.kappa,
    "fleiss_kappa": fleiss.kappa,
    "fleiss_kappa_gwet_missing": fleiss.kappa,
    "conger_kappa": conger.kappa,
    "krippendorff_alpha_gwet_weights": weighted_alpha.alpha,
    "gwet_ac": gwet.ac,
    "gwet_ac1": gwet.ac,
    "gwet_ac2": gwet.ac,
    "cohen_kappa": kappa.mean_pairwise,
}


def statistic(row: dict[str, Any]) -> Callable[[Ratings], float | None] | None:
    """How to compute the statistic of `row`; None where the package does not have it."""
    name, variant = row["statistic"], row["variant"]
    base, _, part = name.rpartition("_")
    weight: Any = variant.removeprefix("weights=").replace("unweighted", "identity") or "identity"
    if name in WEIGHTED and (weight in weights.WEIGHTS):
        return lambda ratings: WEIGHTED[name](ratings, weight).value
    if base == "krippendorff_alpha_gwet_weights" and part in ("pa", "pe"):
        field = {"pa": "observed", "pe": "expected"}[part]
        return lambda ratings: getattr(weighted_alpha.parts(ratings, weight), field)
    if base in WEIGHTED and part in ("se", "pa", "pe") and base != "cohen_kappa":
        return lambda ratings: part_of(part, WEIGHTED[base](ratings, weight), ratings, weight)
    return SPECIAL.get(name, lambda _: None)(variant)


def part_of(part: str, found: Estimate, ratings: Ratings, weight: WeightName) -> float | None:
    observed = percent.weighted(ratings, weight).value
    if part == "se":
        return found.se
    return observed if part == "pa" else by_chance(observed, found.value)


def by_chance(observed: float | None, value: float | None) -> float:
    """pe, solved from (pa - pe) / (1 - pe)."""
    assert observed is not None and value is not None
    return (observed - value) / (1 - value)


def alpha(variant: Any) -> Callable[[Ratings], float | None]:
    return lambda ratings: krippendorff.alpha(ratings, variant).value


def pair(variant: Any) -> Callable[[Ratings], float | None] | None:
    """Cohen's kappa, weighted or not, of the raters or under the weights that the row names."""
    if variant.startswith("disagreement_weights="):
        costs = np.array(ast.literal_eval(variant.partition("=")[2]), dtype=float)
        return lambda r: (
            kappa.of_table(kappa.cross_table(r, *r.raters), 1 - costs / costs.max()).value
        )
    first, second = (int(n) - 1 for n in variant.split(";")[0].removeprefix("raters ").split(","))
    name: Any = next((w for w in ("linear", "quadratic") if w[:6] in variant), None)
    name = name or ("quadratic" if "squared" in variant else "identity")
    return lambda r: kappa.weighted(alone(r, first, second), "1", "2", name).value


def alone(ratings: Ratings, first: int, second: int) -> Ratings:
    """Two raters, as positions on a scale of just the levels that these two used."""
    return Ratings.from_matrix(ratings.matrix[:, [first, second]], "nominal").ranked()


def category(variant: Any) -> Callable[[Ratings], float | None]:
    return lambda ratings: fleiss.of_level(ratings, variant.removeprefix("category=")).value


def correlation(pick: str) -> Callable[[Any], Callable[[Ratings], float | None]]:
    return lambda variant: lambda r: getattr(icc.icc(r, variant[4:7]), pick)


def variance_ratio(variant: Any) -> Callable[[Ratings], float | None]:
    def of(ratings: Ratings) -> float:
        squares = icc.mean_squares(ratings)
        return squares.items / (squares.within if variant[4] == "1" else squares.residual)

    return of


SPECIAL: dict[str, Callable[[Any], Callable[[Ratings], float | None] | None]] = {
    "krippendorff_alpha": alpha,
    "krippendorff_Do": lambda level: lambda r: krippendorff.disagreement(r, level)[0],
    "krippendorff_De": lambda level: lambda r: krippendorff.disagreement(r, level)[1],
    "cohen_kappa": pair,
    "cohen_weighted_kappa": pair,
    "cohen_pe": lambda _: lambda r: by_chance(percent.exact(r).value, kappa.mean_pairwise(r).value),
    "scott_pe": lambda _: lambda r: by_chance(percent.exact(r).value, fleiss.kappa(r).value),
    "fleiss_po": lambda _: lambda r: percent.exact(r).value,
    "fleiss_pe": lambda _: lambda r: by_chance(percent.exact(r).value, fleiss.kappa(r).value),
    "fleiss_z": lambda _: lambda r: fleiss.against_chance(r).value,
    "hubert_kappa": lambda _: lambda r: conger.kappa(r).value,
    "cohen_po_max": lambda _: lambda r: kappa.highest(r, *r.raters)[0].value,
    "cohen_kappa_max": lambda _: lambda r: kappa.highest(r, *r.raters)[1].value,
    "fleiss_category_kappa": category,
    "category_scott_pi": category,
    "gwet_pe": lambda _: lambda r: by_chance(percent.exact(r).value, gwet.ac(r).value),
    "gwet_ac1_pe": lambda _: lambda r: by_chance(percent.exact(r).value, gwet.ac(r).value),
    "gwet_ac2_pe": lambda weight: (
        lambda r: by_chance(percent.weighted(r, weight).value, gwet.ac(r, weight).value)
    ),
    "icc_F": variance_ratio,
    "icc": correlation("value"),
    "icc_ci_low": correlation("low"),
    "icc_ci_high": correlation("high"),
}
ROWS = [row for row in shared.records(FILE) if statistic(row) is not None]


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda r: f"{r['dataset']}-{r['statistic']}-{r['variant']}"
)
def test_expected_value_is_reached(row: dict[str, str]) -> None:
    ratings = shared.wide(row["dataset"], scale=SCALES.get(row["dataset"]))
    compute = statistic(row)
    assert compute is not None
    assert compute(ratings) == pytest.approx(float(row["value"]), abs=float(row["tolerance"]))


def test_no_row_is_left_out_but_those_that_are_tested_elsewhere() -> None:
    left_out = {row["statistic"] for row in shared.records(FILE) if statistic(row) is None}
    assert left_out == set(ELSEWHERE)


ELSEWHERE = {  # preferences, not agreement: tests/agreement/test_golden_models.py
    "bradley_terry_ability",
    "bradley_terry_se",
    "residual_deviance",
}
