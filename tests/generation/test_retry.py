"""Backoff: waits stay within bounds, never undercut the server's wish, and come to an end."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.retry import (
    Attempts,
    Fate,
    Patience,
    ceiling,
    fate_of,
    next_wait,
    read_retry_after,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PATIENCE = Patience()

seeds = st.integers(0, 2**32).map(random.Random)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 529])
def test_the_servers_trouble_is_asked_again(status: int) -> None:
    assert fate_of(status) is Fate.AGAIN


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 409, 413, 422])
def test_a_faulty_request_is_never_asked_again(status: int) -> None:
    assert fate_of(status) is Fate.NEVER
    assert next_wait(Fate.NEVER, Attempts(1), PATIENCE, random.Random(0)) is None


@given(st.integers(1, 10_000), seeds)
def test_waits_stay_between_zero_and_a_minute(n_failed: int, rng: random.Random) -> None:
    wait = next_wait(Fate.AGAIN, Attempts(n_failed), PATIENCE, rng)
    assert wait is not None
    assert 0 <= wait <= ceiling(n_failed, PATIENCE) <= 60


def test_the_ceiling_doubles_from_a_second_to_a_minute() -> None:
    ceilings = [ceiling(n, PATIENCE) for n in range(1, 9)]
    assert ceilings == [1, 2, 4, 8, 16, 32, 60, 60]


@given(seeds)
def test_jitter_is_full(rng: random.Random) -> None:
    waits = [next_wait(Fate.AGAIN, Attempts(5), PATIENCE, rng) or 0.0 for _ in range(200)]
    assert min(waits) < 4 < 12 < max(waits)


@given(st.integers(1, 20), st.floats(0, 120), seeds)
def test_the_servers_wish_is_never_undercut(n: int, wish: float, rng: random.Random) -> None:
    wait = next_wait(Fate.AGAIN, Attempts(n), PATIENCE, rng, retry_after=wish)
    assert wait is not None
    assert wait >= wish


@given(st.floats(120, 1e12), seeds)
def test_a_wish_without_measure_is_granted_up_to_two_minutes(
    wish: float, rng: random.Random
) -> None:
    wait = next_wait(Fate.AGAIN, Attempts(1), PATIENCE, rng, retry_after=wish)
    assert wait is not None
    assert 120 <= wait <= 121


@given(st.floats(0, 10_000), st.floats(0, 10_000), seeds)
def test_no_wait_ends_beyond_the_budget(gone: float, wish: float, rng: random.Random) -> None:
    wait = next_wait(Fate.AGAIN, Attempts(3, 0, gone), PATIENCE, rng, retry_after=wish)
    assert wait is None or gone + wait <= PATIENCE.budget_s
    assert wait is not None or gone + wish + 4 > PATIENCE.budget_s


@given(seeds)
def test_trouble_that_lasts_is_given_up(rng: random.Random) -> None:
    attempts = Attempts()
    for _ in range(10_000):
        attempts = attempts.after(Fate.AGAIN, elapsed_s=attempts.elapsed_s + 0.1)
        wait = next_wait(Fate.AGAIN, attempts, PATIENCE, rng)
        if wait is None:
            break
        attempts = Attempts(attempts.n_failed, attempts.n_counted, attempts.elapsed_s + wait)
    else:
        raise AssertionError("it never gave up")
    assert attempts.n_failed > 10


def test_unusable_answers_are_counted_and_trouble_is_not() -> None:
    rng, attempts = random.Random(0), Attempts()
    for fate in (Fate.COUNTED, Fate.AGAIN, Fate.AGAIN, Fate.AGAIN, Fate.COUNTED):
        attempts = attempts.after(fate, elapsed_s=1.0)
        assert next_wait(fate, attempts, PATIENCE, rng) is not None
    attempts = attempts.after(Fate.COUNTED, elapsed_s=1.0)
    assert next_wait(Fate.COUNTED, attempts, PATIENCE, rng) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("-3", 0.0),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        (None, None),
    ],
)
def test_a_retry_after_header_is_read(header: str | None, seconds: float | None) -> None:
    assert read_retry_after(header, now=NOW) == seconds


@given(st.text(max_size=40))
def test_any_header_is_survived(header: str) -> None:
    seconds = read_retry_after(header, now=NOW + timedelta(days=1))
    assert seconds is None or seconds >= 0
