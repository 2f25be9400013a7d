"""Sign-flip permutation test of a paired difference, whole clusters flipped together.

If neither condition is better, each prompt's difference could as well have the other sign. Exact
when all flips can be tried, otherwise over random flips with a seed. Sources: Fisher (1935), The
Design of Experiments, section 21; p of random flips: Phipson & Smyth (2010), Stat. Appl. Genet.
Mol. Biol. 9:39.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agreement import clustered
from agreement.estimate import Estimate, undefined
from agreement.wording import _

Floats = NDArray[np.float64]

DRAWS = 10_000
SEED = 20240229
EXACT_UP_TO = 16
"""With at most this many clusters that differ, all flips (65,536) are tried."""
FLIPS_AT_ONCE = 4096


@dataclass(frozen=True)
class Flipped:
    """`p` is the two-sided p-value, `is_exact` says whether all `n_flips` flips were tried."""

    p: Estimate
    is_exact: bool
    n_flips: int


def sign_flip(
    differences: ArrayLike,
    cluster: Sequence[object] | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Flipped:
    """P(|sum of flipped differences| >= |sum seen|) when each cluster's sign is tossed.

    `differences` has shape (n,), NaN left out; `cluster` names each row's cluster (None: every row
    is its own). Exact p counts the data themselves among the flips; of random flips it is
    (1 + as extreme) / (1 + draws), so it is never 0. Without any difference that is not 0, p is 1;
    without differences it is undefined.
    """
    values = np.asarray(differences, dtype=np.float64)
    names = range(len(values)) if cluster is None else cluster
    if len(values) != len(names):
        raise ValueError(f"{len(values)} differences, but {len(names)} names of clusters.")
    kept = np.flatnonzero(~np.isnan(values)).tolist()
    if not kept:
        return Flipped(undefined(_("there is no difference to test")), True, 0)
    sums = np.bincount(clustered.codes([names[i] for i in kept]), values[kept])
    sums = sums[np.abs(sums) > 1e-12 * np.abs(sums).max()]
    if len(sums) <= EXACT_UP_TO:
        flips = 2 ** len(sums)
        return Flipped(Estimate(_as_extreme(sums, _all_signs(len(sums))) / flips), True, flips)
    extreme = _as_extreme(sums, _tossed(len(sums), draws, np.random.default_rng(seed)))
    return Flipped(Estimate((1 + extreme) / (1 + draws)), False, draws)


def _as_extreme(sums: Floats, batches: Iterator[Floats]) -> int:
    """How many rows of signs give a sum as far from 0 as the one seen, up to rounding."""
    bar = abs(float(sums.sum())) - 1e-9 * max(1e-300, float(np.abs(sums).sum()))
    return sum(int(np.count_nonzero(np.abs(signs @ sums) >= bar)) for signs in batches)


def _all_signs(n: int) -> Iterator[Floats]:
    places = np.arange(n)
    for start in range(0, 2**n, FLIPS_AT_ONCE):
        number = np.arange(start, min(start + FLIPS_AT_ONCE, 2**n))[:, None]
        yield 1.0 - 2.0 * ((number >> places) & 1).astype(np.float64)


def _tossed(n: int, draws: int, rng: np.random.Generator) -> Iterator[Floats]:
    size = max(1, min(FLIPS_AT_ONCE, 4_000_000 // n))
    for start in range(0, draws, size):
        shape = (min(size, draws - start), n)
        yield 1.0 - 2.0 * rng.integers(0, 2, size=shape).astype(np.float64)
