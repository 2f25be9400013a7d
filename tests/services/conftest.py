"""Real servers for the tests of this folder; where one is missing, the test says so and skips."""

import os
import time
from collections.abc import Callable, Iterator

import pytest

from tests.services import servers


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """TEST_REDIS_URL, else a redis-server of our own that keeps nothing."""
    if url := os.environ.get("TEST_REDIS_URL"):
        yield url
        return
    with servers.redis() as url:
        yield url


@pytest.fixture
def wait_for() -> Callable[[Callable[[], object], float], None]:
    """`wait_for(condition, seconds)`: a real server cannot be told to be ready."""

    def wait(condition: Callable[[], object], seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"Not within {seconds} s: {condition}"
            time.sleep(0.05)

    return wait
