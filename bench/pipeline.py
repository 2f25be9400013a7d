"""What a run costs: rows per second through Celery, client and database, beside bare requests.

The server is a stub with a fixed latency in a process of its own (bar: 97 % of what the same
client gets of it without any database), or with `--vllm` a real vLLM with a tiny model (95 %). On
a GPU host the model does not compute on the worker's cores; here vLLM computes on a CPU, so it has
half of the cores for itself. PIPELINE_ROWS and PIPELINE_ROUNDS change how much is asked.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import _site
from bench.client import stub

LATENCY_S, IN_FLIGHT = 2.0, 128
BARS = {"stub": 0.97, "vllm": 0.95}
# A stub with a fixed latency is steady; a model that computes is not, so it has more rounds.
N_ROWS = int(os.environ.get("PIPELINE_ROWS", str(IN_FLIGHT * 30)))
ROUNDS = {kind: int(os.environ.get("PIPELINE_ROUNDS", n)) for kind, n in (("stub", 3), ("vllm", 6))}
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
    """Through the worker and bare by turns, who comes first by turns too: a machine has its moods.

    The share is the geometric mean over the pairs; its interval is Student's, of the logarithms.
    """
    _site.set_up()
    # As many as the bare client has under way, and no more if a second worker process is idle.
    _site.model_at(base_url, name, IN_FLIGHT, max_tokens=TOKENS, temperature=0.7)
    n_rows, n_rounds = N_ROWS, ROUNDS[kind]
    pairs = []
    with _site.worker() as group:
        in_turn("Warm", IN_FLIGHT, base_url, bare_first=False)
        spent = _site.cpu_s(group)
        for number in range(n_rounds):
            pairs.append(in_turn(f"Round {number}", n_rows, base_url, bare_first=number % 2 == 1))
        cpu_ms = 1000 * (_site.cpu_s(group) - spent) / (n_rows * n_rounds)
    bare, through = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    share, low, high = mean_share(pairs)
    print(
        f"{kind}, {broker:<8} {n_rounds} x {n_rows} requests, {IN_FLIGHT} in flight: "
        f"bare {n_rows / bare:6.1f}/s, through the worker {n_rows / through:6.1f}/s, "
        f"share {share:6.1%} [{low:.1%}, {high:.1%}], {cpu_ms:.1f} ms CPU of the worker a row",
        flush=True,
    )
    if share < BARS[kind]:
        sys.exit(f"{share:.1%} of the endpoint's throughput; the bar is {BARS[kind]:.0%}")


def in_turn(name: str, n: int, base_url: str, *, bare_first: bool) -> tuple[float, float]:
    """Seconds of the same requests sent bare and through the worker."""
    prompts = _site.prompt_set(name, n, n_words=60)
    before = asyncio.run(sent_bare(base_url, prompts)) if bare_first else None
    through = whole_run(prompts)
    return before or asyncio.run(sent_bare(base_url, prompts)), through


def mean_share(pairs: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """The throughput of the second beside the first, and a 95 % interval. Seconds in pairs."""
    import numpy as np
    from scipy.stats import t

    logs = np.log([bare / through for bare, through in pairs])
    wide = t.ppf(0.975, len(logs) - 1) * logs.std(ddof=1) / np.sqrt(len(logs))
    share, low, high = np.exp([logs.mean(), logs.mean() - wide, logs.mean() + wide])
    return float(share), float(low), float(high)


def whole_run(prompts: Any) -> float:
    """Seconds from the bell until the run is done."""
    run = _site.start_run(prompts)
    began = time.perf_counter()
    while not run.is_finished:
        time.sleep(0.05)
        run.refresh_from_db(fields=["state", "last_error"])
    seconds = time.perf_counter() - began
    if run.state != "done" or run.completions.progress()["done"] != prompts.entries.count():
        sys.exit(f"The run ended as {run.state}: {run.last_error}")
    return seconds


async def sent_bare(base_url: str, prompts: Any) -> float:
    """Seconds of the requests of a run through the same client, kept nowhere."""
    from asgiref.sync import sync_to_async

    from generation.chat import ChatAnswer, ChatClient, ChatError, ask_all

    async def forget(key: Any, answer: ChatAnswer | ChatError) -> None:
        if isinstance(answer, ChatError):
            raise answer

    requests = await sync_to_async(requests_of)(prompts)
    began = time.perf_counter()
    async with ChatClient(base_url, max_in_flight=IN_FLIGHT, allow_private=True) as client:
        await ask_all(client, requests, forget)
    return time.perf_counter() - began


def requests_of(prompts: Any) -> list[Any]:
    from corpus.models import Prompt
    from generation.conversation import request_for
    from generation.models import Completion, Condition, LanguageModel

    model, condition = LanguageModel.objects.get(name="bench"), Condition.objects.get(name="bench")
    rows = (Completion(prompt=each) for each in Prompt.objects.filter(prompt_sets=prompts))
    return [(row.prompt_id, request_for(model, condition, row)) for row in rows]


if __name__ == "__main__":
    compare(*sys.argv[1:])
