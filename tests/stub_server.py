"""A model server that says what it is told to: an OpenAI-compatible stub for tests and trials.

`python -m tests.stub_server --port 8101` runs it alone. In tests, `stub_server` starts one in a
thread; `stub_server.script(too_many(retry_after=2), echo())` sets what the next requests meet.
"""

import argparse
import asyncio
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Self

import pytest
from aiohttp import web

from tests.stub_answers import reply

MODELS = ("stub-model", "stub-judge")


@dataclass(frozen=True)
class Behaviour:
    """What one chat request meets. `text` None means the stable reply to the conversation."""

    status: int = 200
    text: str | None = None
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    message: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    finish_reason: str = "stop"
    latency_s: float = 0.0
    is_dropped: bool = False
    is_echo: bool = False


def says(text: str, *, finish_reason: str = "stop") -> Behaviour:
    return Behaviour(text=text, finish_reason=finish_reason)


def echo() -> Behaviour:
    """The last user turn comes back."""
    return Behaviour(is_echo=True)


def too_many(*, retry_after: float | str | None = 1) -> Behaviour:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Behaviour(status=429, raw=_error("Too many requests."), headers=headers)


def fails(status: int = 500, message: str = "The engine stumbled.") -> Behaviour:
    return Behaviour(status=status, raw=_error(message))


def redirects(to: str) -> Behaviour:
    return Behaviour(status=307, raw=b"", headers={"Location": to})


def broken_json() -> Behaviour:
    return Behaviour(raw=b'{"choices": [{"mess')


def returns(document: Any) -> Behaviour:
    """Any JSON document, with status 200."""
    return Behaviour(raw=json.dumps(document).encode())


def huge(n_bytes: int) -> Behaviour:
    return Behaviour(raw=b'"' + b"x" * n_bytes + b'"')


def drops() -> Behaviour:
    """The connection is cut before the answer."""
    return Behaviour(is_dropped=True)


def slow(latency_s: float) -> Behaviour:
    return Behaviour(latency_s=latency_s)


def reasons(text: str, reasoning: str, *, name: str = "reasoning_content") -> Behaviour:
    return Behaviour(text=text, message={name: reasoning})


class StubServer:
    """The stub in a thread of its own. `requests` holds the chat bodies in the order they came."""

    def __init__(self, *, port: int = 0, latency_s: float = 0.0) -> None:
        self.port = port
        self.default = Behaviour(latency_s=latency_s)
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.n_in_flight = self.most_in_flight = 0
        self.models = list(MODELS)
        self.version: str | None = None
        self.health_status = 200
        self.deadly = ""  # a text whose coming kills the server for `dead_s` seconds
        self.dead_s = 0.2
        self.most_logprobs = 20  # who asks for more is refused
        self.n_deaths = 0
        self._is_dead = False
        self._scripted: list[Behaviour] = []
        self._lines: set[asyncio.Transport] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stub-server", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    def script(self, *behaviours: Behaviour) -> None:
        """What the next requests meet, one each, before the default comes back."""
        self._scripted.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        self.default = behaviour

    def reset(self) -> None:
        self.requests.clear()
        self.headers.clear()
        self._scripted.clear()
        self.default = Behaviour()
        self.most_in_flight = 0
        self.most_logprobs = 20

    def start(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("The stub server did not start.")
        return self

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        self._runner = runner
        self._loop.run_until_complete(self._listen())
        self.port = runner.addresses[0][1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def _listen(self) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=1024)
        await self._site.start()

    async def _die(self) -> None:
        """As a process that is killed: every line is cut, and nobody listens for a while."""
        self.n_deaths += 1
        await self._site.stop()
        for line in self._lines:
            line.abort()
        self._lines.clear()
        await asyncio.sleep(self.dead_s)
        await self._listen()
        self._is_dead = False

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/health", self._health)
        app.router.add_get("/version", self._version)
        return app

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"}, status=self.health_status)

    async def _version(self, _: web.Request) -> web.Response:
        if self.version is None:
            raise web.HTTPNotFound
        return web.json_response({"version": self.version})

    async def _models(self, _: web.Request) -> web.Response:
        listed = [{"id": name, "object": "model", "owned_by": "stub"} for name in self.models]
        return web.json_response({"object": "list", "data": listed})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        if isinstance(request.transport, asyncio.Transport):
            self._lines.add(request.transport)
        if self._is_dead or (self.deadly and self.deadly in str(body["messages"])):
            if not self._is_dead:
                self._is_dead = True
                self._dying = asyncio.create_task(self._die())
            request.transport.abort()  # type: ignore[union-attr]  # the request just came over it
            return web.Response()
        behaviour = self._scripted.pop(0) if self._scripted else self.default
        if body.get("top_logprobs", 0) > self.most_logprobs:
            behaviour = fails(400, f"At most {self.most_logprobs} logprobs are told.")
        self.n_in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.n_in_flight)
        try:
            if behaviour.latency_s:
                await asyncio.sleep(behaviour.latency_s)
        finally:
            self.n_in_flight -= 1
        if behaviour.is_dropped and request.transport:
            request.transport.abort()
        return respond(behaviour, body)


def respond(behaviour: Behaviour, body: dict[str, Any]) -> web.Response:
    raw = behaviour.raw
    if raw is None:
        raw = json.dumps(completion(behaviour, body)).encode()
    return web.Response(
        status=behaviour.status,
        body=raw,
        headers=behaviour.headers,
        content_type="application/json",
    )


def completion(behaviour: Behaviour, body: dict[str, Any]) -> dict[str, Any]:
    """A chat completion as servers send it; words stand in for tokens."""
    asked = " ".join(str(each.get("content", "")) for each in body["messages"])
    text = reply(body) if behaviour.text is None else behaviour.text
    if behaviour.is_echo:
        text = str(body["messages"][-1].get("content", ""))
    message = {"role": "assistant", "content": text, **behaviour.message}
    choice = {"index": 0, "message": message, "finish_reason": behaviour.finish_reason}
    n_prompt, n_completion = len(asked.split()), len(text.split())
    usage = {
        "prompt_tokens": n_prompt,
        "completion_tokens": n_completion,
        "total_tokens": n_prompt + n_completion,
        "prompt_tokens_details": {"cached_tokens": 0},
    }
    document = {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": body.get("model", ""),
        "choices": [choice],
        "usage": usage,
        "system_fingerprint": "fp_stub",
    }
    return {name: value for name, value in document.items() if name not in behaviour.without}


def lacks(*names: str) -> Behaviour:
    """A completion without the named top-level fields."""
    return replace(Behaviour(), without=names)


def _error(message: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": "stub"}}).encode()


@pytest.fixture
def stub_server() -> Iterator[StubServer]:
    """A stub of its own for one test."""
    with StubServer() as server:
        yield server


def main() -> None:
    parser = argparse.ArgumentParser(description="A stub of an OpenAI-compatible model server.")
    parser.add_argument("--port", type=int, default=8101)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--served-model-name", help="one more name in its list of models")
    options, _ = parser.parse_known_args()  # what else a model server is told
    with StubServer(port=options.port, latency_s=options.latency) as server:
        server.models += filter(None, [options.served_model_name])
        print(f"The stub answers at {server.base_url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
