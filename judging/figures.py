"""Numbers for dot-and-whisker figures: a value on its axis becomes a place from 0 to 400. Pure."""

from dataclasses import dataclass

from agreement.estimate import Estimate
from agreement.wording import _, joined

WIDTH = 400


@dataclass(frozen=True)
class Figure:
    """One line of a figure, and its text alternative, which is to be told."""

    label: str
    low: float | None
    point: float | None
    high: float | None
    judge: float | None = None
    zero: float | None = None


def place(value: float | None, low: float, high: float) -> float | None:
    """Where `value` stands on an axis from `low` to `high`; what lies beyond stands at its end."""
    if value is None:
        return None
    share = (value - low) / (high - low)
    return round(WIDTH * min(1.0, max(0.0, share)), 1)


def interval(
    estimate: Estimate,
    *,
    label: str,
    axis: tuple[float, float] = (0.0, 1.0),
    judge: Estimate | None = None,
) -> Figure:
    """An estimate with its interval, and a judge's figure beside it."""
    low, high = axis
    return Figure(
        label=joined(label, _figures(estimate, judge), between=": "),
        low=place(estimate.low, low, high),
        point=place(estimate.value, low, high),
        high=place(estimate.high, low, high),
        judge=place(judge.value, low, high) if judge is not None else None,
        zero=place(0.0, low, high) if low * high < 0 else None,
    )


def in_words(estimate: Estimate) -> str:
    """ ".61 from .50 to .70", or why there is no figure."""
    if estimate.value is None:
        return _("undefined, because {reason}", reason=estimate.reason)
    value = f"{estimate.value:.2f}"
    if estimate.interval is None:
        return value
    low, high = estimate.interval
    return _("{value} from {low} to {high}", value=value, low=f"{low:.2f}", high=f"{high:.2f}")


def _figures(estimate: Estimate, judge: Estimate | None) -> str:
    if judge is None:
        return in_words(estimate)
    return _("{people}, judge {judge}", people=in_words(estimate), judge=in_words(judge))
