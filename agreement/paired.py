"""Two conditions, A and B, answered on the same prompts: how much better B is, three ways.

The prompt is the cluster: rows that share a prompt are not independent. Report the difference
first, then how often B is better, and the ratio last, because it depends on where the scale starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agreement import bootstrap, clustered
from agreement.estimate import Estimate, undefined
from agreement.wording import _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NO_ROW = _("no prompt has a score under both conditions")
ONE_PROMPT = clustered.ONE_CLUSTER


@dataclass(frozen=True, eq=False)
class Pairs:
    """Matched scores: row i holds A's and B's score, `prompt[i]` counts prompts from 0."""

    a: Floats
    b: Floats
    prompt: Ints
    n_prompts: int

    @classmethod
    def build(cls, a: ArrayLike, b: ArrayLike, prompts: Sequence[object]) -> Pairs:
        """From three columns of one length. A row without both scores (NaN) is left out."""
        first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
        if not len(first) == len(second) == len(prompts):
            raise ValueError(
                f"A has {len(first)} scores, B {len(second)}, for {len(prompts)} prompts."
            )
        kept = np.flatnonzero(~(np.isnan(first) | np.isnan(second))).tolist()
        names = {name: place for place, name in enumerate(dict.fromkeys(prompts[i] for i in kept))}
        prompt = np.array([names[prompts[i]] for i in kept], dtype=np.int64)
        return cls(first[kept], second[kept], prompt, len(names))

    @classmethod
    def by_prompt(cls, rows: Iterable[tuple[str, str, float]], a: str, b: str) -> Pairs:
        """From long rows (prompt, condition, score): one pair per prompt that has both
        conditions, each side the mean of that prompt's scores over replicates and raters."""
        scores: dict[str, dict[str, list[float]]] = {}
        for prompt, condition, score in rows:
            if condition in (a, b) and not np.isnan(score):
                scores.setdefault(prompt, {}).setdefault(condition, []).append(score)
        both = {prompt: by for prompt, by in scores.items() if a in by and b in by}
        return cls.build(
            [float(np.mean(by[a])) for by in both.values()],
            [float(np.mean(by[b])) for by in both.values()],
            list(both),
        )

    def totals(self, values: Floats) -> Floats:
        """The sum of `values` (one per row) of each prompt, shape (n_prompts,)."""
        return np.bincount(self.prompt, values, minlength=self.n_prompts).astype(np.float64)


@dataclass(frozen=True)
class Ratio:
    """A ratio of means with the coding it was computed under, to be printed beside it."""

    estimate: Estimate
    coding: str


def mean_difference(pairs: Pairs, confidence: float = 0.95) -> Estimate:
    """mean(b - a) with the cluster-robust t interval, prompts - 1 degrees of freedom."""
    gaps = pairs.b - pairs.a
    return clustered.mean(gaps, pairs.prompt, confidence, no_row=NO_ROW)


def superiority(
    pairs: Pairs, *, draws: int = bootstrap.DRAWS, seed: int = bootstrap.SEED
) -> Estimate:
    """P(B > A) + P(B = A) / 2 over rows, with the interval over resampled prompts.

    0.5 means no difference. Source: Vargha & Delaney (2000), J. Educ. Behav. Stat. 25:101-132.
    """
    if not len(pairs.a):
        return undefined(NO_ROW)
    wins = (pairs.b > pairs.a) + 0.5 * (pairs.b == pairs.a)
    rows = pairs.totals(np.ones(len(wins)))
    return _share(pairs.totals(wins), rows, draws, seed)


def ratio_of_means(
    pairs: Pairs,
    *,
    scale: tuple[float, float],
    start: float | None = None,
    draws: int = bootstrap.DRAWS,
    seed: int = bootstrap.SEED,
) -> Ratio:
    """mean(b) / mean(a) after moving the scale (lowest, highest) so that it begins at `start`
    (None: as given), with the interval over resampled prompts.

    The same scores give another ratio under another start, so the coding comes with the figure.
    Undefined when the mean of A is not positive.
    """
    low, high = scale
    shift = 0.0 if start is None else start - low
    coding = _("scores coded {low} to {high}", low=f"{low + shift:g}", high=f"{high + shift:g}")
    if not len(pairs.a):
        return Ratio(undefined(NO_ROW), coding)
    a, b = pairs.totals(pairs.a + shift), pairs.totals(pairs.b + shift)
    if a.sum() <= 0:
        return Ratio(undefined(_("the mean of A is not above zero under this coding")), coding)
    return Ratio(_share(b, a, draws, seed), coding)


def _share(top: Floats, bottom: Floats, draws: int, seed: int) -> Estimate:
    """sum(top) / sum(bottom) over prompts, with the interval over resampled prompts."""
    plain = Estimate(float(top.sum() / bottom.sum()))
    if len(top) < 2:
        return Estimate(plain.value, interval_reason=ONE_PROMPT)
    values = bootstrap.resample(_quotient(top, bottom), len(top), draws=draws, seed=seed)
    return bootstrap.with_interval(plain, values, n=len(top))


def _quotient(top: Floats, bottom: Floats) -> Callable[[Floats], Floats]:
    def of(times: Floats) -> Floats:
        below = times @ bottom
        out = np.full(len(times), np.nan)
        return np.asarray(np.divide(times @ top, below, out=out, where=below > 0))

    return of
