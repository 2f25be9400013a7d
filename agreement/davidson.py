"""Strengths of conditions where a tie is an outcome of its own, not half a win.

P(first) : P(second) : P(tie) = s_1 : s_2 : 2 v sqrt(s_1 s_2). The nearer two conditions are, the
likelier a tie; v is how readily ties are given (v = 0: never). Differences come out larger than
under half wins, in the same order. Sources: Davidson (1970), J. Am. Stat. Assoc. 65:317-328; in
this form Newman (2023), J. Mach. Learn. Res. 24(238).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from agreement import bradley_terry
from agreement.comparisons import Comparisons
from agreement.estimate import Estimate, undefined
from agreement.wording import _

Floats = NDArray[np.float64]

ROUNDS = 100
CLOSE = 1e-10
ALL_TIES = _("all comparisons are ties, so nothing tells the conditions apart")
NO_TIES = _("there is no tie, and how seldom they are given is not known")
RAN_OUT = _("the estimates did not settle")


@dataclass(frozen=True)
class Davidson:
    """Log-strengths against `reference` (0 by definition), and `ties`, the v above."""

    reference: str
    strengths: dict[str, Estimate]
    ties: Estimate


def fit(
    comparisons: Comparisons, *, reference: str | None = None, confidence: float = 0.95
) -> Davidson:
    """Maximum likelihood by Newton's method, with large-sample `se` and interval (that of v is
    made on the log scale).

    Without ties this is Bradley-Terry, and v is 0 without an interval. Undefined when all are
    ties, and when the conditions do not hang together, as for Bradley-Terry.
    """
    names = comparisons.names
    base = reference or (names[0] if names else "")
    if reason := bradley_terry.why_undefined(comparisons):
        return _nothing(names, base, reason)
    if not comparisons.n_ties:
        plain = bradley_terry.fit(comparisons, reference=base, confidence=confidence)
        return Davidson(base, plain.strengths, Estimate(0.0, interval_reason=NO_TIES))
    if comparisons.n_ties == comparisons.n_comparisons:
        return _nothing(names, base, ALL_TIES)
    found = _newton(*_outcomes(comparisons, base))
    if found is None:
        return _nothing(names, base, RAN_OUT)
    beta, se = found
    reach = float(special.ndtri((1 + confidence) / 2)) * se
    own = Estimate(0.0, interval_reason=_("the others are measured against it"))
    strengths, place = {}, 0
    for name in names:
        if name == base:
            strengths[name] = own
            continue
        value, half = float(beta[place]), float(reach[place])
        strengths[name] = Estimate(value, value - half, value + half, se=float(se[place]))
        place += 1
    v, low, high = (float(np.exp(beta[-1] + side) / 2) for side in (0.0, -reach[-1], reach[-1]))
    return Davidson(base, strengths, Estimate(v, low, high, se=v * float(se[-1])))


def _outcomes(comparisons: Comparisons, base: str) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Per row, the predictors of its three outcomes (n, 3, p), which came, and how often."""
    n, size = len(comparisons.score), len(comparisons.names)
    rows = np.zeros((n, 3, size + 1))
    at = np.arange(n)
    rows[at, 0, comparisons.first] = 1.0
    rows[at, 1, comparisons.second] = 1.0
    rows[at, 2, comparisons.first] = 0.5
    rows[at, 2, comparisons.second] = 0.5
    rows[:, 2, size] = 1.0
    came = np.select([comparisons.score == 1.0, comparisons.score == 0.0], [0, 1], default=2)
    return np.delete(rows, comparisons.names.index(base), axis=2), came, comparisons.times


def _newton(rows: Floats, came: NDArray[np.int64], times: Floats) -> tuple[Floats, Floats] | None:
    """Coefficients and standard errors of the multinomial logit; None if they do not settle."""
    beta = np.zeros(rows.shape[2])
    hits = rows[np.arange(len(rows)), came]
    for _round in range(ROUNDS):
        chance = special.softmax(rows @ beta, axis=1)
        mean = np.einsum("nk,nkp->np", chance, rows)
        slope = times @ (hits - mean)
        spread = np.einsum("n,nk,nkp,nkq->pq", times, chance, rows, rows, optimize=True)
        curve = spread - mean.T @ (mean * times[:, None])
        if np.linalg.matrix_rank(curve, hermitian=True) < len(beta):
            return None
        move = np.linalg.solve(curve, slope)
        beta = beta + move * min(1.0, 5.0 / max(float(np.abs(move).max()), 1e-300))
        if np.abs(move).max() < CLOSE:
            return beta, np.sqrt(np.diag(np.linalg.inv(curve)))
    return None


def _nothing(names: tuple[str, ...], base: str, reason: str) -> Davidson:
    return Davidson(base, {name: undefined(reason) for name in names}, undefined(reason))
