"""Logistic regression by Newton's method, one fit or many resampled ones at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

ROUNDS = 60
CLOSE = 1e-10
BOUND = 25.0
"""A linear predictor beyond this is taken for a separation, where estimates run to infinity."""
CELLS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Logistic:
    """Coefficients and their large-sample standard errors, shape (p,)."""

    beta: Floats
    se: Floats


def fit(rows: Floats, share: Floats, times: Floats) -> Logistic | None:
    """`share` (n,) of `times` (n,) trials won, given `rows` (n, p). None without a finite fit."""
    beta = fits(rows, (share * times)[None], times[None])[0]
    if np.isnan(beta).any():
        return None
    chance = special.expit(rows @ beta)
    information = rows.T @ (rows * (times * chance * (1 - chance))[:, None])
    return Logistic(beta, np.sqrt(np.diag(np.linalg.inv(information))))


def fits(
    rows: Floats, won: Floats, seen: Floats, start: Floats | None = None, close: float = CLOSE
) -> Floats:
    """Coefficients of each draw, (draws, p): `won` of `seen` trials, both (draws, n).

    Begins at `start` (p,) or 0 and ends with a move below `close`: the error is then about its
    square. NaN where the information is singular, the predictor passes BOUND or 60 rounds do not
    settle. Cost: a product of (draws, n) with (n, p (p + 3) / 2) per round.
    """
    begin = np.zeros(rows.shape[1]) if start is None else start
    step = max(1, CELLS_AT_ONCE // max(1, len(rows)))
    parts = [
        _batch(rows, won[at : at + step], seen[at : at + step], begin, close)
        for at in range(0, len(won), step)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, rows.shape[1]))


def _batch(rows: Floats, won: Floats, seen: Floats, start: Floats, close: float) -> Floats:
    draws, width = len(won), rows.shape[1]
    upper = np.triu_indices(width)
    squares = rows[:, upper[0]] * rows[:, upper[1]]
    beta, result = np.tile(start, (draws, 1)), np.full((draws, width), np.nan)
    open_, predictor = np.arange(draws), beta @ rows.T
    for _ in range(ROUNDS):
        chance = special.expit(predictor)
        fitted = seen * chance
        slope = (won - fitted) @ rows
        move = _solve(_filled((fitted * (1 - chance)) @ squares, upper, width), slope)
        beta = beta + move
        predictor = beta @ rows.T
        sane = np.abs(predictor).max(axis=1, initial=0.0) < BOUND  # False where NaN
        settled = sane & (np.abs(move).max(axis=1, initial=0.0) < close)
        result[open_[settled]] = beta[settled]
        going = sane & ~settled
        if not going.any():
            break
        if not going.all():
            open_, beta, predictor = open_[going], beta[going], predictor[going]
            won, seen = won[going], seen[going]
    return result


def _filled(half: Floats, upper: tuple[Any, ...], width: int) -> Floats:
    """Symmetric matrices (draws, width, width) from their upper halves."""
    whole = np.empty((len(half), width, width))
    whole[:, upper[0], upper[1]] = half
    whole[:, upper[1], upper[0]] = half
    return whole


def _solve(curve: Floats, slope: Floats) -> Floats:
    """Newton's move of each draw; NaN where the matrix has no inverse."""
    width = curve.shape[1]
    scale = np.trace(curve, axis1=1, axis2=2) / max(1, width)
    good = np.linalg.matrix_rank(curve, hermitian=True) == width if width else scale >= 0
    move = np.full_like(slope, np.nan)
    if good.any():
        move[good] = np.linalg.solve(curve[good], slope[good][:, :, None])[:, :, 0]
    return move
