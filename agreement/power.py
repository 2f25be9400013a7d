"""How many items a study needs: paired differences, rates, and the precision of alpha.

Numbers to plan with, computed before a study; `alt_power` does the same for the alternative
annotator test. Closed forms where they exist, seeded simulation for alpha.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

import numpy as np
import scipy  # its larger parts load when they are asked for
from numpy.typing import NDArray
from scipy import special

from agreement import bootstrap, krippendorff
from agreement.ratings import Ratings
from agreement.scale import Level

Floats = NDArray[np.float64]

MANY_ITEMS = 20_000
MOST_ITEMS = 10_000_000


def sd_of_difference(item_condition_sd: float, residual_sd: float, raters: int) -> float:
    """SD of a prompt's difference between two conditions, each scored by `raters`:
    sqrt(2 (item:condition^2 + residual^2 / raters))."""
    return sqrt(2 * (item_condition_sd**2 + residual_sd**2 / raters))


def paired_items(sd: float, delta: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """Items to see a mean paired difference `delta`: ((z_{1-alpha/2} + z_power) sd / delta)^2.

    With power .8 and alpha .05 this is 7.85 (sd / delta)^2. It takes sd as known: below about 30
    items ask `paired_items_by_t`.
    """
    _check(sd, delta, power, alpha)
    z = float(special.ndtri(1 - alpha / 2) + special.ndtri(power))
    return max(2, ceil((z * sd / delta) ** 2 - 1e-9))


def paired_items_by_t(sd: float, delta: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """The same for the t test that will be done (noncentral F of t^2): a few items more."""
    _check(sd, delta, power, alpha)
    low, high = 1, max(2, paired_items(sd, delta, power, alpha))
    while paired_power(high, sd, delta, alpha) < power:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        enough = paired_power(middle, sd, delta, alpha) >= power
        low, high = (low, middle) if enough else (middle, high)
    return high


def paired_power(n: int, sd: float, delta: float, alpha: float = 0.05) -> float:
    """P(two-sided paired t test of n items rejects) when the mean difference is `delta`."""
    if n < 2:
        return 0.0
    bound = float(special.stdtrit(n - 1, 1 - alpha / 2))
    return float(1 - special.ncfdtr(1, n - 1, n * (delta / sd) ** 2, bound**2))


def paired_delta(n: int, sd: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """The smallest mean difference that n items show with that power. Needs n of 2 or more."""
    if n < 2:
        raise ValueError("Two items at least are needed to see a difference.")

    def missing(delta: float) -> float:
        return paired_power(n, sd, delta, alpha) - power

    top = sd
    while missing(top) < 0:
        top *= 2
    return float(scipy.optimize.brentq(missing, 0.0, top, xtol=1e-9))


def rate_items(half_width: float, rate: float = 0.5, confidence: float = 0.95) -> int:
    """Items for Wilson's interval of a rate near `rate` to reach `half_width` to either side.

    n solves z sqrt(p(1-p)/n + z^2/4n^2) / (1 + z^2/n) = half width. The worst case is 0.5.
    """
    if not 0 < half_width < 0.5 or not 0 <= rate <= 1:
        raise ValueError("A half width lies between 0 and 0.5, a rate between 0 and 1.")
    low, high = 0, 1
    while rate_half_width(high, rate, confidence) > half_width and high < MOST_ITEMS:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        enough = rate_half_width(middle, rate, confidence) <= half_width
        low, high = (low, middle) if enough else (middle, high)
    return high


def rate_half_width(n: int, rate: float, confidence: float = 0.95) -> float:
    """Half the length of Wilson's interval at `rate` of n items (`rate` n need not be whole)."""
    z = float(special.ndtri((1 + confidence) / 2))
    return z * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)) / (1 + z * z / n)


@dataclass(frozen=True)
class Precision:
    """Half the length of alpha's 95 % interval with `n_items` rated by all of `n_raters`."""

    n_items: int
    n_raters: int
    alpha: float
    half_width: float


def alpha_precision(
    n_items: Sequence[int],
    n_raters: Sequence[int],
    *,
    item_sd: float = 1.0,
    rater_sd: float = 0.8,
    scale: tuple[int, int] = (1, 5),
    level: Level = "ordinal",
    draws: int = 2000,
    seed: int = bootstrap.SEED,
) -> list[Precision]:
    """The table of precision, raters by items, by simulation: normal noise `rater_sd` around true
    values of `item_sd`, rounded to the scale. `alpha` is that of 20,000 such items; each half
    width is of the middle 95 % of alphas of `draws` studies. SDs of 1.0 and 0.8 give .56.
    """
    rng = np.random.default_rng(seed)
    low, high = scale
    found = []
    for raters in n_raters:
        true = (low + high) / 2 + item_sd * rng.normal(size=(MANY_ITEMS, 1))
        scores = true + rater_sd * rng.normal(size=(MANY_ITEMS, raters))
        whole = np.clip(np.round(scores), low, high)
        ratings = Ratings.from_matrix(whole, level, list(range(low, high + 1)))
        found += _of_population(ratings, level, n_items, draws, seed)
    return found


def alpha_precision_of_pilot(
    ratings: Ratings,
    level: Level,
    n_items: Sequence[int],
    *,
    draws: int = 2000,
    seed: int = bootstrap.SEED,
) -> list[Precision]:
    """The same for items like those of a pilot, drawn again with their raters and gaps. Empty
    when alpha is undefined there."""
    if not krippendorff.alpha(ratings, level).is_defined:
        return []
    return _of_population(ratings, level, n_items, draws, seed)


def _of_population(
    ratings: Ratings, level: Level, n_items: Sequence[int], draws: int, seed: int
) -> list[Precision]:
    alpha = krippendorff.alpha(ratings, level).known
    data = krippendorff.units(ratings, level)
    _, first, many = np.unique(data.counts.toarray(), axis=0, return_index=True, return_counts=True)
    within = None if data.within is None else data.within[first]
    data = replace(data, counts=data.counts[first], within=within)
    chances = many / many.sum()
    found = []
    for n in n_items:
        times = np.random.default_rng(seed).multinomial(n, chances, size=draws)
        low, high = np.nanpercentile(krippendorff.alphas(data, times.astype(float)), [2.5, 97.5])
        found.append(Precision(n, ratings.n_raters, alpha, float(high - low) / 2))
    return found


def _check(sd: float, delta: float, power: float, alpha: float) -> None:
    if sd <= 0 or delta == 0:
        raise ValueError("A plan needs a spread above 0 and a difference other than 0.")
    if not (0 < alpha < 1 and alpha < power < 1):
        raise ValueError("Power lies between alpha and 1.")
