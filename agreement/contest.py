"""Judge against rater on every item: which of them comes closer to the OTHER raters.

What the alternative annotator test counts. Ties count for both sides.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Measure = Literal["match", "distance"]


def wins(human: Floats, judge: Floats, measure: Measure) -> tuple[Floats, Floats]:
    """Whether the judge, and whether the rater, comes at least as close to the other raters: two
    arrays like `human` (..., n_items, n_raters) of 1 and 0, NaN where there is no comparison."""
    given = ~np.isnan(human)
    others = given.sum(axis=-1, keepdims=True) - given
    used = given & (others >= 1) & ~np.isnan(judge)[..., None]
    score = _match if measure == "match" else _closeness
    values, verdict = np.where(given, human, 0.0), np.nan_to_num(judge)[..., None]
    apart = score(values, given, np.maximum(others, 1), verdict)
    its, own = (np.round(side, 12) for side in apart)
    wins_of = (np.where(used, its >= own, np.nan), np.where(used, own >= its, np.nan))
    return np.asarray(wins_of[0]), np.asarray(wins_of[1])


def _match(
    values: Floats, given: NDArray[np.bool_], others: NDArray[np.int64], judge: Floats
) -> tuple[Floats, Floats]:
    """Share of the other raters with the judge's label, and with the rater's own."""
    hits = given & (values == judge)
    its = (hits.sum(axis=-1, keepdims=True) - hits) / others
    same = (
        given[..., :, None] & given[..., None, :] & (values[..., :, None] == values[..., None, :])
    )
    return its, (same.sum(axis=-1) - given) / others


def _closeness(
    values: Floats, given: NDArray[np.bool_], others: NDArray[np.int64], judge: Floats
) -> tuple[Floats, Floats]:
    """Minus the root mean square distance of the judge, and of the rater, from the others."""
    away = np.where(given, (values - judge) ** 2, 0.0)
    its = (away.sum(axis=-1, keepdims=True) - away) / others
    gaps = (values[..., :, None] - values[..., None, :]) ** 2 * given[..., None, :]
    return -np.sqrt(its), -np.sqrt(gaps.sum(axis=-1) / others)


def standardised(values: Floats) -> Floats:
    """Each rater's column (n_items, n_raters), or a judge's (n_items,), less its mean and over its
    standard deviation, for raters who use the scale differently; 0 where one never varies."""
    seen = (~np.isnan(values)).sum(axis=0)
    mean = np.nansum(values, axis=0) / np.maximum(seen, 1)
    spread = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / np.maximum(seen - 1, 1))
    return np.asarray((values - mean) / np.where(spread > 1e-12, spread, 1.0))
