"""Bootstrap intervals that resample items, or whole clusters of items, with a given seed.

Krippendorff's own bootstrap resamples pairs as if they were independent and covers the truth far
too rarely. Items with the same counts are one pattern, so a million ratings need few numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from agreement import krippendorff, patterns
from agreement.estimate import Estimate
from agreement.ratings import Ratings
from agreement.scale import Level
from agreement.wording import _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 1000
SEED = 20240229
CELLS_AT_ONCE = 4_000_000
"""Draws are made in batches of about this many numbers (32 MB)."""
MAX_UNDEFINED_SHARE = 0.05
ONE_ITEM = _("resampling needs at least two items")
ONE_CLUSTER = _("resampling needs at least two clusters of items")


def alpha_interval(
    ratings: Ratings,
    level: Level,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    clusters: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Krippendorff's alpha with the interval over resampled items, of `with_interval`.

    `clusters` names the cluster of each item (such as its prompt), to resample these instead.
    The value is the plain alpha. Without two pairable items (or clusters), and where more than
    5 % of the draws show no variation at all, the interval is undefined and says so.
    """
    plain = krippendorff.alpha(ratings, level)
    if not plain.is_defined:
        return plain
    n_pairable = ratings.n_pairable_items
    n_groups = n_pairable if clusters is None else len(set(_pairable(ratings, clusters)))
    if n_groups < 2:
        return replace(plain, interval_reason=ONE_ITEM if clusters is None else ONE_CLUSTER)
    values = alpha_draws(ratings, level, draws=draws, seed=seed, clusters=clusters)
    return with_interval(plain, values, confidence, n=n_groups)


def alpha_draws(
    ratings: Ratings,
    level: Level,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    clusters: Sequence[str] | None = None,
) -> Floats:
    """Alpha of each draw of items (or clusters), shape (draws,); NaN marks a draw without
    variation. Ask only where there is an item rated twice."""
    data = krippendorff.units(ratings, level)
    if clusters is None:
        data, group = patterns.distinct(data)
    else:
        group = _codes(np.asarray(_pairable(ratings, clusters)))
    n_groups = len(group) if clusters is None else int(group.max()) + 1
    times = _item_times if clusters is None else _cluster_times
    batches = times(group, n_groups, data.n_units, draws, np.random.default_rng(seed))
    return np.concatenate([krippendorff.alphas(data, batch) for batch in batches])


def resample(
    statistic: Callable[[Floats], Floats],
    n_clusters: int,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Floats:
    """`statistic` of every draw of clusters. It gets how often each cluster was drawn, shape
    (batch, n_clusters), and returns (batch,), NaN where it is undefined."""
    own = np.arange(n_clusters)
    return resample_rows(statistic, own, n_clusters, draws=draws, seed=seed)


def resample_rows(
    statistic: Callable[[Floats], Floats],
    owner: Ints,
    n_patterns: int,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Floats:
    """As `resample`, over single rows of which row i has the pattern `owner[i]`: `statistic` gets
    how often each pattern was drawn, shape (batch, n_patterns)."""
    rng = np.random.default_rng(seed)
    batches = _item_times(owner, len(owner), n_patterns, draws, rng)
    return np.concatenate([statistic(batch) for batch in batches])


def with_interval(
    plain: Estimate, values: Floats, confidence: float = 0.95, *, n: int | None = None
) -> Estimate:
    """`plain` with an interval from the draws `values` (NaN: an undefined draw).

    Without `n` the percentile interval. With the number `n` of things that were resampled, the
    percentiles Phi(2 z0 -+ sqrt(n / (n - 1)) t_(n - 1)), z0 the normal quantile of the share of
    draws below the value (a tie counts half; held within -1 to 1): corrected for the bias of the
    draws, and widened for few items. Sources: Efron (1981), Can. J. Stat. 9:139-172; Hesterberg
    (2015), Am. Stat. 69:371-386.
    """
    defined = values[~np.isnan(values)]
    if len(defined) < (1 - MAX_UNDEFINED_SHARE) * len(values) or not len(defined):
        return replace(
            plain,
            interval_reason=_("too often, all resampled ratings were the same value"),
        )
    low, high = np.quantile(defined, _shares(plain.known, defined, confidence, n))
    return replace(plain, low=float(low), high=float(high))


def _shares(value: float, draws: Floats, confidence: float, n: int | None) -> list[float]:
    """The two shares of the draws that lie below the ends of the interval."""
    upper = (1 + confidence) / 2
    if n is None or n < 2:
        return [1 - upper, upper]
    near = np.isclose(draws, value, rtol=1e-12, atol=1e-12)
    below = np.count_nonzero((draws < value) & ~near) + 0.5 * np.count_nonzero(near)
    bias = float(np.clip(special.ndtri(below / len(draws)), -1.0, 1.0))
    reach = float(np.sqrt(n / (n - 1)) * special.stdtrit(n - 1, upper))
    return [float(special.ndtr(2 * bias - reach)), float(special.ndtr(2 * bias + reach))]


def _item_times(
    owner: Ints, n_items: int, n_patterns: int, draws: int, rng: np.random.Generator
) -> Iterator[Floats]:
    """How often each pattern is drawn when `n_items` items are, item i having pattern owner[i]."""
    if n_patterns * 4 < n_items:
        chances = np.bincount(owner, minlength=n_patterns) / n_items
        for size in _batches(draws, n_patterns):
            yield rng.multinomial(n_items, chances, size=size).astype(np.float64)
        return
    for size in _batches(draws, max(n_items, n_patterns)):
        drawn = owner[rng.integers(0, n_items, size=(size, n_items))]
        yield _tally(drawn, n_patterns)


def _cluster_times(
    cluster: Ints, n_clusters: int, n_units: int, draws: int, rng: np.random.Generator
) -> Iterator[Floats]:
    """How often each unit counts when whole clusters are drawn: as often as its cluster."""
    for size in _batches(draws, max(n_units, n_clusters)):
        drawn = rng.integers(0, n_clusters, size=(size, n_clusters))
        yield _tally(drawn, n_clusters)[:, cluster]


def _tally(drawn: Ints, n_bins: int) -> Floats:
    """The histogram of each row, in one count."""
    shifted = drawn + n_bins * np.arange(len(drawn))[:, None]
    tally = np.bincount(shifted.ravel(), minlength=len(drawn) * n_bins)
    return tally.reshape(len(drawn), n_bins).astype(np.float64)


def _batches(draws: int, width: int) -> Iterator[int]:
    size = max(1, CELLS_AT_ONCE // max(1, width))
    for start in range(0, draws, size):
        yield min(size, draws - start)


def _pairable(ratings: Ratings, clusters: Sequence[str]) -> list[str]:
    """The clusters of the items that were rated twice or more."""
    return [clusters[item] for item in np.flatnonzero(ratings.is_given.sum(axis=1) >= 2).tolist()]


def _codes(labels: NDArray[Any]) -> Ints:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
