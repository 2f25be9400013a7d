"""Looks at an endpoint for a person: is it there, which models does it serve, what does it say?

Brief and without retries; whatever goes wrong is said in words.
"""

from dataclasses import dataclass

from asgiref.sync import async_to_sync
from django.conf import settings

from generation.chat import ChatClient, ChatError, ChatRequest, Sampling
from generation.models import Endpoint
from generation.serving import CannotAsk, key_of

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Look:
    """What was found. `trouble` is empty when the endpoint answers."""

    trouble: str = ""
    engine: str = ""
    latency_ms: int = 0
    served: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """The answer to a test question, or the trouble."""

    text: str = ""
    reasoning: str = ""
    seconds: float = 0.0
    trouble: str = ""


def look_at(endpoint: Endpoint) -> Look:
    """One or two small requests; at most some seconds."""
    try:
        return async_to_sync(_look)(_client(endpoint))
    except CannotAsk as error:
        return Look(trouble=str(error))


def try_out(endpoint: Endpoint, *, model: str, text: str) -> Said:
    """Ask one question."""
    request = ChatRequest(
        model=model,
        messages=[{"role": "user", "content": text}],
        sampling=Sampling(temperature=0.0, max_tokens=200, seed=0),
    )
    try:
        return async_to_sync(_ask)(_client(endpoint), request)
    except CannotAsk as error:
        return Said(trouble=str(error))


def _client(endpoint: Endpoint) -> ChatClient:
    return ChatClient(
        endpoint.base_url,
        api_key=key_of(endpoint),
        max_in_flight=1,
        total_s=PATIENCE_S,
        connect_s=5.0,
        allow_private=settings.ALLOW_PRIVATE_ENDPOINTS,
    )


async def _look(client: ChatClient) -> Look:
    async with client:
        health = await client.health()
        if not health.is_up:
            return Look(trouble=health.detail)
        latency_ms = round(health.latency_s * 1000)
        try:
            served = tuple(await client.models())[:50]
        except ChatError as error:
            return Look(trouble=f"It is there, but does not list its models. {error}")
        return Look("", health.engine, latency_ms, served)


async def _ask(client: ChatClient, request: ChatRequest) -> Said:
    async with client:
        try:
            answer = await client.ask(request)
        except ChatError as error:
            return Said(trouble=str(error))
    return Said(answer.text, answer.reasoning, round(answer.latency_s, 1))
