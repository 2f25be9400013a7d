"""The loss along the steps as a line to be drawn: places in a picture of fixed size. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 200
Point = tuple[int, float]


@dataclass(frozen=True)
class Curve:
    """A line from left to right, and what its ends say."""

    line: str  # "x,y x,y …"
    ticks: list[tuple[float, str]]  # heights, with the loss that they stand for
    first: Point
    last: Point
    lowest: Point

    @property
    def is_falling(self) -> bool:
        return self.last[1] < self.first[1]


def curve(points: Sequence[Point], *, n_steps: int | None = None) -> Curve | None:
    """None until two points are there. The right edge is the last step of the whole run."""
    if len(points) < 2:
        return None
    low, high = _span([loss for _, loss in points])
    end = max(n_steps or 0, points[-1][0])
    return Curve(
        line=" ".join(f"{_x(step, end)},{_y(loss, low, high)}" for step, loss in points),
        ticks=[(_y(loss, low, high), f"{loss:.3g}") for loss in (high, (low + high) / 2, low)],
        first=points[0],
        last=points[-1],
        lowest=min(points, key=lambda point: (point[1], point[0])),
    )


def _span(losses: Sequence[float]) -> tuple[float, float]:
    """From zero where the losses come near it; never of no height."""
    low, high = min(losses), max(losses)
    low = 0.0 if 0 <= low < high / 4 else low
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _x(step: int, end: int) -> float:
    return round(WIDTH * step / max(end, 1), 1)


def _y(loss: float, low: float, high: float) -> float:
    return round(HEIGHT * (high - loss) / (high - low), 1)
