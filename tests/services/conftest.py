"""Real servers for the tests of this folder; where one is missing, the test says so and skips."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services import servers

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """TEST_REDIS_URL, else a redis-server of our own that keeps nothing."""
    if url := os.environ.get("TEST_REDIS_URL"):
        yield url
        return
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="session")
def serving_python() -> Path:
    return environment("SERVING_PYTHON", ".venv-serving", "make .venv-serving/.done")


@pytest.fixture(scope="session")
def vllm_python() -> Path:
    return environment("VLLM_PYTHON", ".venv-vllm", "make test-vllm")


def environment(variable: str, folder: str, remedy: str) -> Path:
    python = Path(os.environ.get(variable) or ROOT / folder / "bin" / "python")
    if not python.exists():
        pytest.skip(f"no {folder}: {remedy}")
    return python


@pytest.fixture(scope="session")
def make_tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """`make_tiny_model(python)`: a folder with a random Qwen3, made by that environment."""

    def make(python: Path) -> Path:
        return servers.tiny_model(python, tmp_path_factory.mktemp("tiny-model"))

    return make


@pytest.fixture(scope="session")
def transformers_server(
    serving_python: Path, make_tiny_model: Callable[[Path], Path]
) -> Iterator[servers.ModelServer]:
    """`transformers serve` with the tiny model."""
    with servers.transformers(serving_python, make_tiny_model(serving_python)) as server:
        yield server


@pytest.fixture
def wait_for() -> Callable[[Callable[[], object], float], None]:
    """`wait_for(condition, seconds)`: a real server cannot be told to be ready."""

    def wait(condition: Callable[[], object], seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"Not within {seconds} s: {condition}"
            time.sleep(0.05)

    return wait
