"""What a run costs: rows per second through Celery, client and database, beside bare requests.

The server is a stub with a fixed latency in a process of its own (bar: 97 % of what the same
client gets of it without any database), or with `--vllm` a real vLLM with a tiny model (95 %). On
a GPU host the model does not compute on the worker's cores; here vLLM computes on a CPU, so it has
half of the cores for itself. PIPELINE_ROWS and PIPELINE_ROUNDS change how much is asked.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import _site
from bench.client import stub

LATENCY_S, IN_FLIGHT = 2.0, 128
N_ROWS = int(os.environ.get("PIPELINE_ROWS", str(IN_FLIGHT * 30)))
ROUNDS = int(os.environ.get("PIPELINE_ROUNDS", "2"))
BARS = {"stub": 0.97, "vllm": 0.95}
TOKENS = 64


def main() -> None:
    """On the broker of folders, then on Redis; each in a process with its own settings."""
    parser = argparse.ArgumentParser(prog="python -m bench pipeline", description=__doc__)
    parser.add_argument("--vllm", action="store_true", help="ask a real vLLM (.venv-vllm)")
    kind = "vllm" if parser.parse_args().vllm else "stub"
    missed = 0
    with server(kind) as (base_url, name):
        for broker in ("folders", "redis"):
            place = _site.environment(redis=broker == "redis", REQUESTS_IN_FLIGHT=str(IN_FLIGHT))
            with place as made:
                missed += _site.within("bench.pipeline", made, kind, broker, base_url, name) != 0
    if missed:
        sys.exit("less than the bar, see above")


@contextmanager
def server(kind: str) -> Iterator[tuple[str, str]]:
    """Base URL and the name to ask for."""
    if kind == "stub":
        with stub(LATENCY_S) as base_url:
            yield base_url, "stub-model"
        return
    from tests.services import servers

    python = Path(os.environ.get("VLLM_PYTHON") or _site.ROOT / ".venv-vllm/bin/python")
    if not python.exists():
        sys.exit("There is no .venv-vllm: make .venv-vllm/.done")
    with tempfile.TemporaryDirectory(prefix="tiny-model-") as folder:
        made = servers.tiny_model(python, Path(folder))
        with halved() as (first, second):
            keep_to(first)
            with servers.vllm(python, made, max_num_seqs=IN_FLIGHT) as running:
                keep_to(second)
                yield running.base_url, running.model


@contextmanager
def halved() -> Iterator[tuple[list[int], list[int]]]:
    """The cores in two halves, the first named to vLLM; in the end we may use all again. Linux."""
    every = sorted(os.sched_getaffinity(0))
    n = max(1, len(every) // 2)
    os.environ["VLLM_CPU_OMP_THREADS_BIND"] = ",".join(map(str, every[:n]))
    try:
        yield every[:n], every[n:] or every
    finally:
        keep_to(every)


def keep_to(some: list[int]) -> None:
    os.sched_setaffinity(0, some)


def compare(kind: str, broker: str, base_url: str, name: str) -> None:
    """Through the worker and bare by turns; the best round of each counts."""
    _site.set_up()
    # As many as the bare client has under way, and no more if a second worker process is idle.
    _site.model_at(base_url, name, IN_FLIGHT, max_tokens=TOKENS, temperature=0.7)
    n_rows = N_ROWS
    through, bare = [], []
    with _site.worker() as group:
        whole_run("Warm", IN_FLIGHT)
        asyncio.run(sent_bare(base_url, "Warm"))
        spent = _site.cpu_s(group)
        for number in range(ROUNDS):
            through.append(whole_run(f"Round {number}", n_rows))
            bare.append(asyncio.run(sent_bare(base_url, f"Round {number}")))
        cpu_ms = 1000 * (_site.cpu_s(group) - spent) / (n_rows * ROUNDS)
    share = min(bare) / min(through)
    print(
        f"{kind}, {broker:<8} {n_rows} requests, {IN_FLIGHT} in flight: "
        f"bare {n_rows / min(bare):6.1f}/s, through the worker {n_rows / min(through):6.1f}/s, "
        f"share {share:6.1%}, {cpu_ms:.1f} ms CPU of the worker a row",
        flush=True,
    )
    if share < BARS[kind]:
        sys.exit(f"{share:.1%} of the endpoint's throughput; the bar is {BARS[kind]:.0%}")


def whole_run(name: str, n: int) -> float:
    """Seconds from the bell until the run is done."""
    prompts = _site.prompt_set(name, n, n_words=60)
    began = time.perf_counter()
    run = _site.start_run(prompts)
    while not run.is_finished:
        time.sleep(0.2)
        run.refresh_from_db(fields=["state", "last_error"])
    seconds = time.perf_counter() - began
    if run.state != "done" or run.completions.progress()["done"] != n:
        sys.exit(f"The run ended as {run.state}: {run.last_error}")
    return seconds


async def sent_bare(base_url: str, name: str) -> float:
    """Seconds of the requests of a run through the same client, kept nowhere."""
    from asgiref.sync import sync_to_async

    from generation.chat import ChatAnswer, ChatClient, ChatError, ask_all

    async def forget(key: Any, answer: ChatAnswer | ChatError) -> None:
        if isinstance(answer, ChatError):
            raise answer

    requests = await sync_to_async(requests_of)(name)
    began = time.perf_counter()
    async with ChatClient(base_url, max_in_flight=IN_FLIGHT, allow_private=True) as client:
        await ask_all(client, requests, forget)
    return time.perf_counter() - began


def requests_of(name: str) -> list[Any]:
    from generation.conversation import request_for
    from generation.models import Completion, Condition, Run

    run = Run.objects.select_related("model").get(prompt_set__name=name)
    condition = Condition.objects.get(name="bench")
    rows = Completion.objects.filter(run=run).select_related("prompt")
    return [(row.pk, request_for(run.model, condition, row)) for row in rows]


if __name__ == "__main__":
    compare(*sys.argv[1:])
