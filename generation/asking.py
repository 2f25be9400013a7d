"""Asking a model server many things at once, and handing over each answer as it arrives.

Nothing is kept back: a job that was not handed over was not finished and can be taken up again.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, Generic, Protocol, TypeVar

from generation.failures import ChatError
from generation.messages import ChatAnswer, ChatRequest
from generation.retry import Attempts, Patience, next_wait

Key = TypeVar("Key")
Job = tuple[Key, ChatRequest]
Jobs = AsyncIterable[Job[Key]] | Iterable[Job[Key]]
Result = tuple[Key, ChatAnswer | ChatError]
OnDone = Callable[[Key, ChatAnswer | ChatError], Awaitable[None]]

# Nothing came for so long: the answers that came together are through. And the longest wait.
LULL_S, LULL_WITHIN_S = 0.005, 0.25


class Asker(Protocol):
    """What `ask_all` needs of a client."""

    max_in_flight: int

    async def ask(self, request: ChatRequest) -> ChatAnswer: ...


@dataclass
class Hush:
    """Until when, by the clock of the pace, a server asked to be left alone."""

    until: float = 0.0


@dataclass(frozen=True)
class Pace:
    """Patience with failures, and how a stop is noticed. Tests pass their own sleep and clock.

    After a stop, requests in flight have `drain_s` seconds; waits for a retry end at once.
    """

    patience: Patience = field(default_factory=Patience)
    drain_s: float = 30.0
    poll_s: float = 0.5
    rng: random.Random = field(default_factory=random.Random)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    hush: Hush = field(default_factory=Hush)


@dataclass(frozen=True)
class Tally:
    """What `ask_all` handed over before it ended."""

    n_answered: int = 0
    n_failed: int = 0
    n_retries: int = 0
    was_stopped: bool = False
    seconds: float = 0.0


async def ask_all(
    client: Asker,
    jobs: Jobs[Key],
    on_done: OnDone[Key],
    should_stop: Callable[[], bool] = lambda: False,
    *,
    pace: Pace | None = None,
) -> Tally:
    """Ask every job with `client.max_in_flight` at a time; jobs are drawn only as they are needed.

    `on_done` is awaited for one result at a time, while the next requests are already under way.
    What it raises ends everything and is raised here. `should_stop` is called after each answer
    and every `poll_s` seconds; it must be quick and must not touch the database.
    """
    return await _Crowd(client, jobs, on_done, should_stop, pace or Pace()).run()


class _Crowd(Generic[Key]):
    """The tasks of one `ask_all`: workers that ask, one that hands over, one that watches."""

    def __init__(
        self,
        client: Asker,
        jobs: Jobs[Key],
        on_done: OnDone[Key],
        should_stop: Callable[[], bool],
        pace: Pace,
    ) -> None:
        self.client, self.on_done, self.should_stop, self.pace = client, on_done, should_stop, pace
        self.jobs = _stream(jobs)
        self.turn = asyncio.Lock()
        self.stop = asyncio.Event()
        self.results: asyncio.Queue[Result[Key] | None] = asyncio.Queue(2 * client.max_in_flight)
        self.came_at = -inf
        self.tally = Tally()

    async def run(self) -> Tally:
        started = self.pace.clock()
        try:
            async with asyncio.TaskGroup() as group:
                await self._lead(group)
        except BaseExceptionGroup as group_of_one:
            raise group_of_one.exceptions[0] from None
        return replace(
            self.tally, was_stopped=self.stop.is_set(), seconds=self.pace.clock() - started
        )

    async def _lead(self, group: asyncio.TaskGroup) -> None:
        group.create_task(self._hand_over())
        watcher = group.create_task(self._watch())
        stopping = group.create_task(self.stop.wait())
        workers = [group.create_task(self._work()) for _ in range(self.client.max_in_flight)]
        ended = asyncio.ensure_future(asyncio.wait(workers))
        both: set[asyncio.Future[Any]] = {ended, stopping}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            await asyncio.wait({ended}, timeout=self.pace.drain_s)
        for task in (*workers, watcher, stopping):
            task.cancel()
        await asyncio.wait(workers)
        await self.results.put(None)

    async def _watch(self) -> None:
        while not self.stop.is_set():
            self._look()
            await asyncio.sleep(self.pace.poll_s)

    def _look(self) -> None:
        if self.should_stop():
            self.stop.set()

    async def _work(self) -> None:
        while not self.stop.is_set():
            job = await self._next()
            if job is None:
                return
            key, request = job
            result = await self._persist(request)
            if result is None:
                return
            self.came_at = time.monotonic()
            await self.results.put((key, result))
            self._look()

    async def _next(self) -> Job[Key] | None:
        async with self.turn:
            return None if self.stop.is_set() else await anext(self.jobs, None)

    async def _persist(self, request: ChatRequest) -> ChatAnswer | ChatError | None:
        """The answer, or the error that ended the patience, or None if stopped before either."""
        attempts, asked_s = Attempts(), 0.0
        while await self._is_quiet_over():
            started = self.pace.clock()
            try:
                return await self.client.ask(request)
            except ChatError as error:
                asked_s += self.pace.clock() - started
                attempts = attempts.after(error.fate, elapsed_s=asked_s)
                wait = self._wait_after(error, attempts)
                if wait is None:
                    return error
                if not await self._pause(wait):
                    return None
                asked_s += wait
                self.tally = replace(self.tally, n_retries=self.tally.n_retries + 1)
        return None

    async def _is_quiet_over(self) -> bool:
        """Wait while the server is to be left alone, then some jitter more. False: stopped."""
        pace = self.pace
        while (left := pace.hush.until - pace.clock()) > 0:
            if not await self._pause(left + pace.rng.uniform(0.0, pace.patience.first_s)):
                return False
        return True

    def _wait_after(self, error: ChatError, attempts: Attempts) -> float | None:
        pace = self.pace
        if error.retry_after:
            until = pace.clock() + pace.patience.granted_s(error.retry_after)
            pace.hush.until = max(pace.hush.until, until)
        return next_wait(
            error.fate, attempts, pace.patience, pace.rng, retry_after=error.retry_after
        )

    async def _pause(self, seconds: float) -> bool:
        """False if a stop came before the wait was over."""
        sleeping = asyncio.ensure_future(self.pace.sleep(seconds))
        stopping = asyncio.ensure_future(self.stop.wait())
        try:
            await asyncio.wait({sleeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            stopping.cancel()
        return not self.stop.is_set()

    async def _hand_over(self) -> None:
        while (result := await self.results.get()) is not None:
            key, answer = result
            await self._lull()
            await self.on_done(key, answer)
            is_failed = isinstance(answer, ChatError)
            self.tally = replace(
                self.tally,
                n_answered=self.tally.n_answered + (not is_failed),
                n_failed=self.tally.n_failed + is_failed,
            )

    async def _lull(self) -> None:
        """Answers that came together are all followed by new requests before one is handed over.

        Whatever `on_done` computes takes turns with this loop; done at once, it would leave the
        server with less to do.
        """
        patient_until = time.monotonic() + LULL_WITHIN_S
        while (now := time.monotonic()) < min(self.came_at + LULL_S, patient_until):
            await asyncio.sleep(self.came_at + LULL_S - now)


async def _stream(jobs: Jobs[Key]) -> AsyncIterator[Job[Key]]:
    if isinstance(jobs, AsyncIterable):
        async for job in jobs:
            yield job
    else:
        for job in jobs:
            yield job
