"""How a judge stands to settled values, and whether it moved since it last met them. Pure.

A scale's difference is in its own points. A name has no distance: there 1 means the settled name
was given and 0 another one, so the difference is the share of anchors that the judge gets wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

# A mean change of more than this share of the scale is called a move.
MOVED = 0.10

# The judge's value of each anchor, by the anchor's id.
Values = Mapping[str, float]


@dataclass(frozen=True)
class Earlier:
    """An earlier run of the same judge over the same anchors."""

    at: datetime
    n: int
    mean_change: float
    mean_absolute_change: float
    has_moved: bool


@dataclass(frozen=True)
class Standing:
    """One criterion: the judge against the settled values, and against itself."""

    label: str
    n: int
    difference: float | None
    absolute_difference: float | None
    earlier: tuple[Earlier, ...]

    @property
    def has_moved(self) -> bool:
        return any(each.has_moved for each in self.earlier)


def standing(
    label: str,
    now: Values,
    *,
    settled: Values,
    span: float,
    before: list[tuple[datetime, Values]],
) -> Standing:
    """Only anchors that both sides know count; earlier runs without any are left out."""
    differences = [now[anchor] - settled[anchor] for anchor in now if anchor in settled]
    earlier = [_change(at, now, values, span) for at, values in before]
    return Standing(
        label=label,
        n=len(differences),
        difference=fmean(differences) if differences else None,
        absolute_difference=fmean(map(abs, differences)) if differences else None,
        earlier=tuple(each for each in earlier if each),
    )


def _change(at: datetime, now: Values, before: Values, span: float) -> Earlier | None:
    changes = [now[anchor] - before[anchor] for anchor in now if anchor in before]
    if not changes:
        return None
    absolute = fmean(map(abs, changes))
    return Earlier(at, len(changes), fmean(changes), absolute, absolute > MOVED * span)
