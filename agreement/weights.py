"""Named weights of agreement between two levels of a scale: 1 on the diagonal, 0 for the farthest.

Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., section 3.5 and appendix. Always
name the weights beside a weighted figure: Gwet's "ordinal" is not Krippendorff's ordinal metric.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WeightName = Literal[
    "identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar"
]
WEIGHTS: tuple[WeightName, ...] = get_args(WeightName)


def matrix(name: WeightName, levels: Floats) -> Floats:
    """Weights of shape (q, q) for ascending `levels` of shape (q,). One level gives [[1]]."""
    q = len(levels)
    if name == "identity" or q < 2:
        return np.eye(q)
    low, high = levels[:, None], levels[None, :]
    return 1.0 - _DISTANCES[name](low, high)


def within(distance: float, levels: Floats) -> Floats:
    """1 where two levels differ by at most `distance`, else 0; shape (q, q)."""
    near = np.abs(levels[:, None] - levels[None, :]) <= distance
    return near.astype(np.float64)


def _linear(a: Floats, b: Floats) -> Floats:
    """|a - b| / range."""
    gaps = np.abs(a - b)
    return np.asarray(gaps / gaps.max())


def _ordinal(a: Floats, b: Floats) -> Floats:
    """C(|i - j| + 1, 2) / C(q, 2) over positions i, j."""
    q = a.size
    steps = np.abs(np.arange(q)[:, None] - np.arange(q)[None, :])
    return np.asarray((steps + 1) * steps / (q * (q - 1)))


def _ratio(a: Floats, b: Floats) -> Floats:
    """((a - b) / (a + b))^2 over the same for the two ends; 0 / 0 counts as no distance."""
    total = a + b
    apart = np.divide(a - b, total, out=np.zeros(np.broadcast(a, b).shape), where=total != 0)
    return np.asarray((apart / apart[0, -1]) ** 2)


def _circular(a: Floats, b: Floats) -> Floats:
    """sin^2(pi (a - b) / (range + 1)), scaled to at most 1."""
    waves = np.sin(np.pi * (a - b) / (a.max() - a.min() + 1)) ** 2
    return np.asarray(waves / waves.max())


def _bipolar(a: Floats, b: Floats) -> Floats:
    """(a - b)^2 / ((a + b - 2 min)(2 max - a - b)), scaled to at most 1."""
    total = a + b
    room = (total - 2 * a.min()) * (2 * a.max() - total)
    far = np.divide((a - b) ** 2, room, out=np.zeros_like(room), where=room != 0)
    return np.asarray(far / far.max())


_DISTANCES: dict[WeightName, Callable[[Floats, Floats], Floats]] = {
    "linear": _linear,
    "quadratic": lambda a, b: _linear(a, b) ** 2,
    "ordinal": _ordinal,
    "radical": lambda a, b: np.sqrt(_linear(a, b)),
    "ratio": _ratio,
    "circular": _circular,
    "bipolar": _bipolar,
}
