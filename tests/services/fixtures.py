"""`tiny_server`: a real model server with a tiny random model, under production's supervisor."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from generation.commands import QUIET, ServerSpec, transformers_serve
from generation.supervisor import Supervised

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class TinyServer:
    """The running server; `model` is the name to ask for, `base_url` the endpoint to enter."""

    server: Supervised
    model: str

    @property
    def base_url(self) -> str:
        return self.server.spec.base_url


@contextmanager
def tiny_transformers(folder: Path) -> Iterator[TinyServer]:
    """`transformers serve` with a model that is made now; everything it writes goes to `folder`."""
    python = Path(os.environ.get("SERVING_PYTHON") or ROOT / ".venv-serving/bin/python")
    if not python.exists():
        pytest.skip("no .venv-serving: make .venv-serving/.done, or set SERVING_PYTHON")
    model, hub = folder / "tiny-model", folder / "hub-home"
    (hub / "hub").mkdir(parents=True)  # without it the list of models fails
    subprocess.run([python, ROOT / "scripts" / "tiny_model.py", model], check=True)
    port = free_port()
    spec = ServerSpec(
        transformers_serve(model, port, python, device="cpu"),
        port,
        folder / "server.log",
        env={**QUIET, "HF_HOME": str(hub)},
        cwd=folder,
    )
    with Supervised(spec, ready_s=180) as server:
        yield TinyServer(server, str(model))


@pytest.fixture(scope="session")
def tiny_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyServer]:
    with tiny_transformers(tmp_path_factory.mktemp("tiny-server")) as running:
        yield running


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
