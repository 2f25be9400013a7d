"""How often one condition beats another, and what the judge's eye for the first place does to it.

An item is one opinion however often it was asked: its comparisons (orders, samples, judges) are
averaged first, then items are. Sources: Zheng et al. (2023), arXiv 2306.05685 (both orders).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agreement import bootstrap, wilson
from agreement.comparisons import NO_COMPARISON, ONE_ITEM, Comparisons
from agreement.estimate import Estimate, undefined
from agreement.wording import _

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WinRate:
    """`rate` of the first-named condition, with the counts it was made from."""

    rate: Estimate
    n_items: int
    n_comparisons: int
    n_ties: int


def win_rate(
    comparisons: Comparisons,
    a: str,
    b: str,
    *,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> WinRate:
    """mean over items of the item's mean score for `a` (1 win, 0.5 tie, 0 loss) against `b`.

    The interval resamples items (`bootstrap.with_interval`). 0.5 means no difference.
    Undefined when the two were never compared; without an interval when
    they were compared on one item only.
    """
    both = comparisons.between(a, b)
    rate = _mean_over_items(both, both.score, draws, seed)
    return WinRate(rate, both.n_items, both.n_comparisons, both.n_ties)


def first_slot_rate(
    comparisons: Comparisons, *, draws: int = bootstrap.DRAWS, seed: int = bootstrap.SEED
) -> Estimate:
    """How often the response shown first wins: mean over items, ties as half.

    0.5 means that the place does not matter, if every pair was shown in both orders; otherwise
    the rate also holds which condition was shown first. Undefined without comparisons.
    """
    return _mean_over_items(comparisons, comparisons.score, draws, seed)


def position_consistency(comparisons: Comparisons) -> Estimate:
    """The share of pairs on an item, shown in both orders, that got the same verdict in both.

    The same winner twice, or a tie twice, is consistent; with several verdicts of one order their
    mean decides. Wilson interval over items-and-pairs. Undefined when no pair was swapped.
    """
    left = np.minimum(comparisons.first, comparisons.second)
    right = np.maximum(comparisons.first, comparisons.second)
    straight = comparisons.first == left
    size = len(comparisons.names)
    pair = np.unique((comparisons.item * size + left) * size + right, return_inverse=True)[1]
    score = np.where(straight, comparisons.score, 1.0 - comparisons.score)
    ways = [_mean_by(pair, score, comparisons.times * side) for side in (straight, ~straight)]
    swapped = ~(np.isnan(ways[0]) | np.isnan(ways[1]))
    same = np.sign(ways[0][swapped] - 0.5) == np.sign(ways[1][swapped] - 0.5)
    if not len(same):
        return undefined(_("no pair of responses was shown in both orders"))
    return wilson.proportion(int(same.sum()), len(same))


def _mean_by(group: NDArray[np.intp], values: Floats, times: Floats) -> Floats:
    """Each group's mean of `values`, NaN where none was seen; shape (n_groups,)."""
    n_groups = int(group.max()) + 1 if len(group) else 0
    seen = np.bincount(group, times, minlength=n_groups)
    total = np.bincount(group, values * times, minlength=n_groups)
    return np.asarray(np.divide(total, seen, out=np.full(n_groups, np.nan), where=seen > 0))


def _mean_over_items(comparisons: Comparisons, score: Floats, draws: int, seed: int) -> Estimate:
    seen = comparisons.item_sums(np.ones(len(score)))
    if not len(score):
        return undefined(NO_COMPARISON)
    means = comparisons.item_sums(score) / seen
    plain = Estimate(float(means.mean()))
    if len(means) < 2:
        return Estimate(plain.value, interval_reason=ONE_ITEM)
    values = bootstrap.resample(
        lambda t: t @ means / len(means), len(means), draws=draws, seed=seed
    )
    return bootstrap.with_interval(plain, values, n=len(means))
