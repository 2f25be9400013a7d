"""Bradley-Terry strengths of conditions from pairwise comparisons, with covariates if wanted.

logit P(first beats second) = strength(first) - strength(second) + covariates . effects. Ties are
half wins. A covariate such as the difference in length, or the side (1 in every row), takes its
share out of the strengths. Sources: Bradley & Terry (1952), Biometrika 39:324-345; the condition
for a solution: Ford (1957), Am. Math. Mon. 64:28-33.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from agreement import bootstrap, logistic
from agreement.comparisons import NO_COMPARISON, ONE_ITEM, Comparisons
from agreement.estimate import Estimate, undefined
from agreement.wording import _, joined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 2000
SEPARATED = _("a covariate foretells every winner, so its effect has no bound")


@dataclass(frozen=True)
class BradleyTerry:
    """Log-strengths against `reference` (0 by definition), and effects of covariates.

    `deviance` is the residual deviance of the rows grouped by pair and covariates; None where
    nothing could be estimated.
    """

    reference: str
    strengths: dict[str, Estimate]
    effects: dict[str, Estimate] = field(default_factory=dict)
    deviance: float | None = None

    def chance(self, a: str, b: str) -> float | None:
        """P(a beats b) at equal covariates; None where the strengths are undefined."""
        left, right = self.strengths[a].value, self.strengths[b].value
        if left is None or right is None:
            return None
        return float(special.expit(left - right))


def fit(
    comparisons: Comparisons,
    *,
    reference: str | None = None,
    covariates: Mapping[str, ArrayLike] | None = None,
    confidence: float = 0.95,
) -> BradleyTerry:
    """Maximum likelihood by Newton's method, with large-sample `se` and interval.

    Each covariate has shape (n_rows,), the first's minus the second's. The reference is the
    first-named condition unless given; its estimate is 0 without an interval. Everything is
    undefined when the conditions do not hang together: when some never lost to (or tied with)
    the rest, their strength has no bound, and the reason names them.
    """
    reference = reference or (comparisons.names[0] if comparisons.names else "")
    names, extra = list(comparisons.names), dict(covariates or {})
    if reason := why_undefined(comparisons):
        return _nothing(names, list(extra), reference, reason)
    rows = _design(comparisons, reference, extra)
    found = logistic.fit(rows, comparisons.score, comparisons.times)
    if found is None:
        return _nothing(names, list(extra), reference, SEPARATED)
    reach = float(special.ndtri((1 + confidence) / 2)) * found.se
    estimates = [
        Estimate(float(b), float(b - r), float(b + r), se=float(s))
        for b, r, s in zip(found.beta, reach, found.se, strict=True)
    ]
    return _named(
        names, list(extra), reference, estimates, _deviance(rows, comparisons, found.beta)
    )


def with_bootstrap(
    comparisons: Comparisons,
    *,
    reference: str | None = None,
    covariates: Mapping[str, ArrayLike] | None = None,
    draws: int = DRAWS,
    seed: int = bootstrap.SEED,
    confidence: float = 0.95,
) -> BradleyTerry:
    """`fit` with percentile intervals over resampled items, and `se` their standard deviation.

    A draw in which the conditions do not hang together is undefined; where more than 5 % are, so
    is the interval.
    """
    plain = fit(comparisons, reference=reference, covariates=covariates, confidence=confidence)
    defined = [e for e in (*plain.strengths.values(), *plain.effects.values()) if e.is_defined]
    if not defined:
        return plain
    names, extra = list(comparisons.names), dict(covariates or {})
    rows = _design(comparisons, plain.reference, extra)
    kept = [n for n in names if n != plain.reference]
    values = [plain.strengths[n] for n in kept] + [plain.effects[n] for n in extra]
    if comparisons.n_items < 2:
        bare = [Estimate(e.value, interval_reason=ONE_ITEM) for e in values]
        return _named(names, list(extra), plain.reference, bare, plain.deviance)
    start = np.array([e.known for e in values])
    drawn = _resampled(comparisons, rows, start, draws, seed)
    bounded = [
        _spread(Estimate(e.value), drawn[:, place], confidence, comparisons.n_items)
        for place, e in enumerate(values)
    ]
    return _named(names, list(extra), plain.reference, bounded, plain.deviance)


def why_undefined(comparisons: Comparisons) -> str | None:
    """The reason, known before computing, why there are no strengths; else None."""
    if not len(comparisons.score) or len(comparisons.names) < 2:
        return NO_COMPARISON
    wins = win_matrix(comparisons)
    reach = _reachable(wins[None])[0]
    if reach.all():
        return None
    if not _reachable((wins + wins.T)[None]).all():
        return _("some conditions were never compared with the others, not even by way of a third")
    unbeaten = ~(reach & ~reach.T).any(axis=0)
    names = [name for name, top in zip(comparisons.names, unbeaten, strict=True) if top]
    return _(
        "nothing else ever won against or tied with {names}, so the lead is unbounded",
        names=joined(*names, between=", "),
    )


def win_matrix(comparisons: Comparisons) -> Floats:
    """`[a, b]`: how often a beat b, ties as half, shape (n_names, n_names)."""
    size = len(comparisons.names)
    wins = np.zeros((size, size))
    np.add.at(wins, (comparisons.first, comparisons.second), comparisons.score * comparisons.times)
    lost = (1 - comparisons.score) * comparisons.times
    np.add.at(wins, (comparisons.second, comparisons.first), lost)
    return wins


def _reachable(wins: Floats) -> NDArray[np.bool_]:
    """Whether a chain of wins leads from a to b, per table of (batch, n, n)."""
    size = wins.shape[1]
    reach = (wins > 0) | np.eye(size, dtype=bool)
    for _step in range(max(1, (size - 1).bit_length())):
        reach = np.matmul(reach.astype(np.float32), reach.astype(np.float32)) > 0
    return np.asarray(reach)


def _design(comparisons: Comparisons, reference: str, extra: Mapping[str, ArrayLike]) -> Floats:
    """+1 for the first, -1 for the second, without the reference's column; then covariates."""
    n = len(comparisons.score)
    rows = np.zeros((n, len(comparisons.names)))
    rows[np.arange(n), comparisons.first] = 1.0
    rows[np.arange(n), comparisons.second] = -1.0
    kept = [place for place, name in enumerate(comparisons.names) if name != reference]
    columns = [np.asarray(values, dtype=np.float64) for values in extra.values()]
    return np.column_stack([rows[:, kept], *columns])


def _resampled(
    comparisons: Comparisons, rows: Floats, start: Floats, draws: int, seed: int
) -> Floats:
    """Estimates of every draw of items, (draws, p), NaN where undefined."""
    size = len(comparisons.names)
    win = comparisons.first * size + comparisons.second
    lose = comparisons.second * size + comparisons.first
    tables = np.zeros((comparisons.n_items, size * size))
    np.add.at(tables, (comparisons.item, win), comparisons.score * comparisons.times)
    np.add.at(tables, (comparisons.item, lose), (1 - comparisons.score) * comparisons.times)
    cells = _cells(comparisons, rows)

    def estimates(times: Floats) -> Floats:
        wins = (times @ tables).reshape(-1, size, size)
        whole = _reachable(wins).all(axis=(1, 2))
        out = np.full((len(times), rows.shape[1]), np.nan)
        out[whole] = cells.fit(times[whole], start)
        return out

    return bootstrap.resample(estimates, comparisons.n_items, draws=draws, seed=seed)


@dataclass(frozen=True)
class _Cells:
    """Comparisons grouped by equal rows of the design: per item, how many and how many won."""

    design: Floats
    seen: Floats
    won: Floats

    def fit(self, times: Floats, start: Floats) -> Floats:
        won, seen = times @ self.won, times @ self.seen
        return logistic.fits(self.design, won, seen, start, close=1e-5)


def _cells(comparisons: Comparisons, rows: Floats) -> _Cells:
    """Rows that are each other's mirror image count as one, so that few cells remain."""
    signs = np.sign(rows[np.arange(len(rows)), np.argmax(rows != 0, axis=1)])
    turned = rows * np.where(signs == 0, 1, signs)[:, None]
    score = np.where(signs < 0, 1 - comparisons.score, comparisons.score)
    design, cell = np.unique(turned, axis=0, return_inverse=True)
    shape = (comparisons.n_items, len(design))
    seen, won = np.zeros(shape), np.zeros(shape)
    np.add.at(seen, (comparisons.item, cell), comparisons.times)
    np.add.at(won, (comparisons.item, cell), score * comparisons.times)
    return _Cells(design, seen, won)


def _deviance(rows: Floats, comparisons: Comparisons, beta: Floats) -> float:
    """2 sum of y log(y / fitted) over cells of equal rows, wins and losses."""
    design, cell = np.unique(rows, axis=0, return_inverse=True)
    seen = np.bincount(cell, comparisons.times)
    won = np.bincount(cell, comparisons.score * comparisons.times)
    fitted = seen * special.expit(design @ beta)
    parts = special.rel_entr(won, fitted) + special.rel_entr(seen - won, seen - fitted)
    return float(2 * parts.sum())


def _spread(plain: Estimate, values: Floats, confidence: float, n: int) -> Estimate:
    bounded = bootstrap.with_interval(plain, values, confidence, n=n)
    if bounded.interval is None:
        return Estimate(
            plain.value, interval_reason=_("too often, the drawn items left a condition unbeaten")
        )
    se = float(np.nanstd(values, ddof=1))
    return Estimate(bounded.value, bounded.low, bounded.high, se=se)


def _named(
    names: list[str],
    extra: list[str],
    reference: str,
    values: list[Estimate],
    deviance: float | None,
) -> BradleyTerry:
    kept = [name for name in names if name != reference]
    found = dict(zip([*kept, *extra], values, strict=True))
    own = Estimate(0.0, interval_reason=_("the others are measured against it"))
    strengths = {name: found.get(name, own) for name in names}
    return BradleyTerry(reference, strengths, {name: found[name] for name in extra}, deviance)


def _nothing(names: list[str], extra: list[str], reference: str, reason: str) -> BradleyTerry:
    strengths = {name: undefined(reason) for name in names}
    return BradleyTerry(reference, strengths, {name: undefined(reason) for name in extra})
