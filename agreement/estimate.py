"""What every statistic returns: a number with its interval, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic. `value` is None exactly when `reason` says why it is undefined.

    `low` and `high` bound the interval (95 % unless the caller asked otherwise); when only the
    interval is undefined, `value` stands, both bounds are None and `interval_reason` says why.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str | None = None
    se: float | None = None
    interval_reason: str | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("An estimate has either a value or the reason why it has none.")
        for number in (self.value, self.low, self.high, self.se):
            if number is not None and not math.isfinite(number):
                raise ValueError(f"An estimate holds finite numbers only, not {number}.")

    @property
    def is_defined(self) -> bool:
        return self.value is not None

    @property
    def known(self) -> float:
        """The value, for callers that need one. Raises ValueError with the reason if undefined."""
        if self.value is None:
            raise ValueError(self.reason)
        return self.value

    @property
    def ends(self) -> tuple[float, float]:
        """The interval, for callers that need one. Raises ValueError with the reason if none."""
        if self.low is None or self.high is None:
            raise ValueError(self.reason or self.interval_reason)
        return (self.low, self.high)

    @property
    def interval(self) -> tuple[float, float] | None:
        if self.low is None or self.high is None:
            return None
        return (self.low, self.high)


def undefined(reason: str) -> Estimate:
    """An estimate without a value; `reason` is a clause that a clinician can read,
    made by `wording._` so that it can be told in any language."""
    return Estimate(value=None, reason=reason)
