"""Means and differences of rows that come in clusters, such as replicates of one prompt.

Rows of a cluster stand or fall together, so the clusters count, not the rows. Source: Liang &
Zeger (1986), Biometrika 73:13-22; the factor G / (G - 1) and t with G - 1 degrees of freedom after
Cameron & Miller (2015), J. Hum. Resour. 50:317-372.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from agreement.estimate import Estimate, undefined
from agreement.wording import _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NO_ROW = _("there is no score to average")
ONE_CLUSTER = _("an interval needs at least two prompts")


def codes(names: Sequence[object]) -> Ints:
    """Any names of clusters as 0, 1, 2 … in the order of first appearance."""
    place = {name: i for i, name in enumerate(dict.fromkeys(names))}
    return np.array([place[name] for name in names], dtype=np.int64)


def mean(
    values: Floats, cluster: Ints, confidence: float = 0.95, *, no_row: str = NO_ROW
) -> Estimate:
    """Mean of `values` (n,), se = sqrt(G / (G - 1) sum_g S_g^2) / n, t with G - 1 df.

    S_g is the sum of residuals in cluster g (codes from 0), G the number of clusters. Undefined,
    for the reason `no_row`, without values; one cluster has no interval.
    """
    n = len(values)
    if not n:
        return undefined(no_row)
    centre = float(np.mean(values))
    return _interval(centre, (values - centre) / n, cluster, confidence)


def difference(
    a: ArrayLike,
    cluster_a: Sequence[object],
    b: ArrayLike,
    cluster_b: Sequence[object],
    confidence: float = 0.95,
) -> Estimate:
    """mean(b) - mean(a) of two groups of rows whose clusters may be shared, wholly or in part.

    A row pulls by (y - mean) / n of its group, negatively in A; se^2 = G / (G - 1) sum_g S_g^2 with
    S_g the sum of pulls of cluster g over both groups. Shared clusters thus gain what pairing
    gains. Rows that are NaN are left out. The interval needs two clusters on either side.
    """
    first, own_a = _given(a, cluster_a)
    second, own_b = _given(b, cluster_b)
    if not len(first) or not len(second):
        return undefined(_("one of the two groups has no score"))
    value = float(second.mean() - first.mean())
    if min(len(set(own_a)), len(set(own_b))) < 2:
        return Estimate(value, interval_reason=ONE_CLUSTER)
    pulls = np.concatenate(
        [(first.mean() - first) / len(first), (second - second.mean()) / len(second)]
    )
    return _interval(value, pulls, codes([*own_a, *own_b]), confidence)


def paired_difference(
    a: ArrayLike, b: ArrayLike, cluster: Sequence[object], confidence: float = 0.95
) -> Estimate:
    """mean(b - a) over rows (n,) that hold both scores; a row with a NaN is left out."""
    gap = np.asarray(b, dtype=np.float64) - np.asarray(a, dtype=np.float64)
    kept, own = _given(gap, cluster)
    return mean(kept, codes(own), confidence)


def _interval(value: float, pulls: Floats, cluster: Ints, confidence: float) -> Estimate:
    """`value` with the interval of the sum of `pulls` (n,), which add up to 0."""
    groups = len(np.unique(cluster))
    if groups < 2:
        return Estimate(value, interval_reason=ONE_CLUSTER)
    sums = np.bincount(cluster, pulls)
    se = float(np.sqrt(groups / (groups - 1) * (sums**2).sum()))
    reach = float(special.stdtrit(groups - 1, (1 + confidence) / 2)) * se
    return Estimate(value, value - reach, value + reach, se=se)


def _given(values: ArrayLike, cluster: Sequence[object]) -> tuple[Floats, list[object]]:
    numbers = np.asarray(values, dtype=np.float64)
    if len(numbers) != len(cluster):
        raise ValueError(f"{len(numbers)} scores, but {len(cluster)} names of clusters.")
    kept = np.flatnonzero(~np.isnan(numbers)).tolist()
    return numbers[kept], [cluster[i] for i in kept]
