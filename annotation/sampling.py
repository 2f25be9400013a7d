"""Which items all raters share, and which are the core: a seeded choice in which every stratum
has its share.
"""

from collections.abc import Mapping
from math import floor

from annotation import ordering


def stratified(strata: Mapping[str, str], n: int, *, seed: int) -> set[str]:
    """`n` of the keys of `strata` (key -> its stratum), or all of them where there are fewer.

    Each stratum gets its share of `n` to within one, by largest remainders; whom it sends is
    decided by the seed and the keys alone.
    """
    members: dict[str, list[str]] = {}
    for key in ordering.shuffled(strata, seed=seed):
        members.setdefault(strata[key], []).append(key)
    chosen: set[str] = set()
    for stratum, wanted in _shares({s: len(keys) for s, keys in members.items()}, n).items():
        chosen.update(members[stratum][:wanted])
    return chosen


def _shares(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many of each stratum: the whole part of its share, then the largest remainders."""
    total = sum(sizes.values())
    if n >= total:
        return dict(sizes)
    exact = {stratum: size * n / total for stratum, size in sizes.items()}
    shares = {stratum: floor(share) for stratum, share in exact.items()}
    by_remainder = sorted(exact, key=lambda stratum: (shares[stratum] - exact[stratum], stratum))
    for stratum in by_remainder[: n - sum(shares.values())]:
        shares[stratum] += 1
    return shares
