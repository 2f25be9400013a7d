"""Model servers with a tiny random model. The model is made once in a run of the tests.

`tiny_server` is `transformers serve` under production's supervisor.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from gate.text import digest
from generation.commands import QUIET, ServerSpec, transformers_serve
from generation.supervisor import Supervised
from tests.services import servers

ROOT = Path(__file__).resolve().parent.parent.parent


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
    """`make_tiny_model(python)`: a folder with a random Qwen3, made by that environment.

    Loading torch costs seconds, so the workers of a run share what the first of them made.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def make(python: Path) -> Path:
        model = shared / f"tiny-model-{digest(str(python))[:8]}"
        with FileLock(f"{model}.lock"):
            return model if model.exists() else servers.tiny_model(python, model)

    return make


@dataclass(frozen=True)
class TinyServer:
    """The running server; `model` is the name to ask for, `base_url` the endpoint to enter."""

    server: Supervised
    model: str

    @property
    def base_url(self) -> str:
        return self.server.spec.base_url


@contextmanager
def tiny_transformers(folder: Path, python: Path, model: Path) -> Iterator[TinyServer]:
    """`transformers serve` with this model; everything it writes goes to `folder`."""
    hub = folder / "hub-home"
    (hub / "hub").mkdir(parents=True)  # without it the list of models fails
    port = free_port()
    spec = ServerSpec(
        transformers_serve(model, port, python, device="cpu"),
        port,
        folder / "server.log",
        env={**QUIET, "HF_HOME": str(hub), "OMP_NUM_THREADS": "1"},
        cwd=folder,
    )
    with Supervised(spec, ready_s=180) as server:
        yield TinyServer(server, str(model))


@pytest.fixture(scope="session")
def tiny_server(
    tmp_path_factory: pytest.TempPathFactory,
    serving_python: Path,
    make_tiny_model: Callable[[Path], Path],
) -> Iterator[TinyServer]:
    model = make_tiny_model(serving_python)
    folder = tmp_path_factory.mktemp("tiny-server")
    with tiny_transformers(folder, serving_python, model) as running:
        yield running


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
