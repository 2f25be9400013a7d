"""Prediction-powered inference (PPI++): a few human values correct many judged ones.

    lambda   = clip(cov(Y, F_l) / ((1 + n/N) var(F)), 0, 1)      F: judge on all items
    estimate = lambda mean(F_u) + mean(Y - lambda F_l)
    variance = lambda^2 var(F_u) / N + var(Y - lambda F_l) / n

Y are the human values of n labelled items, F_l the judge's on the same, F_u the judge's on N
others. The interval uses t with n - 1 degrees of freedom. Source: Angelopoulos, Duchi & Zrnic
(2023), arXiv 2311.01453. It holds if the labelled items are a random draw from all items; what it
gains is that the judge's bias is removed, not that raters are saved.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from agreement.chance import ONE_ITEM
from agreement.estimate import Estimate, undefined
from agreement.wording import _

Floats = NDArray[np.float64]

TOO_FEW = _("fewer than two items have both a human and a judge's value")
NO_OTHERS = _("every judged item was rated by people, so the judge adds nothing")


@dataclass(frozen=True)
class ThreeWays:
    """One quantity from people alone, from the judge alone, and from both.

    `weight` is lambda; `variance_ratio` is the variance of `both` over that of `human` (below 1:
    the judge helped), `best_ratio` what it comes to with many items, 1 - rho^2 N / (N + n); `bias`
    is judge minus human on the labelled items. The last four are None where `both` is undefined.
    """

    human: Estimate
    judge: Estimate
    both: Estimate
    n: int
    n_others: int
    weight: float | None = None
    variance_ratio: float | None = None
    best_ratio: float | None = None
    bias: Estimate | None = None


def mean(
    human: ArrayLike, judge_labelled: ArrayLike, judge_others: ArrayLike, confidence: float = 0.95
) -> Estimate:
    """The mean human value over all items. For a contrast give per-item differences.

    `human` and `judge_labelled` have shape (n,), `judge_others` (N,). Undefined below two labelled
    items or without others (then there is nothing that a judge could add).
    """
    y, f, others = _columns(human, judge_labelled, judge_others)
    if len(y) < 2:
        return undefined(TOO_FEW)
    if not len(others):
        return undefined(NO_OTHERS)
    weight = best_weight(y, f, others)
    spread = float(others.var(ddof=1)) if len(others) > 1 else 0.0
    rest = y - weight * f
    variance = weight**2 * spread / len(others) + float(rest.var(ddof=1)) / len(y)
    value = weight * float(others.mean()) + float(rest.mean())
    return _with_t(value, variance, len(y), confidence)


def best_weight(y: Floats, f: Floats, others: Floats) -> float:
    """lambda: how much of the judge to use; 0 where the judge does not vary."""
    spread = float(np.concatenate([f, others]).var(ddof=1))
    if spread == 0:
        return 0.0
    covariance = float(np.cov(y, f, ddof=1)[0, 1])
    return min(1.0, max(0.0, covariance / ((1 + len(y) / len(others)) * spread)))


def three_ways(human: ArrayLike, judge: ArrayLike, confidence: float = 0.95) -> ThreeWays:
    """The mean over items by people alone, by the judge alone, and by PPI++.

    Both have shape (n_items,), NaN where a value is missing; an item without the judge's value is
    left out. `judge` alone averages all judged items and keeps its bias.
    """
    y, f = np.asarray(human, dtype=np.float64), np.asarray(judge, dtype=np.float64)
    if y.shape != f.shape:
        raise ValueError(f"{len(y)} human values, but {len(f)} of the judge.")
    judged, labelled = ~np.isnan(f), ~np.isnan(y) & ~np.isnan(f)
    mine, its, others = y[labelled], f[labelled], f[judged & ~labelled]
    alone, by_judge = _plain(mine, confidence), _plain(f[judged], confidence)
    both = mean(mine, its, others, confidence)
    n, n_others = len(mine), len(others)
    if not both.is_defined:
        return ThreeWays(alone, by_judge, both, n, n_others)
    return ThreeWays(
        human=alone,
        judge=by_judge,
        both=both,
        n=n,
        n_others=n_others,
        weight=best_weight(mine, its, others),
        variance_ratio=(both.se / alone.se) ** 2 if both.se and alone.se else None,
        best_ratio=1 - _squared_correlation(mine, its) * n_others / (n + n_others),
        bias=_plain(its - mine, confidence),
    )


def stratified(
    human: ArrayLike, judge: ArrayLike, strata: Sequence[Hashable], confidence: float = 0.95
) -> Estimate:
    """The mean over items by PPI++ in each stratum, weighted by the stratum's share of the judged
    items, for labelled items drawn at a different rate in each.

    Columns as in `three_ways`. A stratum that is labelled throughout adds its human mean. The
    interval uses t with Satterthwaite's degrees of freedom. Undefined when a stratum has fewer
    than two labelled items, which the reason names.
    """
    y, f = np.asarray(human, dtype=np.float64), np.asarray(judge, dtype=np.float64)
    if not len(y) == len(f) == len(strata):
        raise ValueError(f"{len(y)} human values, {len(f)} judged, {len(strata)} strata.")
    rows: dict[Hashable, list[int]] = {}
    for place in np.flatnonzero(~np.isnan(f)).tolist():
        rows.setdefault(strata[place], []).append(place)
    if not rows:
        return undefined(_("there is no value"))
    total = sum(len(kept) for kept in rows.values())
    value, variances, free = 0.0, [], []
    for stratum, kept in rows.items():
        found = three_ways(y[kept], f[kept], confidence)
        part = found.both if found.n_others else found.human
        if found.n < 2 or part.se is None:
            return undefined(
                _("fewer than two items of {group} have a human value", group=str(stratum))
            )
        value += len(kept) / total * part.known
        variances.append((len(kept) / total * part.se) ** 2)
        free.append(found.n - 1)
    variance = sum(variances)
    spread = sum(v * v / df for v, df in zip(variances, free, strict=True))
    degrees = variance * variance / spread if spread > 0 else float(sum(free))
    return _with_t(value, variance, degrees + 1, confidence)


def paired_difference(
    human_a: ArrayLike,
    human_b: ArrayLike,
    judge_a: ArrayLike,
    judge_b: ArrayLike,
    confidence: float = 0.95,
) -> ThreeWays:
    """mean(B - A) over prompts, three ways: each column has one value per prompt, NaN if missing.

    A prompt counts as labelled when people rated both its responses, and is left out when the
    judge did not score both. Average replicates and raters of a prompt before.
    """
    a, b = np.asarray(human_a, dtype=np.float64), np.asarray(human_b, dtype=np.float64)
    f_a, f_b = np.asarray(judge_a, dtype=np.float64), np.asarray(judge_b, dtype=np.float64)
    return three_ways(b - a, f_b - f_a, confidence)


def _columns(human: ArrayLike, labelled: ArrayLike, others: ArrayLike) -> tuple[Floats, ...]:
    y, f = np.asarray(human, dtype=np.float64), np.asarray(labelled, dtype=np.float64)
    if y.shape != f.shape:
        raise ValueError(f"{len(y)} human values, but {len(f)} of the judge on the same items.")
    return y, f, np.asarray(others, dtype=np.float64)


def _with_t(value: float, variance: float, n: float, confidence: float) -> Estimate:
    se = math.sqrt(variance)
    half = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * se
    return Estimate(value, value - half, value + half, se=se)


def _plain(values: Floats, confidence: float) -> Estimate:
    """The mean with its t interval over items."""
    n = len(values)
    if not n:
        return undefined(_("there is no value"))
    if n == 1:
        return Estimate(float(values[0]), interval_reason=ONE_ITEM)
    return _with_t(float(values.mean()), float(values.var(ddof=1)) / n, n, confidence)


def _squared_correlation(y: Floats, f: Floats) -> float:
    spread = float(y.var(ddof=1) * f.var(ddof=1))
    return float(np.cov(y, f, ddof=1)[0, 1] ** 2) / spread if spread > 0 else 0.0
