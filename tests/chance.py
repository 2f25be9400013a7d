"""What a test draws at random comes from one seed, so that a failure can be met again.

Ids decide in which order rows stand, which prompts are held out and what the stub server says. On
the CI the seed is fixed; elsewhere it is another one in every run, told when a test fails.
"""

import os
import secrets
from random import Random, SystemRandom
from typing import Any

import pytest

NAME = "TEST_SEED"
FIXED = "0"
_source = Random()


def pytest_configure(config: pytest.Config) -> None:
    """Workers of one run inherit its seed."""
    drawn = FIXED if "CI" in os.environ else str(SystemRandom().randrange(1, 10**6))
    os.environ.setdefault(NAME, drawn)
    patch = pytest.MonkeyPatch()
    patch.setattr(secrets, "token_bytes", token_bytes)
    patch.setattr(secrets, "randbits", lambda k: _source.getrandbits(k))
    config.add_cleanup(patch.undo)
    os.register_at_fork(after_in_child=_source.seed)  # or it would draw what we draw


def token_bytes(nbytes: int | None = None) -> bytes:
    return _source.randbytes(32 if nbytes is None else nbytes)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    begin(item.nodeid)


def begin(name: str) -> None:
    """Tests draw apart from each other: what one finds does not hang on which ones ran before."""
    _source.seed(f"{os.environ[NAME]} {name}")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if terminalreporter.stats.get("failed") or terminalreporter.stats.get("error"):
        terminalreporter.line(f"Drawn with {NAME}={os.environ[NAME]}")
