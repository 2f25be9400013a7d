"""What the chat client costs: CPU per request and requests per second, beside bare aiohttp.

The stub runs in a process of its own, first with a server's latency, then without any, which shows
the ceiling. The bar: at least 97 % of the bare throughput where the server takes its time.
"""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import aiohttp
from django.conf import settings

from generation.chat import ChatAnswer, ChatClient, ChatError, ChatRequest, Sampling, ask_all
from generation.processes import HOST, answers

IN_FLIGHT = (64, 128)
LATENCIES_S = (0.25, 0.0)
BAR = 0.97
ROUNDS = 3
PROMPT = "I cannot sleep and I keep thinking about what I said to my sister. " * 60


@dataclass(frozen=True)
class Cost:
    """One crowd of requests: wall seconds, CPU seconds of this process, how many."""

    wall_s: float
    cpu_s: float
    n: int

    @property
    def per_second(self) -> float:
        return self.n / self.wall_s

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu_s / self.n


def main() -> None:
    if not settings.configured:
        settings.configure(USE_I18N=False)  # what errors say is not translated
    print(f"{'latency':>8} {'in flight':>9} {'client':>16} {'bare aiohttp':>20} {'share':>7}")
    shares = [row(latency_s, n) for latency_s in LATENCIES_S for n in IN_FLIGHT]
    slow = min(shares[: len(IN_FLIGHT)])
    if slow < BAR:
        sys.exit(f"{slow:.1%} of the bare throughput; the bar is {BAR:.0%}")


def row(latency_s: float, n_in_flight: int) -> float:
    """Share of the bare throughput that the client reaches; the two take turns."""
    n = n_in_flight * (8 if latency_s else 20)
    ours, bare = [], []
    with stub(latency_s) as base_url:
        for _ in range(ROUNDS):
            ours.append(timed(lambda: through_client(base_url, n, n_in_flight), n))
            bare.append(timed(lambda: through_aiohttp(base_url, n, n_in_flight), n))
    client, other = (max(each, key=lambda cost: cost.per_second) for each in (ours, bare))
    share = client.per_second / other.per_second
    print(
        f"{latency_s:7.2f}s {n_in_flight:9d} {shown(client):>20} {shown(other):>20} {share:7.1%}",
        flush=True,
    )
    return share


def shown(cost: Cost) -> str:
    return f"{cost.per_second:.0f}/s {cost.cpu_ms:.2f} ms"


def timed(work: Callable[[], Awaitable[None]], n: int) -> Cost:
    async def inside() -> Cost:
        wall, cpu = time.perf_counter(), time.process_time()
        await work()
        return Cost(time.perf_counter() - wall, time.process_time() - cpu, n)

    return asyncio.run(inside())


def requests(n: int) -> Iterator[tuple[int, ChatRequest]]:
    sampling = Sampling(temperature=0.7, top_p=0.9, max_tokens=256, seed=1)
    for number in range(n):
        turns = [{"role": "user", "content": f"{number} {PROMPT}"}]
        yield number, ChatRequest("stub-model", turns, sampling, enable_thinking=False)


async def through_client(base_url: str, n: int, n_in_flight: int) -> None:
    async def on_done(key: int, result: ChatAnswer | ChatError) -> None:
        if isinstance(result, ChatError):
            raise result

    async with ChatClient(base_url, max_in_flight=n_in_flight, allow_private=True) as client:
        await ask_all(client, requests(n), on_done)


async def through_aiohttp(base_url: str, n: int, n_in_flight: int) -> None:
    jobs = requests(n)

    async def work(session: aiohttp.ClientSession) -> None:
        for _, request in jobs:
            async with session.post(f"{base_url}/chat/completions", json=request.body()) as answer:
                await answer.json()

    connector = aiohttp.TCPConnector(limit=n_in_flight)
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(work(session) for _ in range(n_in_flight)))


@contextmanager
def stub(latency_s: float) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.stub_server", "--port", str(port)]
    process = subprocess.Popen([*command, "--latency", str(latency_s)], stdout=subprocess.DEVNULL)
    try:
        while not answers(port, "/health"):
            time.sleep(0.05)
        yield f"http://{HOST}:{port}/v1"
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
