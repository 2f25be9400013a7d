"""Items with the same counts of levels are one pattern: a million ratings need few numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from agreement.krippendorff import Units

Ints = NDArray[np.int64]

KEY_LIMIT = 2**62


def distinct(data: Units) -> tuple[Units, Ints]:
    """The units with distinct counts, and which of them each unit of `data` has."""
    keys = _row_keys(data.counts)
    if keys is None:
        return data, np.arange(data.n_units)
    _, first, owner = np.unique(keys, return_index=True, return_inverse=True)
    within = None if data.within is None else data.within[first]
    counts = sparse.csr_array(data.counts[first])
    return replace(data, counts=counts, within=within), owner.astype(np.int64)


def _row_keys(counts: Any) -> Ints | None:
    """One whole number per row that tells different rows apart; None where 62 bits are too few."""
    n_levels = counts.shape[1]
    base = int(counts.max()) + 1
    if base**n_levels >= KEY_LIMIT:
        return None
    powers = np.array([base**place for place in range(n_levels)], dtype=np.int64)
    cells = counts.astype(np.int64)
    return np.asarray(cells @ powers)
