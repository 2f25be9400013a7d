"""Holm's step-down correction, for the few primary contrasts named before the data were seen.

Source: Holm (1979), Scand. J. Stat. 6:65-70.
"""

from __future__ import annotations

from collections.abc import Sequence


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values in the order given: running maximum of (m - rank) p, at most 1.

    A contrast is kept at error rate q when its adjusted p-value is at most q.
    """
    if any(not 0 <= p <= 1 for p in p_values):
        raise ValueError("A p-value lies between 0 and 1.")
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    result, floor = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        floor = max(floor, min(1.0, (len(p_values) - rank) * p_values[place]))
        result[place] = floor
    return result
