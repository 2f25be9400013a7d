"""Wilson's score interval of a proportion, which keeps its coverage in small samples.

Source: Wilson (1927), J. Am. Stat. Assoc. 22:209-212.
"""

from __future__ import annotations

from math import sqrt

from scipy import special

from agreement.estimate import Estimate, undefined
from agreement.wording import _


def proportion(successes: int, n: int, confidence: float = 0.95) -> Estimate:
    """successes / n with (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n).

    Undefined when n is 0.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a proportion.")
    if n == 0:
        return undefined(_("there is nothing to count"))
    low, high = bounds(successes / n, n, confidence)
    return Estimate(successes / n, low, high)


def bounds(share: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a share that is worth `n` independent observations, whole or not."""
    z = float(special.ndtri((1 + confidence) / 2))
    middle = share + z * z / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    low = 0.0 if share == 0 else (middle - reach) / whole
    high = 1.0 if share == 1 else (middle + reach) / whole
    return low, high
