"""How likely a judge is to pass the alternative annotator test, by the number of items.

`of_pilot` draws items of the pilot again: what raters and judge showed there is taken as true.
`of_plan` needs no data: normal noise around an item's true value, rounded to the scale. Every
rater rates every item in a plan; a pilot keeps its own gaps. Both take a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from agreement import alt_test, bootstrap
from agreement.alt_test import EPSILON, AltTest
from agreement.contest import Measure, wins
from agreement.wording import _, ngettext

Floats = NDArray[np.float64]

DRAWS = 1000
TARGET = 0.8
MOST_ITEMS = 5000
CELLS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Plan:
    """A study to be: standard deviations on the scale of the scores, which run `low` to `high`.

    `rater_sd` and `judge_sd` are of the noise around an item's true value, `judge_bias` is added
    to every score of the judge. The default judge is as good as a rater.
    """

    n_raters: int = 3
    item_sd: float = 1.0
    rater_sd: float = 0.8
    judge_sd: float = 0.8
    judge_bias: float = 0.0
    low: int = 1
    high: int = 5


@dataclass(frozen=True)
class ItemsNeeded:
    """The smallest number of items with the power asked for, and how many more than there are.

    Both are None where `reason` says why more items would not do.
    """

    n_items: int | None
    more: int | None
    power: float | None
    reason: str | None = None


def of_pilot(
    human: ArrayLike,
    judge: ArrayLike,
    n_items: Sequence[int],
    *,
    epsilon: float = EPSILON["experts"],
    measure: Measure = "distance",
    draws: int = DRAWS,
    seed: int = bootstrap.SEED,
) -> dict[int, float]:
    """P(pass) for each number of items. Shapes as in `alt_test.run`. A rater with fewer than two
    drawn items is not tested; the t test is used throughout. Empty without a usable item."""
    passing = _pilot(human, judge, epsilon, measure, draws, seed)
    return {n: passing(n) for n in n_items} if passing else {}


def of_plan(
    plan: Plan,
    n_items: Sequence[int],
    *,
    epsilon: float = EPSILON["experts"],
    draws: int = DRAWS,
    seed: int = bootstrap.SEED,
) -> dict[int, float]:
    """P(pass) for each number of items of a study that is still to be made."""
    return {n: _plan_power(plan, n, epsilon, draws, seed) for n in n_items}


def items_needed(
    human: ArrayLike,
    judge: ArrayLike,
    *,
    target: float = TARGET,
    epsilon: float = EPSILON["experts"],
    measure: Measure = "distance",
    draws: int = DRAWS,
    seed: int = bootstrap.SEED,
) -> ItemsNeeded:
    """From the pilot: how many items the test needs to pass with probability `target`.

    No number does when the judge loses to half of the raters or more by eps or more.
    """
    passing = _pilot(human, judge, epsilon, measure, draws, seed)
    if passing is None:
        return ItemsNeeded(None, None, None, _("no item has the judge and two raters"))
    have = _n_usable(human, judge, measure)
    if passing(MOST_ITEMS) < target:
        reason = _("even {n} items like these would not let the judge pass", n=MOST_ITEMS)
        return ItemsNeeded(None, None, None, reason)
    n = _smallest(passing, target)
    return ItemsNeeded(n, max(0, n - have), passing(n))


def answer(test: AltTest, needed: ItemsNeeded) -> str:
    """The test in words: the judge may replace a rater, may not, or how many items are missing."""
    if test.passes is None:
        return _("Not enough data: {reason}.", reason=test.winning_rate.reason)
    if test.passes:
        return _("The judge may stand in for one of these raters.")
    if needed.more:
        return ngettext(
            "Not enough data: {n} more item like these.",
            "Not enough data: {n} more items like these.",
            needed.more,
        )
    return _("The judge may not stand in for one of these raters.")


def planned_items(
    plan: Plan,
    *,
    target: float = TARGET,
    epsilon: float = EPSILON["experts"],
    draws: int = DRAWS,
    seed: int = bootstrap.SEED,
) -> ItemsNeeded:
    """`items_needed` of a study without data, at most 1,000 items."""

    def passing(n: int) -> float:
        return _plan_power(plan, n, epsilon, draws, seed)

    if passing(1000) < target:
        return ItemsNeeded(
            None, None, None, _("even {n} items would not let such a judge pass", n=1000)
        )
    n = _smallest(passing, target)
    return ItemsNeeded(n, n, passing(n))


def _smallest(passing: Callable[[int], float], target: float) -> int:
    """By doubling, then halving: power is taken to grow with the number of items."""
    high = 2
    while passing(high) < target:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if passing(middle) >= target else (middle, high)
    return high


def _pilot(
    human: ArrayLike, judge: ArrayLike, epsilon: float, measure: Measure, draws: int, seed: int
) -> Callable[[int], float] | None:
    difference = _differences(human, judge, measure)
    n_seen = len(difference)
    if not n_seen:
        return None
    seen, values = (~np.isnan(difference)).astype(np.float64), np.nan_to_num(difference)
    chances = np.full(n_seen, 1 / n_seen)

    def passing(n: int) -> float:
        times = np.random.default_rng(seed).multinomial(n, chances, size=draws).astype(np.float64)
        return _share_passing(times @ seen, times @ values, times @ values**2, epsilon)

    return passing


def _differences(human: ArrayLike, judge: ArrayLike, measure: Measure) -> Floats:
    """d of each usable item and rater, (n_usable, n_raters), NaN where there is none."""
    table, verdict = np.asarray(human, dtype=np.float64), np.asarray(judge, dtype=np.float64)
    judge_wins, rater_wins = wins(table, verdict, measure)
    difference = rater_wins - judge_wins
    rows = difference[(~np.isnan(difference)).any(axis=1)]
    return np.asarray(rows[:, (~np.isnan(rows)).any(axis=0)])


def _n_usable(human: ArrayLike, judge: ArrayLike, measure: Measure) -> int:
    return len(_differences(human, judge, measure))


def _plan_power(plan: Plan, n: int, epsilon: float, draws: int, seed: int) -> float:
    rng = np.random.default_rng(seed)
    size = max(1, CELLS_AT_ONCE // (n * plan.n_raters**2))
    passed = 0.0
    for start in range(0, draws, size):
        many = min(size, draws - start)
        human, judge = _draw(plan, (many, n), rng)
        judge_wins, rater_wins = wins(human, judge, "distance")
        difference = rater_wins - judge_wins
        counts = np.full((many, plan.n_raters), float(n))
        sums, squares = difference.sum(axis=1), (difference**2).sum(axis=1)
        passed += many * _share_passing(counts, sums, squares, epsilon)
    return passed / draws


def _draw(plan: Plan, shape: tuple[int, int], rng: np.random.Generator) -> tuple[Floats, Floats]:
    middle = (plan.low + plan.high) / 2
    true = middle + plan.item_sd * rng.normal(size=shape)
    noise = rng.normal(size=(*shape, plan.n_raters))
    human = true[:, :, None] + plan.rater_sd * noise
    judge = true + plan.judge_bias + plan.judge_sd * rng.normal(size=shape)
    return (
        np.clip(np.round(human), plan.low, plan.high),
        np.clip(np.round(judge), plan.low, plan.high),
    )


def _share_passing(n: Floats, sums: Floats, squares: Floats, epsilon: float) -> float:
    """How often at least half of the raters are rejected; all (draws, n_raters)."""
    tested = n >= 2
    many = np.where(tested, n, 2.0)
    gap = sums / many
    spread = np.sqrt(np.maximum(squares - many * gap**2, 0.0) / (many - 1))
    p = np.where(tested, alt_test.t_p(gap, spread, many, epsilon), np.inf)
    rejected = _n_rejected(p, tested.sum(axis=1))
    passed = (rejected >= alt_test.ENOUGH * tested.sum(axis=1)) & tested.any(axis=1)
    return float(passed.mean())


def _n_rejected(p: Floats, m: NDArray[np.int64]) -> NDArray[np.int64]:
    """Benjamini-Yekutieli in every row: the largest k with p_(k) <= k q / (m sum 1/i)."""
    rank, tests = np.arange(1, p.shape[1] + 1), np.maximum(m, 1)
    harmonic = special.digamma(tests + 1) + np.euler_gamma
    limit = rank[None, :] * alt_test.ERROR_RATE / (tests * harmonic)[:, None]
    fine = np.sort(p, axis=1) <= limit
    return np.asarray(np.max(np.where(fine, rank, 0), axis=1))
