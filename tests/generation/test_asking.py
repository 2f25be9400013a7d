"""Many jobs at once: everything is handed over, failures are retried, a stop is heard."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from generation import asking
from generation.chat import (
    ChatAnswer,
    ChatError,
    ChatRequest,
    Nonsense,
    Overloaded,
    Pace,
    Patience,
    Refused,
    Tally,
    Unreachable,
    ask_all,
)

Result = ChatAnswer | ChatError


class Server:
    """A client whose answers are scripted per prompt; everything else is answered at once."""

    def __init__(self, max_in_flight: int = 4, **failures: list[ChatError]) -> None:
        self.max_in_flight = max_in_flight
        self.failures = failures
        self.asked: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def ask(self, request: ChatRequest) -> ChatAnswer:
        text = request.messages[-1]["content"]
        self.asked.append(text)
        await self.gate.wait()
        await asyncio.sleep(0)
        if self.failures.get(text):
            raise self.failures[text].pop(0)
        return ChatAnswer(text.upper())


class Clock:
    """Time that only passes by waiting."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def pace(self, **options: Any) -> Pace:
        return Pace(rng=random.Random(1), sleep=self.sleep, clock=lambda: self.now, **options)


def jobs(*names: str) -> Iterator[tuple[str, ChatRequest]]:
    for name in names:
        yield name, ChatRequest("m", [{"role": "user", "content": name}])


async def run(
    server: Server, names: tuple[str, ...], clock: Clock | None = None, stop_after: int = 10**6
) -> tuple[dict[str, Result], Tally]:
    done: dict[str, Result] = {}

    async def on_done(key: str, result: Result) -> None:
        assert key not in done
        done[key] = result

    tally = await ask_all(
        server,
        jobs(*names),
        on_done,
        lambda: len(server.asked) >= stop_after,
        pace=(clock or Clock()).pace(),
    )
    return done, tally


def texts(done: dict[str, Result]) -> dict[str, str]:
    return {key: each.text for key, each in done.items() if isinstance(each, ChatAnswer)}


def test_every_job_is_handed_over_once() -> None:
    names = tuple(f"p{n}" for n in range(50))
    done, tally = asyncio.run(run(Server(), names))
    assert texts(done) == {name: name.upper() for name in names}
    assert (tally.n_answered, tally.n_failed, tally.was_stopped) == (50, 0, False)


def test_no_jobs_end_at_once() -> None:
    done, tally = asyncio.run(run(Server(), ()))
    assert (done, tally.n_answered) == ({}, 0)


def test_the_servers_trouble_is_waited_out() -> None:
    clock = Clock()
    server = Server(a=[Unreachable("x"), Overloaded("y", retry_after=9.0), Unreachable("z")])
    done, tally = asyncio.run(run(server, ("a", "b"), clock))
    assert texts(done) == {"a": "A", "b": "B"}
    assert tally.n_retries == 3
    assert 9.0 <= clock.waits[1] <= 11.0


class Timeline(Clock):
    """Time that passes when everybody waits: those who sleep wake up one after another."""

    def __init__(self) -> None:
        super().__init__()
        self.sleeping: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        moment = self.now + seconds
        self.sleeping.append(moment)
        while self.now < moment:
            for _ in range(50):  # whoever has something to do does it first
                await asyncio.sleep(0)
            if moment == min(self.sleeping):
                self.now = moment
        self.sleeping.remove(moment)


class Busy(Server):
    """Asks to be left alone once, and notes when each was asked."""

    def __init__(self, clock: Clock, retry_after: float) -> None:
        super().__init__(max_in_flight=4, a=[Overloaded("busy", retry_after=retry_after)])
        self.clock, self.times = clock, list[float]()

    async def ask(self, request: ChatRequest) -> ChatAnswer:
        self.times.append(self.clock.now)
        return await super().ask(request)


@pytest.mark.parametrize(("asked_for", "granted"), [(30.0, 30.0), (86_400.0, 120.0)])
def test_a_server_that_asks_for_quiet_is_left_alone_by_all(
    asked_for: float, granted: float
) -> None:
    clock = Timeline()
    server = Busy(clock, asked_for)
    names = tuple("abcdefghijklmnop")
    done, tally = asyncio.run(run(server, names, clock))
    assert len(texts(done)) == len(names) and tally.n_retries == 1
    # Those that were under way when it said so, and after that nobody until the time is over.
    at_once = [when for when in server.times if when == 0.0]
    later = [when for when in server.times if when > 0.0]
    assert 1 <= len(at_once) <= 2 * server.max_in_flight
    assert later and min(later) >= granted
    assert len(set(clock.waits)) == len(clock.waits), "they must not come back at one moment"


def test_quiet_that_a_server_asked_for_does_not_use_up_the_patience_of_the_others() -> None:
    clock = Timeline()
    server = Busy(clock, 100.0)
    server.failures["z"] = [Unreachable("gone")] * 3

    async def story() -> dict[str, Result]:
        done: dict[str, Result] = {}

        async def on_done(key: str, result: Result) -> None:
            done[key] = result

        pace = clock.pace(patience=Patience(budget_s=110.0))
        await ask_all(server, jobs(*"abcdefgz"), on_done, pace=pace)
        return done

    assert len(texts(asyncio.run(story()))) == 8


def test_a_refused_request_is_asked_once() -> None:
    server = Server(a=[Refused("too long")])
    done, tally = asyncio.run(run(server, ("a",)))
    assert isinstance(done["a"], Refused)
    assert (server.asked, tally.n_failed) == (["a"], 1)


def test_nonsense_is_asked_three_times() -> None:
    server = Server(a=[Nonsense("?")] * 5)
    done, _ = asyncio.run(run(server, ("a",)))
    assert isinstance(done["a"], Nonsense)
    assert len(server.asked) == 3


def test_patience_ends() -> None:
    clock = Clock()
    server = Server(a=[Unreachable("gone")] * 1000)
    done, _ = asyncio.run(run(server, ("a",), clock))
    assert isinstance(done["a"], Unreachable)
    assert clock.now <= Patience().budget_s


def test_a_stop_between_answers_leaves_the_rest_unasked() -> None:
    server = Server(max_in_flight=2)
    done, tally = asyncio.run(run(server, tuple("abcdefghij"), stop_after=4))
    assert tally.was_stopped
    assert set(done) == set(server.asked)
    assert len(done) <= 6


def test_jobs_are_drawn_only_as_needed() -> None:
    drawn: list[str] = []

    async def endless() -> AsyncIterator[tuple[str, ChatRequest]]:
        for n in range(10**9):
            drawn.append(f"p{n}")
            yield f"p{n}", ChatRequest("m", [{"role": "user", "content": f"p{n}"}])

    async def on_done(key: str, result: Result) -> None:
        pass

    server = Server(max_in_flight=2)
    asyncio.run(ask_all(server, endless(), on_done, lambda: len(server.asked) >= 10))
    assert len(drawn) <= 10 + 2 * server.max_in_flight


def test_a_stop_cuts_a_wait_for_a_retry_short() -> None:
    async def story() -> tuple[list[str], Tally]:
        stopped, handed = asyncio.Event(), list[str]()

        async def for_ever(seconds: float) -> None:
            stopped.set()
            await asyncio.Event().wait()

        async def on_done(key: str, result: Result) -> None:
            handed.append(key)

        pace = Pace(sleep=for_ever, poll_s=0.01, drain_s=60.0)
        server = Server(a=[Unreachable("x")])
        async with asyncio.timeout(5):
            tally = await ask_all(server, jobs("a"), on_done, stopped.is_set, pace=pace)
        return handed, tally

    handed, tally = asyncio.run(story())
    assert (handed, tally.was_stopped) == ([], True)


def test_requests_that_hang_are_left_when_the_drain_is_over() -> None:
    async def story() -> Tally:
        server = Server()
        server.gate.clear()

        async def on_done(key: str, result: Result) -> None:
            raise AssertionError("nothing was answered")

        pace = Pace(drain_s=0.02, poll_s=0.01)
        return await ask_all(server, jobs("a", "b"), on_done, lambda: bool(server.asked), pace=pace)

    assert asyncio.run(story()).was_stopped


def test_what_handing_over_raises_ends_everything() -> None:
    async def on_done(key: str, result: Result) -> None:
        raise KeyError(key)

    with pytest.raises(KeyError):
        asyncio.run(ask_all(Server(), jobs("a", "b", "c"), on_done))


def test_a_slow_hand_over_does_not_hold_up_the_asking() -> None:
    async def story() -> int:
        server, seen = Server(max_in_flight=4), 0

        async def on_done(key: str, result: Result) -> None:
            nonlocal seen
            for _ in range(20):
                await asyncio.sleep(0)
            seen = seen or len(server.asked)

        await ask_all(server, jobs(*"abcdefghijkl"), on_done)
        return seen

    assert asyncio.run(story()) > 4


class Waves(Server):
    """Answers all that is under way shortly one after another."""

    def __init__(self, max_in_flight: int) -> None:
        super().__init__(max_in_flight)
        self.full = asyncio.Barrier(max_in_flight)

    async def ask(self, request: ChatRequest) -> ChatAnswer:
        answer = await super().ask(request)
        number = await self.full.wait()
        await asyncio.sleep(0.3 + 0.01 * number)
        return answer


def test_after_answers_that_come_together_new_requests_are_sent_before_one_is_handed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "LULL_S", 0.1)
    monkeypatch.setattr(asking, "LULL_WITHIN_S", 10.0)
    server = Waves(max_in_flight=8)
    asked_by_then: list[int] = []

    async def on_done(key: str, result: Result) -> None:
        asked_by_then.append(len(server.asked))

    asyncio.run(ask_all(server, jobs(*(f"p{n}" for n in range(24))), on_done))
    assert asked_by_then == [16] * 8 + [24] * 16


def test_a_stream_of_answers_without_a_pause_is_handed_over_as_it_goes() -> None:
    class Stream(Server):
        async def ask(self, request: ChatRequest) -> ChatAnswer:
            answer = await super().ask(request)
            await asyncio.sleep(0.001)
            return answer

    server = Stream(max_in_flight=2)
    asked_by_then: list[int] = []

    async def on_done(key: str, result: Result) -> None:
        asked_by_then.append(len(server.asked))

    asyncio.run(ask_all(server, jobs(*(f"p{n}" for n in range(1500))), on_done))
    assert asked_by_then[0] < 1500
