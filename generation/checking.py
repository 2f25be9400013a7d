"""Looks at an endpoint for a person: is it there, which models does it serve, what does it say?

Brief and without retries; whatever goes wrong is said in words.
"""

from dataclasses import dataclass

from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils.translation import gettext as _

from generation.chat import ChatClient, ChatError, ChatRequest, Sampling
from generation.commands import HOST
from generation.models import AllowedAddress, Endpoint, Server
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
    n_tokens: int | None = None
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
        return async_to_sync(_ask)(_client(endpoint, model), request)
    except CannotAsk as error:
        return Said(trouble=str(error))


def _client(endpoint: Endpoint, model: str = "") -> ChatClient:
    if endpoint.is_supervised:
        server = _server_here(endpoint, model)
        return ChatClient(
            f"http://{HOST}:{server.port}/v1",
            max_in_flight=1,
            total_s=PATIENCE_S,
            connect_s=5.0,
            allow_private=True,
        )
    return ChatClient(
        endpoint.base_url,
        api_key=key_of(endpoint),
        max_in_flight=1,
        total_s=PATIENCE_S,
        connect_s=5.0,
        allow_private=settings.ALLOW_PRIVATE_ENDPOINTS,
        allowed=AllowedAddress.objects.places(),
    )


def _server_here(endpoint: Endpoint, model: str) -> Server:
    """A ready server of this machine: those of other hosts are on their own loopback."""
    ready = list(Server.objects.of(endpoint).with_names().filter(state=Server.State.READY))
    here = [each for each in ready if each.host == settings.HOST_NAME]
    named = [each for each in here if model in (each.model.served_name, *each.adapters)]
    if named or here:
        return (named or here)[0]
    if ready:
        raise CannotAsk(
            _("Its servers run on %(ready)s and can be asked from there alone. A run asks them.")
            % {"ready": ", ".join(sorted({each.host for each in ready}))}
        )
    raise CannotAsk(
        _("None of its servers is ready. Start one, or start a run: it starts its own.")
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
            return Look(
                trouble=_("It is there, but does not list its models. %(error)s") % {"error": error}
            )
        return Look("", health.engine, latency_ms, served)


async def _ask(client: ChatClient, request: ChatRequest) -> Said:
    async with client:
        try:
            answer = await client.ask(request)
        except ChatError as error:
            return Said(trouble=str(error))
    seconds = round(answer.latency_s, 1)
    return Said(answer.text, answer.reasoning, seconds, answer.n_completion_tokens)
