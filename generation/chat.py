"""The one HTTP client for model servers: vLLM, Ollama, transformers and hosted services alike.

Answers come back as `ChatAnswer`; everything else is a `ChatError` that says whether asking again
can help. The client itself asks once; `ask_all` is patient.
"""

import asyncio
import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
from django.utils.translation import gettext as _

from generation.addresses import AddressRefused, Allowed, checked_socket
from generation.asking import Jobs, OnDone, Pace, Tally, ask_all
from generation.chances import MOST_WEIGHED, WEIGHED
from generation.failures import (
    ChatError,
    CutOff,
    Nonsense,
    Overloaded,
    Refused,
    ServerError,
    TimedOut,
    Unreachable,
    failure,
    start_of,
)
from generation.messages import (
    STUCK_IN_REASONING,
    ChatAnswer,
    ChatRequest,
    Health,
    Sampling,
    read_answer,
)
from generation.retry import Patience

__all__ = [
    "STUCK_IN_REASONING",
    "ChatAnswer",
    "ChatClient",
    "ChatError",
    "ChatRequest",
    "Health",
    "Jobs",
    "Nonsense",
    "OnDone",
    "Overloaded",
    "Pace",
    "Patience",
    "Refused",
    "Sampling",
    "ServerError",
    "Tally",
    "Unreachable",
    "ask_all",
]

CHUNK = 64 * 1024
BRIEF_S = 10.0
UNFIT = (400, 422)  # this request, as it is written, is refused


class ChatClient:
    """Async context manager for one server. At most `max_in_flight` requests are under way.

    `base_url` is what the server's manual gives as its OpenAI address; without a path, `/v1` is
    meant. `engine` names the server's software in answers; left out, it is asked for once.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str = "",
        max_in_flight: int = 64,
        total_s: float = 300.0,
        connect_s: float = 10.0,
        max_body: int = 8 * 1024 * 1024,
        allow_private: bool = False,
        allowed: Allowed = (),
        engine: str | None = None,
    ) -> None:
        self.base_url = _with_path(base_url)
        self.max_in_flight = max_in_flight
        self.max_body = max_body
        self.engine = engine
        self._api_key = api_key
        self._allow_private, self._allowed = allow_private, allowed
        self._timeout = aiohttp.ClientTimeout(total=total_s, sock_connect=connect_s)
        self._brief = aiohttp.ClientTimeout(total=BRIEF_S, sock_connect=connect_s)
        self._slots = asyncio.Semaphore(max_in_flight)
        # As many chances a token as the server tells; forgotten when it may have been replaced.
        self._n_told = MOST_WEIGHED
        self._naming = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=0,
            ttl_dns_cache=60,
            happy_eyeballs_delay=None,
            socket_factory=checked_socket(self._allow_private, self._allowed),
        )
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self._api_key:
            headers["Authorization"] = f"Bearer {self._api_key}"
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers=headers,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def ask(self, request: ChatRequest) -> ChatAnswer:
        """One attempt. Raises `ChatError`.

        A server that refuses to tell so many chances is asked for fewer, then for none.
        """
        n, *fewer = [n for n in WEIGHED if n <= self._n_told] if request.weighs else [0]
        try:
            return await self._ask(request, n)
        except TimedOut:
            raise
        except Unreachable:
            self._n_told = MOST_WEIGHED
            raise
        except Refused as refusal:
            if not fewer or refusal.status not in UNFIT:
                raise
            return await self._ask_for_fewer(request, fewer, refusal)

    async def _ask_for_fewer(
        self, request: ChatRequest, fewer: Sequence[int], refusal: Refused
    ) -> ChatAnswer:
        """What is taken is kept in mind. Was it not the number that was refused, it is raised."""
        for n in fewer:
            with suppress(Refused):
                answer = await self._ask(request, n)
                self._n_told = min(self._n_told, n)
                return answer
        raise refusal

    async def _ask(self, request: ChatRequest, n_weighed: int) -> ChatAnswer:
        async with self._slots:
            started = time.perf_counter()
            url, body = f"{self.base_url}/chat/completions", request.body(n_weighed)
            document = await self._json("POST", url, body)
            latency_s = time.perf_counter() - started
        engine = await self._engine()
        return read_answer(
            document, request=request, latency_s=latency_s, engine=engine, n_weighed=n_weighed
        )

    async def models(self) -> list[str]:
        """Names that the server answers to. Raises `ChatError`."""
        document = await self._json("GET", f"{self.base_url}/models")
        listed = document.get("data") if isinstance(document, dict) else None
        if not isinstance(listed, list):
            raise Nonsense(_("The server's list of models has no 'data'."))
        return [str(each["id"]) for each in listed if isinstance(each, dict) and "id" in each]

    async def health(self) -> Health:
        """Whether the server can be asked now; never raises."""
        started = time.perf_counter()
        try:
            await self._up()
        except ChatError as error:
            return Health(is_up=False, detail=str(error))
        latency_s = time.perf_counter() - started
        return Health(True, _("The server answers."), await self._engine(), latency_s)

    async def _up(self) -> None:
        """Not every server has /health; then its list of models has to answer.

        An address that is refused has no status: then nobody is asked anything.
        """
        try:
            await self._body("GET", f"{self._root}/health")
        except Refused as error:
            if error.status is None:
                raise
            await self.models()

    @property
    def _root(self) -> str:
        return self.base_url.removesuffix("/v1")

    async def _engine(self) -> str:
        """Name and version of the server's software, asked for once; empty if it does not say."""
        if self.engine is None:
            async with self._naming:
                self.engine = (
                    self.engine
                    or await self._version("vllm", "/version")
                    or await self._version("ollama", "/api/version")
                )
        return self.engine

    async def _version(self, name: str, path: str) -> str:
        try:
            document = await self._json("GET", self._root + path)
        except ChatError:
            return ""
        version = document.get("version") if isinstance(document, dict) else None
        return f"{name} {version}"[:60] if isinstance(version, str) else ""

    async def _json(self, method: str, url: str, body: dict[str, Any] | None = None) -> Any:
        raw = await self._body(method, url, body)
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise Nonsense(
                _("The server's answer is not JSON: %(start)s") % {"start": start_of(raw)}
            ) from None

    async def _body(self, method: str, url: str, body: dict[str, Any] | None = None) -> bytes:
        """The body of a 200 answer; every way to fail becomes a `ChatError`."""
        if self._session is None:
            raise RuntimeError("ChatClient is used outside of 'async with'.")
        timeout = self._timeout if body else self._brief
        try:
            async with self._session.request(
                method, url, json=body, timeout=timeout, allow_redirects=False
            ) as response:
                return await self._read(response)
        except AddressRefused as error:
            raise Refused(str(error)) from None
        except aiohttp.ConnectionTimeoutError:
            raise Unreachable(
                _("No connection within %(seconds)s s.")
                % {"seconds": f"{timeout.sock_connect:.0f}"}
            ) from None
        except TimeoutError:
            raise TimedOut(
                _("No answer within %(seconds)s s.") % {"seconds": f"{timeout.total:.0f}"}
            ) from None
        except aiohttp.InvalidURL:
            raise Refused(_("'%(url)s' is not an address.") % {"url": url}) from None
        except aiohttp.ClientResponseError as error:
            raise Nonsense(
                _("The server does not speak HTTP properly: %(message)s")
                % {"message": error.message}
            ) from None
        except aiohttp.ClientConnectorError as error:
            raise Unreachable(_unconnected(error)) from None
        except (aiohttp.ClientError, OSError) as error:
            raise CutOff(
                _("The server cannot be reached: the line was cut. %(error)s") % {"error": error}
            ) from None

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        chunks: list[bytes] = []
        size = 0
        async for chunk in response.content.iter_chunked(CHUNK):
            size += len(chunk)
            if size > self.max_body:
                response.close()
                raise Nonsense(
                    _("The server's answer is larger than %(most)s bytes.")
                    % {"most": f"{self.max_body:,}"}
                )
            chunks.append(chunk)
        raw = b"".join(chunks)
        if response.status != 200:
            raise failure(response.status, raw, response.headers.get("Retry-After"))
        return raw


def _unconnected(error: aiohttp.ClientConnectorError) -> str:
    """Where nobody answered and why, without the library's own words."""
    number = error.os_error.errno
    why = os.strerror(number) if number and number > 0 else str(error.os_error)
    return _("The server at %(host)s:%(port)s cannot be reached: %(why)s.") % {
        "host": error.host,
        "port": error.port,
        "why": why,
    }


def _with_path(base_url: str) -> str:
    stripped = base_url.rstrip("/")
    return stripped if urlsplit(stripped).path else f"{stripped}/v1"
