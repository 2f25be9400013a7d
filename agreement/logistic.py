"""Logistic regression by Newton's method, one fit or many resampled ones at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

ROUNDS = 60
CLOSE = 1e-10
BOUND = 25.0
"""A linear predictor beyond this is taken for a separation, where estimates run to infinity."""
CELLS_AT_ONCE = 4_000_000


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


def fits(rows: Floats, won: Floats, seen: Floats) -> Floats:
    """Coefficients of each draw, (draws, p): `won` of `seen` trials, both (draws, n).

    NaN where the information is singular, the predictor passes BOUND or 60 rounds do not settle.
    """
    step = max(1, CELLS_AT_ONCE // max(1, len(rows)))
    parts = [
        _batch(rows, won[start : start + step], seen[start : start + step])
        for start in range(0, len(won), step)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, rows.shape[1]))


def _batch(rows: Floats, won: Floats, seen: Floats) -> Floats:
    draws, width = len(won), rows.shape[1]
    squares = (rows[:, :, None] * rows[:, None, :]).reshape(len(rows), -1)
    beta, result = np.zeros((draws, width)), np.full((draws, width), np.nan)
    open_ = np.arange(draws)
    for _ in range(ROUNDS):
        chance = special.expit(beta @ rows.T)
        slope = (won[open_] - seen[open_] * chance) @ rows
        curve = (seen[open_] * chance * (1 - chance)) @ squares
        move = _solve(curve.reshape(-1, width, width), slope)
        beta = beta + move
        sane = np.isfinite(beta).all(axis=1) & (np.abs(beta @ rows.T).max(axis=1) < BOUND)
        settled = sane & (np.abs(move).max(axis=1) < CLOSE)
        result[open_[settled]] = beta[settled]
        going = sane & ~settled
        open_, beta = open_[going], beta[going]
        if not len(open_):
            break
    return result


def _solve(curve: Floats, slope: Floats) -> Floats:
    """Newton's move of each draw; NaN where the matrix has no inverse."""
    width = curve.shape[1]
    scale = np.trace(curve, axis1=1, axis2=2) / max(1, width)
    good = np.linalg.matrix_rank(curve, hermitian=True) == width if width else scale >= 0
    move = np.full_like(slope, np.nan)
    if good.any():
        move[good] = np.linalg.solve(curve[good], slope[good][:, :, None])[:, :, 0]
    return move
