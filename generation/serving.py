"""Where a model is asked: at a running server, or at one that this machine starts and stops.

Where a keeper runs on this machine, it has the servers in its hands and the worker waits for the
one it needs; without a keeper, on a laptop, the worker starts and stops the server itself. Where
a keeper fell silent, it does so in the keeper's place, on that server's own port and GPUs.
"""

import os
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from generation.actions import servers
from generation.addresses import Allowed
from generation.chat import ChatClient
from generation.commands import HOST, CommandRefused, ServerSpec
from generation.deputy import stand_in
from generation.models import AllowedAddress, Endpoint, Keeper, LanguageModel, Server
from generation.starting import serving_python, spec_of
from generation.supervisor import Supervised, SupervisorError

__all__ = ["CannotAsk", "Place", "key_of", "open_place", "serving_python"]

# Without a keeper, each model has a port of its own by its id.
FIRST_PORT, N_PORTS = 8901, 400
READY_S = 3600.0
ADAPTER_WAIT = timedelta(minutes=1)


class CannotAsk(Exception):
    """Nobody can be asked; the message says why and how to mend it."""


@dataclass(frozen=True)
class Place:
    """An open place: `client()` speaks to it. `close` when nobody needs it any more."""

    base_url: str
    api_key: str = ""
    allow_private: bool = False
    allowed: Allowed = ()  # of private places, these
    server: Supervised | None = None
    is_kept: bool = False  # by this machine's keeper
    max_in_flight: int | None = None  # what the endpoint takes at once

    @property
    def comes_back(self) -> bool:
        """Whether a server that went away is started again by somebody on this machine."""
        return self.is_kept or self.server is not None

    @property
    def is_shared(self) -> bool:
        """Whether several workers may ask here at once: not at a server that one of them started,
        and not where the endpoint limits what is under way."""
        return self.server is None and self.max_in_flight is None

    @property
    def in_flight(self) -> int:
        """How many requests one worker has under way here."""
        return self.max_in_flight or settings.REQUESTS_IN_FLIGHT

    def client(self) -> ChatClient:
        return ChatClient(
            self.base_url,
            api_key=self.api_key,
            max_in_flight=self.in_flight,
            allow_private=self.allow_private,
            allowed=self.allowed,
        )

    def close(self) -> None:
        if self.server:
            self.server.stop()


def open_place(model: LanguageModel, should_stop: Callable[[], bool] = lambda: False) -> Place:
    """The place of `model`, ready. A supervised server may take minutes; raises `CannotAsk`."""
    base = servers.served_by(model)
    endpoint = base.endpoint
    if endpoint is None:
        raise CannotAsk(_("'%(model)s' has no endpoint, so it cannot be asked.") % {"model": model})
    if not endpoint.is_supervised:
        return Place(
            endpoint.base_url,
            key_of(endpoint),
            settings.ALLOW_PRIVATE_ENDPOINTS,
            AllowedAddress.objects.places(),
            max_in_flight=endpoint.max_in_flight,
        )
    keeper = Keeper.objects.filter(host=settings.HOST_NAME).first()
    if keeper and keeper.is_there(timezone.now()):
        return _kept(model, should_stop)
    return _supervised(endpoint, base, should_stop, keeper)


def key_of(endpoint: Endpoint) -> str:
    """The endpoint's key, from the environment of this process, at the moment of use."""
    name = endpoint.api_key_variable
    if not name:
        return ""
    key = os.environ.get(name, "").strip()
    if not key:
        raise CannotAsk(
            _(
                "The key of the endpoint '%(endpoint)s' is missing: set %(name)s in the "
                "environment of the site and its worker, and start them again."
            )
            % {"endpoint": endpoint, "name": name}
        )
    return key


def own_spec(model: LanguageModel) -> ServerSpec:
    """How this worker starts the model's server itself."""
    return spec_of(model, port=FIRST_PORT + zlib.crc32(model.pk.encode()) % N_PORTS)


def _kept(model: LanguageModel, should_stop: Callable[[], bool]) -> Place:
    """Tell the keeper of this machine what is needed, and wait until it is there."""
    began = time.monotonic()
    try:
        server = servers.need(model=model, host=settings.HOST_NAME, at=timezone.now())
    except servers.NoRoom as error:
        raise CannotAsk(str(error)) from None
    while not _is_ready(server, model):
        if server.state == Server.State.FAILED and server.granted_wish == server.wish:
            raise CannotAsk(
                f"The server of '{server.model}' could not be started. {server.last_error}\n"
                f"{server.log_tail}"
            )
        if _lacks_adapter(server, model):
            raise CannotAsk(
                f"The server of '{server.model}' runs without the adapter '{model}'. "
                f"{server.last_error or 'Its folder cannot be read on that host.'}"
            )
        if should_stop():
            raise CannotAsk("It was stopped while its server was starting.")
        if time.monotonic() - began > READY_S:
            raise CannotAsk(f"The server of '{server.model}' was not ready within an hour.")
        _pause()
        server = servers.need(model=model, host=settings.HOST_NAME, at=timezone.now())
    return Place(f"http://{HOST}:{server.port}/v1", allow_private=True, is_kept=True)


def _pause() -> None:
    time.sleep(1.0)


def _lacks_adapter(server: Server, model: LanguageModel) -> bool:
    """Whether the keeper has had its time to load the adapter, and did not."""
    if server.state != Server.State.READY or not server.ready_at or _is_ready(server, model):
        return False
    known = max(server.ready_at, model.created_at)
    return timezone.now() - known > ADAPTER_WAIT


def _is_ready(server: Server, model: LanguageModel) -> bool:
    has_adapter = model.base_id is None or model.served_name in server.adapters
    return server.state == Server.State.READY and has_adapter


def _supervised(
    endpoint: Endpoint,
    model: LanguageModel,
    should_stop: Callable[[], bool],
    silent: Keeper | None,
) -> Place:
    """The server in this worker's hands; where a keeper fell silent, the very one that it kept."""
    if endpoint.kind == Endpoint.Kind.TRANSFORMERS and not serving_python().exists():
        raise CannotAsk(
            f"The endpoint '{endpoint}' needs `transformers serve`, which is not installed: "
            f"there is no {serving_python()}. Set SERVING_PYTHON to the Python that has it."
        )

    def wait(seconds: float) -> None:
        if should_stop():
            raise CannotAsk("It was stopped while its server was starting.")
        time.sleep(seconds)

    try:
        server = (
            stand_in(silent, model, sleep=wait)
            if silent
            else Supervised(own_spec(model), sleep=wait)
        )
        server.start()
        server.wait_ready()
    except servers.NoRoom as error:
        raise CannotAsk(
            f"{error} The keeper of {settings.HOST_NAME} is not at work: start it again with "
            "manage.py keep_servers."
        ) from None
    except (CommandRefused, SupervisorError) as error:
        raise CannotAsk(f"The server of '{model}' could not be started. {error}") from None
    return Place(server.spec.base_url, allow_private=True, server=server)
