"""Works off the rows of a job: asks, keeps each answer as it comes, hands back what is not done.

The event loop runs beside the calling thread; every query runs in the calling thread, one at a
time, each in its own short transaction. Whatever is killed loses requests in flight and no row.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime
from typing import Generic, ParamSpec, TypeVar

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.utils import timezone

from generation.asking import Jobs
from generation.chat import ChatClient, ChatError, ask_all
from generation.messages import ChatAnswer, ChatRequest
from generation.queue import in_company
from generation.watching import Watched, WentAway, refuses_all, was_never_asked
from generation.workload import Limits, Outcome, R, Work

__all__ = ["Limits", "Outcome", "Work", "work_off"]

P = ParamSpec("P")
T = TypeVar("T")

# Rows are claimed ahead while so many times as many wait as one worker has under way.
PLENTY = 4
# Answers that came together are written within about so long.
SOME_S = 0.02


def work_off(
    work: Work[R],
    client: ChatClient,
    *,
    worker: str,
    limits: Limits | None = None,
    clock: Callable[[], datetime] = timezone.now,
    should_stop: Callable[[], bool] = lambda: False,
    on_row: Callable[[], None] = lambda: None,
    is_shared: bool = True,
) -> Outcome:
    """One shift. Returns when no row waits, on cancel, on trouble, or when the time is up.

    `client` is not open yet; `worker` must be new for every shift. Rows that were claimed and not
    finished are waiting again afterwards. `is_shared`: other workers may ask there too, so the last
    rows are left to whoever is free.
    """
    shift = _Shift(work, client, worker, limits or Limits(), clock)
    shift.asked_to_stop, shift.on_row, shift.is_shared = should_stop, on_row, is_shared
    async_to_sync(shift.run)()
    return shift.outcome


async def _here(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `call` in the thread that called `work_off`, where the database connection lives."""
    return await sync_to_async(call, thread_sensitive=True)(*args, **kwargs)


class _Shift(Generic[R]):
    """The state of one shift."""

    on_row: Callable[[], None]
    asked_to_stop: Callable[[], bool]
    is_shared: bool

    def __init__(
        self,
        work: Work[R],
        client: ChatClient,
        worker: str,
        limits: Limits,
        clock: Callable[[], datetime],
    ) -> None:
        self.work, self.client, self.worker = work, client, worker
        self.limits, self.clock = limits, clock
        self.held: set[str] = set()
        self.trouble = ""
        self.is_cancelled = False
        self.is_gone = False
        self.n_kept = self.n_failed = self.n_lost = self.n_cut = 0
        self.started = time.monotonic()
        self.written = asyncio.Event()
        self.ahead: asyncio.Task[list[tuple[R, ChatRequest]]] | None = None

    @property
    def outcome(self) -> Outcome:
        return Outcome(
            self.n_kept, self.n_failed, self.n_lost, self.trouble, self.is_gone, self.n_cut
        )

    async def run(self) -> None:
        async with self.client:
            self.trouble = await self._reach()
            if self.trouble:
                self.is_gone = True
                return
            keeper = asyncio.create_task(self._keep_leases())
            try:
                while not self._is_over() and await _here(self._has_waiting):
                    if await _here(self._has_company):
                        await self._ask(keeper, self._jobs())
                    elif not await self._ask_alone(keeper):
                        return  # others hold rows: who holds the last one goes on
            finally:
                keeper.cancel()
                await asyncio.wait({keeper, self.ahead} if self.ahead else {keeper})
                await _here(self._hand_back)

    async def _ask_alone(self, keeper: asyncio.Task[None]) -> bool:
        """One row on its last attempt, beside which nothing is asked. False: there is none."""
        batch = await _here(self._claim_alone)
        if batch:
            await self._ask(keeper, batch)
        return bool(batch)

    async def _ask(self, keeper: asyncio.Task[None], jobs: Jobs[R]) -> None:
        """Until there is no more of `jobs` or the shift is over. A keeper that fails ends it."""
        client, pace = Watched(self.client), self.limits.pace
        asking = asyncio.create_task(
            ask_all(client, jobs, self._on_done, self._must_stop, pace=pace)
        )
        try:
            await asyncio.wait({asking, keeper}, return_when=asyncio.FIRST_COMPLETED)
            if keeper.done():
                keeper.result()
            await asking
        finally:
            asking.cancel()
            await asyncio.wait({asking})

    async def _reach(self) -> str:
        """Empty when the server answers; otherwise why it does not, after a few tries."""
        has_begun = await _here(lambda: self.work.rows.filter(state="done").exists())
        n_tries = self.limits.n_tries * (10 if has_begun else 1)
        for number in range(1, n_tries + 1):
            health = await self.client.health()
            if health.is_up:
                return ""
            if number < n_tries and not self.asked_to_stop():
                await self.limits.pace.sleep(self.limits.between_tries_s)
        return health.detail

    async def _jobs(self) -> AsyncIterator[tuple[R, ChatRequest]]:
        """Rows to ask; the next are claimed when the last one is given out, not when needed."""
        while not self._is_over():
            batch = await self.ahead if self.ahead else []
            batch = batch or await _here(self._claim)
            self.ahead = None
            if not batch and not await _here(self._has_company):
                if not self.held:
                    return
                await self._some_written()
            waiting = deque(batch)
            while waiting and not self._is_over():
                job = waiting.popleft()
                if not waiting:
                    self.ahead = asyncio.create_task(_here(self._claim_ahead))
                yield job

    async def _some_written(self) -> None:
        """A row in flight may wait again once it is written: for its next turn or another try.

        Answers that come together are written one after another; that is looked at once.
        """
        self.written.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.written.wait(), self.limits.pace.poll_s)
            if self.held:
                await asyncio.sleep(SOME_S)

    def _claim(self) -> list[tuple[R, ChatRequest]]:
        limit, among = self.client.max_in_flight, in_company()
        return self._hold(
            self.work.rows.claim(worker=self.worker, at=self.clock(), limit=limit, among=among)
        )

    def _claim_ahead(self) -> list[tuple[R, ChatRequest]]:
        """None of the last rows where they are shared out among workers that are idle."""
        n = PLENTY * self.client.max_in_flight if self.is_shared else 0
        rows = self.work.rows.waiting_in_company().order_by("pk").values("pk")
        return self._claim() if rows[n : n + 1] else []

    def _claim_alone(self) -> list[tuple[R, ChatRequest]]:
        return self._hold(self.work.rows.claim_alone(worker=self.worker, at=self.clock()))

    def _hold(self, rows: list[R]) -> list[tuple[R, ChatRequest]]:
        self.held.update(row.pk for row in rows)
        return [(row, self.work.request_for(row)) for row in rows]

    async def _on_done(self, row: R, result: ChatAnswer | ChatError) -> None:
        if isinstance(result, ChatError) and not isinstance(result, WentAway):
            self.trouble = self.trouble or await self._trouble_in(result)
            if self.trouble:
                return  # the row is handed back at the end of the shift
        await _here(self._write, row, result)
        self.written.set()

    def _write(self, row: R, result: ChatAnswer | ChatError) -> None:
        at = self.clock()
        if isinstance(result, WentAway) and row.attempts < settings.MAX_ATTEMPTS:
            kept = self._give_back(row, refund=False)
            self.n_cut += kept
        elif isinstance(result, WentAway):
            kept = self.work.fail(row, _deadly(result), worker=self.worker, at=at)
            self.n_failed += kept
        elif isinstance(result, ChatError) and was_never_asked(result):
            kept = self._give_back(row, refund=True)
        elif isinstance(result, ChatError):
            kept = self.work.fail(row, str(result), worker=self.worker, at=at)
            self.n_failed += kept
        else:
            kept = self.work.keep(row, result, worker=self.worker, at=at)
            self.n_kept += kept
        self.n_lost += not kept
        self.held.discard(row.pk)
        if not isinstance(result, WentAway):
            self.on_row()

    def _give_back(self, row: R, *, refund: bool) -> bool:
        return self.work.rows.hand_back(worker=self.worker, keys=[row.pk], refund=refund) == 1

    async def _trouble_in(self, error: ChatError) -> str:
        """Why no other row would fare better, or empty if the fault lies with this one."""
        if refuses_all(error):
            return str(error)
        if not error.is_retryable or (await self.client.health()).is_up:
            return ""
        self.is_gone = True
        return str(error)

    async def _keep_leases(self) -> None:
        """Look for a cancel at every beat, and renew the leases long before they expire."""
        renewed = time.monotonic()
        while True:
            await asyncio.sleep(self.limits.beat_s)
            self.is_cancelled = await _here(self.work.is_cancelled)
            if time.monotonic() - renewed > settings.LEASE_SECONDS / 4:
                renewed = time.monotonic()
                await _here(self._renew)

    def _renew(self) -> None:
        self.work.rows.renew(worker=self.worker, at=self.clock())

    def _has_waiting(self) -> bool:
        self.is_cancelled = self.work.is_cancelled()
        return self.work.rows.waiting().exists()

    def _has_company(self) -> bool:
        return self.work.rows.waiting_in_company().exists()

    def _is_over(self) -> bool:
        return self._must_stop() or time.monotonic() - self.started > self.limits.draw_s

    def _must_stop(self) -> bool:
        is_late = time.monotonic() - self.started > self.limits.stop_s
        return bool(self.trouble) or self.is_cancelled or is_late or self.asked_to_stop()

    def _hand_back(self) -> None:
        if self.held:
            self.work.rows.hand_back(worker=self.worker, keys=sorted(self.held))


def _deadly(error: WentAway) -> str:
    return (
        f"The server went away each of the {settings.MAX_ATTEMPTS} times that it was asked this, "
        f"the last time with nothing else under way. Its log may say why. {error}"
    )
