"""How often a judge names the label that people settled on, counting what it failed to say."""

from __future__ import annotations

from collections.abc import Sequence

from agreement import wilson
from agreement.estimate import Estimate
from agreement.scale import Value


def share_correct(given: Sequence[Value | None], settled: Sequence[Value | None]) -> Estimate:
    """Share of settled items where `given` is the settled label, with Wilson's interval.

    None in `given` is an answer that could not be read: it counts as wrong, because leaving it
    out would flatter a judge that fails on hard items. None in `settled` leaves the item out.
    """
    if len(given) != len(settled):
        raise ValueError(f"{len(given)} labels cannot be compared with {len(settled)}.")
    known = [(said, truth) for said, truth in zip(given, settled, strict=True) if truth is not None]
    return wilson.proportion(sum(said == truth for said, truth in known), len(known))
