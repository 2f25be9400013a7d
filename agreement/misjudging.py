"""The true rate of a verdict, corrected for how often the judge misses it and cries it wrongly.

    theta = (p + q0 - 1) / (q0 + q1 - 1)

p is the judge's positive rate, q0 its specificity and q1 its sensitivity on items with a human
verdict. The interval adds two pseudo-observations to each error rate and z^2 to p, and moves its
centre for the ratio's bias. Sources: Rogan & Gladen (1978), Am. J. Epidemiol. 107:71-76; interval:
Lee et al. (2025), arXiv 2511.21140. Estimate q0 and q1 in each condition by itself: a judge may
read one wording better than another.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from agreement.estimate import Estimate, undefined
from agreement.wording import _

NO_BETTER = _(
    "specificity and sensitivity add up to one or less: the judge is no better than a coin, "
    "and nothing corrects that"
)


class Share(NamedTuple):
    """A proportion `rate` seen in `n` items."""

    rate: float
    n: int


class Errors(NamedTuple):
    """What the items with a human verdict tell of the judge."""

    specificity: Share
    sensitivity: Share


def errors(human: ArrayLike, judge: ArrayLike) -> Errors:
    """Specificity and sensitivity of `judge` against `human`, both (n,) of yes and no."""
    truth, verdict = np.asarray(human, dtype=bool), np.asarray(judge, dtype=bool)
    if truth.shape != verdict.shape:
        raise ValueError(f"{len(truth)} human verdicts, but {len(verdict)} of the judge.")
    return Errors(_share(~verdict[~truth]), _share(verdict[truth]))


def judged(verdicts: ArrayLike) -> Share:
    """The judge's rate of yes among `verdicts` (n,)."""
    return _share(np.asarray(verdicts, dtype=bool))


def rate(
    judge: Share, specificity: Share, sensitivity: Share, confidence: float = 0.95
) -> Estimate:
    """The corrected rate, clipped to [0, 1], with its interval and `se`.

    Undefined without judged items, without human-negative or human-positive items, and when
    specificity and sensitivity add up to one or less. The interval may be undefined alone.
    """
    if reason := _why_undefined(judge, specificity, sensitivity):
        return undefined(reason)
    p, q0, q1 = judge.rate, specificity.rate, sensitivity.rate
    value = _clip((p + q0 - 1) / (q0 + q1 - 1))
    z = float(special.ndtri((1 + confidence) / 2))
    size = judge.n + z * z
    p = (judge.n * p + z * z / 2) / size
    q0, v0 = _shrunk(specificity)
    q1, v1 = _shrunk(sensitivity)
    better = q0 + q1 - 1
    if better <= 0:
        return Estimate(value, interval_reason=_("too few items tell the judge from a coin"))
    theta = (p + q0 - 1) / better
    centre = theta + 2 * z * z * (theta * v1 - (1 - theta) * v0)
    se = sqrt(p * (1 - p) / size + (1 - theta) ** 2 * v0 + theta**2 * v1) / better
    return Estimate(value, _clip(centre - z * se), _clip(centre + z * se), se=se)


def difference(a: Estimate, b: Estimate) -> Estimate:
    """b - a of two corrected rates with their own error rates, by the square-and-add interval.

    Treats the two as independent, which on the same prompts is cautious. Source: Newcombe (1998),
    Stat. Med. 17:873-890. Undefined when one of them is; without an interval when one has none.
    """
    if a.value is None or b.value is None:
        return undefined(a.reason or b.reason or "")
    gap = b.value - a.value
    if a.interval is None or b.interval is None:
        return Estimate(gap, interval_reason=a.interval_reason or b.interval_reason)
    (a_low, a_high), (b_low, b_high) = a.ends, b.ends
    down = sqrt(max(b.value - b_low, 0.0) ** 2 + max(a_high - a.value, 0.0) ** 2)
    up = sqrt(max(b_high - b.value, 0.0) ** 2 + max(a.value - a_low, 0.0) ** 2)
    return Estimate(gap, max(-1.0, gap - down), min(1.0, gap + up))


def _why_undefined(judge: Share, specificity: Share, sensitivity: Share) -> str | None:
    if not judge.n:
        return _("the judge gave no verdict")
    if not specificity.n:
        return _("no item with a human verdict is a no, so false alarms cannot be counted")
    if not sensitivity.n:
        return _("no item with a human verdict is a yes, so misses cannot be counted")
    return NO_BETTER if specificity.rate + sensitivity.rate <= 1 + 1e-12 else None


def _share(yes: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Share:
    return Share(float(yes.mean()) if len(yes) else 0.0, len(yes))


def _shrunk(share: Share) -> tuple[float, float]:
    """The rate with one success and one failure added, and its variance."""
    q = (share.n * share.rate + 1) / (share.n + 2)
    return q, q * (1 - q) / (share.n + 2)


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))
