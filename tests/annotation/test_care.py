"""A rater's day: what is counted, when a break is offered, when it is enough."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation import care
from annotation.care import DAY, TOP, Break, Cap, Seen, Why
from annotation.limits import LIMITS, Limits

NOW = datetime(2026, 5, 1, 20, 0, tzinfo=UTC)
USUAL = Limits()
MINUTE = timedelta(minutes=1)


def seen(*severities: int, seconds: int = 60, end: datetime = NOW) -> list[Seen]:
    """Items one after another, the last of which ends at `end`."""
    found = []
    for severity in reversed(severities):
        found.append(Seen(end - timedelta(seconds=seconds), end, severity, seconds))
        end = found[-1].began_at
    return found[::-1]


def test_the_limits_in_force_are_those_that_are_stated() -> None:
    assert {limit.key: limit.default for limit in LIMITS} == {
        each.name: getattr(USUAL, each.name) for each in fields(USUAL)
    }
    for limit in LIMITS:
        assert limit.lowest <= limit.default <= limit.highest
        assert limit.source.startswith("Our proposal") or "http" in limit.source


def test_nothing_seen_asks_for_no_break() -> None:
    assert care.verdict([], [], NOW, USUAL) is None
    assert care.may_be_severe([], [], NOW, USUAL)
    assert not care.had_better_be_mild([], [], NOW, USUAL)


def test_a_break_is_offered_after_twenty_minutes() -> None:
    assert care.verdict(seen(*[1] * 19), [], NOW, USUAL) is None
    assert care.verdict(seen(*[1] * 20), [], NOW, USUAL) == Break(Why.MINUTES, 20, 5)


def test_a_break_is_offered_after_fifteen_severe_items() -> None:
    assert care.verdict(seen(*[3] * 14, seconds=5), [], NOW, USUAL) is None
    assert care.verdict(seen(*[3] * 15, seconds=5), [], NOW, USUAL) == Break(Why.SEVERE, 15, 5)


@pytest.mark.parametrize("severity", [1, 2])
def test_milder_items_are_not_counted_as_severe(severity: int) -> None:
    assert care.verdict(seen(*[severity] * 100, seconds=5), [], NOW, USUAL) is None


def test_counting_begins_anew_after_a_break() -> None:
    day = seen(*[1] * 20)
    assert care.verdict(day, [NOW], NOW + MINUTE, USUAL) is None
    assert care.verdict(day, [NOW - 2 * MINUTE], NOW, USUAL) is None
    assert isinstance(care.verdict(day, [NOW - timedelta(hours=1)], NOW, USUAL), Break)


def test_whoever_was_away_for_five_minutes_has_had_their_break() -> None:
    day = seen(*[1] * 20)
    assert isinstance(care.verdict(day, [], NOW + 4 * MINUTE, USUAL), Break)
    assert care.verdict(day, [], NOW + 5 * MINUTE, USUAL) is None


def test_a_pause_between_items_is_a_break_too() -> None:
    day = [*seen(*[1] * 15, end=NOW - 15 * MINUTE), *seen(*[1] * 10)]
    assert care.verdict(day, [], NOW, USUAL) is None


def test_two_hours_are_enough_for_a_day_whatever_breaks_there_were() -> None:
    day = [one for hour in range(8) for one in seen(*[1] * 15, end=NOW - timedelta(hours=hour))]
    said = care.verdict(day, [NOW], NOW + timedelta(hours=1), USUAL)
    assert said == Cap(Why.MINUTES, 120, min(one.seen_at for one in day) + DAY)


def test_sixty_severe_items_are_enough_for_a_day() -> None:
    day = seen(*[3] * 60, seconds=2)
    said = care.verdict(day, [NOW], NOW, USUAL)
    assert isinstance(said, Cap)
    assert said.why == Why.SEVERE
    assert care.verdict(day, [NOW], said.until - MINUTE, USUAL) is not None
    assert care.verdict(day, [NOW], said.until, USUAL) is None


def test_a_fourth_severe_item_does_not_follow_three() -> None:
    assert care.may_be_severe(seen(3, 3), [], NOW, USUAL)
    assert not care.may_be_severe(seen(3, 3, 3), [], NOW, USUAL)
    assert not care.may_be_severe(seen(1, 3, 3, 3), [], NOW, USUAL)
    assert care.may_be_severe(seen(3, 3, 3, 1), [], NOW, USUAL)
    assert care.may_be_severe(seen(3, 3, 3), [NOW], NOW, USUAL)


def test_the_last_before_a_break_had_better_be_mild() -> None:
    assert care.had_better_be_mild(seen(*[3, 1] * 14, seconds=5), [], NOW, USUAL)
    assert care.had_better_be_mild(seen(*[1] * 19), [], NOW, USUAL)
    assert not care.had_better_be_mild(seen(*[1] * 10), [], NOW, USUAL)


@pytest.mark.parametrize(
    ("passed", "counted"), [(0, 0), (1, 1), (300, 300), (301, 0), (7200, 0), (-60, 0)]
)
def test_a_long_silence_is_not_time_at_work(passed: int, counted: int) -> None:
    assert care.worked(NOW, NOW + timedelta(seconds=passed), USUAL) == counted


def day_of(rng: Random, limits: Limits, *, goes_on: float) -> list[tuple[datetime, Seen]]:
    """Two days of a rater who works as care allows: each item with the moment it was given."""
    now, rests, given_out = NOW, [], []
    day: list[Seen] = []
    while now < NOW + 2 * DAY:
        said = care.verdict(day, rests, now, limits)
        severity = rng.choice((1, 2, 3, 3, 3))
        if said is None and not care.may_be_severe(day, rests, now, limits):
            is_milder_left = rng.random() < 0.5
            severity = min(severity, 2)
            said = None if is_milder_left else care.in_a_row(limits)
        if isinstance(said, Cap):
            assert said.until > now
            now = said.until if rng.random() < 0.5 else now + timedelta(hours=1)
            continue
        if isinstance(said, Break):
            now += timedelta(seconds=1) if rng.random() < goes_on else limits.rest
            rests.append(now)
            continue
        one = Seen(now, now + timedelta(seconds=rng.randint(1, 240)), severity, 0)
        one = replace(one, seconds=care.worked(one.began_at, one.seen_at, limits))
        day.append(one)
        given_out.append((now, one))
        now = one.seen_at + timedelta(seconds=rng.choice((0, 1, 30, 400, 9000)))
    return given_out


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    goes_on=st.sampled_from([0.0, 0.5, 1.0]),
    limits=st.builds(
        Limits,
        day_minutes=st.integers(10, 240),
        day_severe=st.integers(3, 100),
        break_minutes=st.integers(5, 60),
        in_a_row=st.integers(1, 5),
    ),
)
def test_no_item_of_a_random_day_begins_at_or_past_a_cap(seed, goes_on, limits) -> None:
    items = day_of(Random(seed), limits, goes_on=goes_on)
    assert items
    for place, (now, _) in enumerate(items):
        before = [one for _, one in items[:place] if one.seen_at > now - DAY]
        assert sum(one.seconds for one in before) < limits.day_minutes * 60
        assert sum(one.severity == TOP for one in before) < limits.day_severe


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), in_a_row=st.integers(1, 5))
def test_no_more_severe_items_in_a_row_than_may_be_unless_a_break_lies_between(
    seed, in_a_row
) -> None:
    limits = Limits(in_a_row=in_a_row)
    run = 0
    last = NOW - DAY
    for now, one in day_of(Random(seed), limits, goes_on=0.0):
        run = 0 if now - last >= limits.rest else run
        run = run + 1 if one.severity == TOP else 0
        assert run <= in_a_row
        last = one.seen_at
