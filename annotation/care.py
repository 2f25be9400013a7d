"""What a rater's day so far means: another item, a break, or enough for today.

Pure: moments come in, a word comes out. A day is the last 24 hours, so it needs nobody's time zone
and no evening is cut in two at midnight.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from annotation.limits import Limits

DAY = timedelta(days=1)
TOP = 3  # 1 mild, 2 hard, 3 severe


@dataclass(frozen=True)
class Seen:
    """An item that was before the rater."""

    began_at: datetime
    seen_at: datetime
    severity: int
    seconds: int


class Why(StrEnum):
    """What ran out."""

    MINUTES = "minutes"
    SEVERE = "severe"
    IN_A_ROW = "in_a_row"


@dataclass(frozen=True)
class Break:
    """A break is offered; the rater may go on after it, or on their own wish."""

    why: Why
    n: int  # of minutes or of severe items, as `why` says
    minutes: int  # that the break lasts


@dataclass(frozen=True)
class Cap:
    """Enough for today; from `until` on there is room again."""

    why: Why
    n: int
    until: datetime


def verdict(
    exposures: Iterable[Seen], rests: Collection[datetime], now: datetime, limits: Limits
) -> Break | Cap | None:
    """Whether the rater should be given another item; `rests` are the moments when breaks ended.

    A cap speaks before a break. No item begins at or past a cap; one that has begun may be ended.
    """
    day = _day(exposures, now)
    return _cap(day, limits) or _break(_stretch(day, rests, now, limits), limits)


def may_be_severe(
    exposures: Iterable[Seen], rests: Collection[datetime], now: datetime, limits: Limits
) -> bool:
    """Not after so many severe items in a row, without a break between them."""
    newest = _stretch(_day(exposures, now), rests, now, limits)[-limits.in_a_row :]
    return len(newest) < limits.in_a_row or any(seen.severity < TOP for seen in newest)


def had_better_be_mild(
    exposures: Iterable[Seen], rests: Collection[datetime], now: datetime, limits: Limits
) -> bool:
    """The next item may be the last before a break or a cap: a mild one is the better last.

    By the count of severe items, or because at the rater's pace the time will be up.
    """
    day = _day(exposures, now)
    stretch = _stretch(day, rests, now, limits)
    usual = _seconds(day) // len(day) if day else 0
    is_late = (
        _seconds(day) + usual >= limits.day_minutes * 60
        or _seconds(stretch) + usual >= limits.break_minutes * 60
    )
    is_near = (
        _n_severe(day) + 1 >= limits.day_severe or _n_severe(stretch) + 1 >= limits.break_severe
    )
    return bool(day) and (is_late or is_near)


def in_a_row(limits: Limits) -> Break:
    """The break that is offered where no milder item is left."""
    return Break(Why.IN_A_ROW, limits.in_a_row, limits.rest_minutes)


def worked(before: datetime, now: datetime, limits: Limits) -> int:
    """Seconds at work between two signs of life; none in a long silence."""
    passed = now - before
    return int(passed.total_seconds()) if timedelta(0) < passed <= limits.silence else 0


def _day(exposures: Iterable[Seen], now: datetime) -> list[Seen]:
    """The last 24 hours, oldest first."""
    recent = (seen for seen in exposures if seen.seen_at > now - DAY)
    return sorted(recent, key=lambda seen: (seen.seen_at, seen.began_at))


def _stretch(
    day: Sequence[Seen], rests: Collection[datetime], now: datetime, limits: Limits
) -> list[Seen]:
    """What came since the last break, taken on offer or of one's own accord; oldest first."""
    ended = max(rests, default=None)
    found: list[Seen] = []
    later = now
    for seen in reversed(day):
        is_before_rest = ended is not None and seen.seen_at <= ended
        if is_before_rest or later - seen.seen_at >= limits.rest:
            break
        found.append(seen)
        later = seen.began_at
    return found[::-1]


def _cap(day: Sequence[Seen], limits: Limits) -> Cap | None:
    if _seconds(day) >= limits.day_minutes * 60:
        until = _room_again([(seen, seen.seconds) for seen in day], limits.day_minutes * 60)
        return Cap(Why.MINUTES, limits.day_minutes, until)
    if _n_severe(day) >= limits.day_severe:
        counted = [(seen, int(seen.severity >= TOP)) for seen in day]
        return Cap(Why.SEVERE, limits.day_severe, _room_again(counted, limits.day_severe))
    return None


def _break(stretch: Sequence[Seen], limits: Limits) -> Break | None:
    if _seconds(stretch) >= limits.break_minutes * 60:
        return Break(Why.MINUTES, limits.break_minutes, limits.rest_minutes)
    if _n_severe(stretch) >= limits.break_severe:
        return Break(Why.SEVERE, limits.break_severe, limits.rest_minutes)
    return None


def _room_again(day: Sequence[tuple[Seen, int]], most: int) -> datetime:
    """When enough of the oldest lies a day back for the sum to be below `most`."""
    left = sum(n for _, n in day)
    for seen, n in day:
        left -= n
        if left < most:
            return seen.seen_at + DAY
    raise ValueError("a limit of nothing leaves room for nothing")


def _seconds(seen: Iterable[Seen]) -> int:
    return sum(each.seconds for each in seen)


def _n_severe(seen: Iterable[Seen]) -> int:
    return sum(each.severity >= TOP for each in seen)
