"""Did the blinding hold? From what raters guessed about where a response came from.

`bang` looks at each condition by itself (0: guessing, 1: always right, negative: misled), `james`
at all together (1: nobody would guess or all guess wrong, 0.5: guessing, 0: always right).
Sources: Bang, Ni & Davis (2004), Control. Clin. Trials 25:143-156; James et al. (1996), Stat. Med.
15:1421-1434. Guesses of one rater are not independent: report by rater where there are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from agreement.estimate import Estimate, undefined
from agreement.wording import _

Floats = NDArray[np.float64]

ONE_CONDITION = _("there is only one condition to guess")
NOT_ASKED = _("nobody was asked to guess this condition")


@dataclass(frozen=True, eq=False)
class Guesses:
    """`known[g, c]` counts guesses of condition g on responses of condition c, `unsure[c]` those
    who would not guess."""

    names: tuple[str, ...]
    known: Floats
    unsure: Floats

    @classmethod
    def build(cls, rows: Iterable[tuple[str, str | None]], names: Sequence[str]) -> Guesses:
        """From rows (condition, guess); a guess of None is "don't know". Raises ValueError for a
        name that is not among `names`."""
        places = {name: place for place, name in enumerate(names)}
        known, unsure = np.zeros((len(names), len(names))), np.zeros(len(names))
        for truth, guess in rows:
            if truth not in places or (guess is not None and guess not in places):
                raise ValueError(f"{truth!r} or {guess!r} is not one of {', '.join(names)}.")
            if guess is None:
                unsure[places[truth]] += 1
            else:
                known[places[guess], places[truth]] += 1
        return cls(tuple(names), known, unsure)


def bang(guesses: Guesses, confidence: float = 0.95) -> dict[str, Estimate]:
    """Each condition's mean of 1 for a right guess, -1 / (k - 1) for a wrong one and 0 for unsure.

    With k = 2 conditions this is Bang's index; with more, guessing still gives 0. The interval is
    the large-sample one, clipped to the range of the index. Undefined without guesses of the
    condition, and with fewer than two conditions.
    """
    k = len(guesses.names)
    if k < 2:
        return {name: undefined(ONE_CONDITION) for name in guesses.names}
    return {
        name: _bang(
            float(guesses.known[place, place]),
            float(guesses.known[:, place].sum() - guesses.known[place, place]),
            float(guesses.unsure[place]),
            -1 / (k - 1),
            confidence,
        )
        for place, name in enumerate(guesses.names)
    }


def _bang(right: float, wrong: float, unsure: float, worst: float, confidence: float) -> Estimate:
    n = right + wrong + unsure
    if not n:
        return undefined(NOT_ASKED)
    value = (right + worst * wrong) / n
    variance = max((right + worst**2 * wrong) / n - value**2, 0.0) / n
    reach = float(special.ndtri((1 + confidence) / 2)) * sqrt(variance)
    return Estimate(value, max(worst, value - reach), min(1.0, value + reach), se=sqrt(variance))


def bang_by_rater(
    rows: Iterable[tuple[str, str, str | None]],
    names: Sequence[str],
    confidence: float = 0.95,
) -> dict[str, Estimate]:
    """`bang`, from rows (rater, condition, guess), where each rater guessed more than once.

    The guesses of a rater hang together, so the interval is that of a ratio of sums over raters
    (linearised, R / (R - 1), t with R - 1 degrees of freedom), clipped to the range of the index.
    One rater alone has no interval.
    """
    k = len(names)
    if k < 2:
        return {name: undefined(ONE_CONDITION) for name in names}
    scores: dict[str, dict[str, list[float]]] = {name: {} for name in names}
    for rater, truth, guess in rows:
        score = 0.0 if guess is None else 1.0 if guess == truth else -1 / (k - 1)
        scores[truth].setdefault(rater, []).append(score)
    return {name: _clustered(by, -1 / (k - 1), confidence) for name, by in scores.items()}


def _clustered(by_rater: dict[str, list[float]], worst: float, confidence: float) -> Estimate:
    if not by_rater:
        return undefined(NOT_ASKED)
    sums = np.array([sum(each) for each in by_rater.values()])
    sizes = np.array([len(each) for each in by_rater.values()], dtype=float)
    n, total = len(sums), float(sizes.sum())
    value = float(sums.sum()) / total
    if n < 2:
        return Estimate(value, interval_reason=_("one rater alone guessed"))
    off = sums - value * sizes
    se = sqrt(n / (n - 1) * float(off @ off)) / total
    reach = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * se
    return Estimate(value, max(worst, value - reach), min(1.0, value + reach), se=se)


def james(guesses: Guesses, confidence: float = 0.95) -> Estimate:
    """u + (1 - u)^2 D / (2 E): u the share unsure, D the share that guessed wrongly, E the share
    sum over g != c of P(guess g) P(condition c and guessed) that chance alone makes wrong.

    This is James' (1 + u + (1 - u) K) / 2 with K = D (1 - u) / E - 1 and one weight for every
    wrong guess. `se` by the delta method. 1 exactly when all are unsure. Undefined without
    guesses, and when all known guesses or all guessed responses are one condition and the same.
    """
    n = float(guesses.known.sum() + guesses.unsure.sum())
    if not n:
        return undefined(_("nobody was asked to guess"))
    share, u = guesses.known / n, float(guesses.unsure.sum()) / n
    if not guesses.known.any():
        return Estimate(1.0, interval_reason=_("nobody made a guess, so nothing varies"))
    by_guess, by_truth = share.sum(axis=1), share.sum(axis=0)
    wrong = float(share.sum() - np.trace(share))
    expected = float(share.sum() ** 2 - by_guess @ by_truth)
    if expected <= 1e-12:
        return undefined(_("all guesses name the one condition that was guessed at"))
    value = u + (1 - u) ** 2 * wrong / (2 * expected)
    se = sqrt(_james_variance(share, u, wrong, expected) / n)
    reach = float(special.ndtri((1 + confidence) / 2)) * se
    return Estimate(value, max(0.0, value - reach), min(1.0, value + reach), se=se)


def _james_variance(share: Floats, u: float, wrong: float, expected: float) -> float:
    """Variance of one guess's influence: the gradient in every cell, spread over the cells."""
    by_guess, by_truth = share.sum(axis=1), share.sum(axis=0)
    total = float(share.sum())
    off = 1.0 - np.eye(len(share))
    chance = 2 * total - by_truth[:, None] - by_guess[None, :]
    slope = (1 - u) ** 2 / 2 * (off / expected - wrong / expected**2 * chance)
    unsure = 1 - (1 - u) * wrong / expected
    mean = float((share * slope).sum()) + u * unsure
    return max(float((share * slope**2).sum()) + u * unsure**2 - mean**2, 0.0)
