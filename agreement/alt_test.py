"""The alternative annotator test: may the judge stand in for one of these raters?

Each rater j is compared with the judge on how close they come to the OTHER raters. On item i the
judge wins if its score S is not below j's, j wins if j's is not below the judge's, so ties count
for both; d is j's win minus the judge's. H0: mean(d) >= eps is tested per rater, over all raters
(and strata) by Benjamini-Yekutieli; the judge passes when at least half of the raters are
rejected. Source: Calderon, Reichart & Dror (2025), ACL, arXiv 2501.10970. It asks whether the
judge is as good as a random one of THESE raters, not whether it favours a condition.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from agreement import bootstrap, multiplicity, signed_rank
from agreement.contest import Measure, wins
from agreement.estimate import Estimate, undefined
from agreement.wording import _

Floats = NDArray[np.float64]

EPSILON = {"experts": 0.2, "skilled": 0.15, "crowd": 0.1}
"""What a person costs more than a judge, in the share of wins given away, by kind of rater."""
T_NEEDS = 30
WILCOXON_NEEDS = 5
"""With fewer items no outcome of the signed-rank test is below 0.05."""
ERROR_RATE = 0.05
ENOUGH = 0.5


@dataclass(frozen=True)
class RaterTest:
    """One rater against the judge. `p` and what follows are None where `reason` says why."""

    rater: str
    n_items: int
    advantage: float | None
    gap: float | None
    test: Literal["t", "wilcoxon"] | None = None
    p: float | None = None
    adjusted_p: float | None = None
    is_beaten: bool | None = None
    reason: str | None = None


@dataclass(frozen=True)
class AltTest:
    """`winning_rate` (omega) is the share of tested raters that were rejected; `passes` from 0.5.
    `advantage` (rho) is how often the judge wins or ties, mean over raters: it ranks judges."""

    raters: tuple[RaterTest, ...]
    epsilon: float
    n_items: int
    winning_rate: Estimate
    advantage: Estimate

    @property
    def passes(self) -> bool | None:
        """None where nothing could be tested; `winning_rate.reason` says why."""
        rate = self.winning_rate.value
        return None if rate is None else rate >= ENOUGH


def run(
    human: ArrayLike,
    judge: ArrayLike,
    *,
    epsilon: float = EPSILON["experts"],
    measure: Measure = "distance",
    raters: Sequence[str] | None = None,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> AltTest:
    """The test of `judge` (n_items,) against `human` (n_items, n_raters), NaN where missing.

    `measure` "match" is the share of other raters with the same label, "distance" the negative
    root mean square difference from them. Items count that have a judge's value and two or more
    human ones. A rater with 30 or more of them gets the t test, with 5 or more the signed-rank
    test (exact), with fewer none. Undefined when no rater can be tested.
    """
    everything = ["all"] * len(np.asarray(judge, dtype=np.float64))
    return by_stratum(
        human,
        judge,
        everything,
        epsilon=epsilon,
        measure=measure,
        raters=raters,
        draws=draws,
        seed=seed,
    )["all"]


def by_stratum(
    human: ArrayLike,
    judge: ArrayLike,
    strata: Sequence[Hashable],
    *,
    epsilon: float = EPSILON["experts"],
    measure: Measure = "distance",
    raters: Sequence[str] | None = None,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> dict[Hashable, AltTest]:
    """`run` in each stratum (`strata` names each item's), with one correction over all raters of
    all strata: the judge "passes in X of Y domains"."""
    table, verdict = np.asarray(human, dtype=np.float64), np.asarray(judge, dtype=np.float64)
    if table.ndim != 2 or len(table) != len(verdict) or len(strata) != len(verdict):
        raise ValueError(
            f"{table.shape} human values, {len(verdict)} judged, {len(strata)} strata."
        )
    names = tuple(raters or [str(place + 1) for place in range(table.shape[1])])
    judge_wins, rater_wins = wins(table, verdict, measure)
    rows: dict[Hashable, list[int]] = {}
    for place, stratum in enumerate(strata):
        rows.setdefault(stratum, []).append(place)
    tests = {
        stratum: [
            _rater(name, judge_wins[kept, j], rater_wins[kept, j], epsilon)
            for j, name in enumerate(names)
        ]
        for stratum, kept in rows.items()
    }
    tested = _corrected([test for group in tests.values() for test in group])
    found: dict[Hashable, AltTest] = {}
    for stratum, group in tests.items():
        mine, tested = tuple(tested[: len(group)]), tested[len(group) :]
        found[stratum] = _summary(mine, judge_wins[rows[stratum]], epsilon, draws, seed)
    return found


def t_p(gap: Floats, spread: Floats, n: Floats, epsilon: float) -> Floats:
    """P(t <= (gap - eps) / (spread / sqrt(n))), elementwise; a constant d is certain either way."""
    apart = gap - epsilon
    flat = spread <= 1e-12
    t = apart / np.where(flat, 1.0, spread) * np.sqrt(n)
    certain = np.where(apart < -1e-12, 0.0, 1.0)
    return np.where(flat, certain, special.stdtr(n - 1, t))


def _rater(name: str, judge_wins: Floats, rater_wins: Floats, epsilon: float) -> RaterTest:
    kept = ~np.isnan(judge_wins)
    n = int(kept.sum())
    if not n:
        return RaterTest(
            name, 0, None, None, reason=_("no item has this rater, another and the judge")
        )
    difference = rater_wins[kept] - judge_wins[kept]
    advantage, gap = float(judge_wins[kept].mean()), float(difference.mean())
    if n < WILCOXON_NEEDS:
        return RaterTest(
            name, n, advantage, gap, reason=_("a test needs {n} items", n=WILCOXON_NEEDS)
        )
    if n >= T_NEEDS:
        spread = difference.std(ddof=1)
        by_t = t_p(np.array(gap), np.array(spread), np.array(float(n)), epsilon)
        return RaterTest(name, n, advantage, gap, "t", float(by_t))
    away = np.round(difference - epsilon, 12)
    return RaterTest(name, n, advantage, gap, "wilcoxon", signed_rank.p_less(away))


def _corrected(tests: list[RaterTest]) -> list[RaterTest]:
    known = [test.p for test in tests if test.p is not None]
    adjusted = iter(multiplicity.benjamini_yekutieli(known))
    return [test if test.p is None else _decided(test, next(adjusted)) for test in tests]


def _decided(test: RaterTest, adjusted: float) -> RaterTest:
    return RaterTest(
        test.rater,
        test.n_items,
        test.advantage,
        test.gap,
        test.test,
        test.p,
        adjusted,
        adjusted <= ERROR_RATE,
    )


def _summary(
    tests: tuple[RaterTest, ...], judge_wins: Floats, epsilon: float, draws: int, seed: int
) -> AltTest:
    beaten = [test.is_beaten for test in tests if test.is_beaten is not None]
    n_items = int((~np.isnan(judge_wins)).any(axis=1).sum())
    rate = (
        Estimate(sum(beaten) / len(beaten), interval_reason=_("omega only decides yes or no"))
        if beaten
        else undefined(
            _("no rater shares {n} items with another rater and the judge", n=WILCOXON_NEEDS)
        )
    )
    return AltTest(tests, epsilon, n_items, rate, _advantage(judge_wins, draws, seed))


def _advantage(judge_wins: Floats, draws: int, seed: int) -> Estimate:
    """rho, with the interval of `bootstrap.with_interval` over resampled items."""
    rows = judge_wins[(~np.isnan(judge_wins)).any(axis=1)]
    if not len(rows):
        return undefined(_("no item has the judge and two raters"))
    rows = rows[:, (~np.isnan(rows)).any(axis=0)]
    seen, won = (~np.isnan(rows)).astype(np.float64), np.nan_to_num(rows)
    plain = Estimate(float((won.sum(axis=0) / seen.sum(axis=0)).mean()))
    if len(rows) < 2:
        return Estimate(plain.value, interval_reason=bootstrap.ONE_ITEM)

    def of(times: Floats) -> Floats:
        below = times @ seen
        share = np.divide(times @ won, below, out=np.full_like(below, np.nan), where=below > 0)
        return np.asarray(share.mean(axis=1))

    values = bootstrap.resample(of, len(rows), draws=draws, seed=seed)
    return bootstrap.with_interval(plain, values, n=len(rows))
