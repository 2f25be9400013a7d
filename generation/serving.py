"""Where a model is asked: at a running server, or at one that this worker starts and stops."""

import os
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from generation.chat import ChatClient
from generation.commands import (
    QUIET,
    CommandRefused,
    ServerSpec,
    VllmOptions,
    transformers_serve,
    vllm_serve,
)
from generation.models import Endpoint, LanguageModel
from generation.supervisor import Supervised, SupervisorError

FIRST_PORT, N_PORTS = 8101, 400


class CannotAsk(Exception):
    """Nobody can be asked; the message says why and how to mend it."""


@dataclass(frozen=True)
class Place:
    """An open place: `client()` speaks to it. `close` when nobody needs it any more."""

    base_url: str
    api_key: str = ""
    allow_private: bool = False
    server: Supervised | None = None

    def client(self) -> ChatClient:
        return ChatClient(
            self.base_url,
            api_key=self.api_key,
            max_in_flight=settings.REQUESTS_IN_FLIGHT,
            allow_private=self.allow_private,
        )

    def close(self) -> None:
        if self.server:
            self.server.stop()


def open_place(model: LanguageModel) -> Place:
    """The place of `model`, ready. A supervised server may take minutes; raises `CannotAsk`."""
    endpoint = model.endpoint
    if endpoint is None:
        raise CannotAsk(f"'{model}' has no endpoint, so it cannot be asked.")
    if endpoint.is_supervised:
        return _supervised(endpoint, model)
    return Place(endpoint.base_url, key_of(endpoint), settings.ALLOW_PRIVATE_ENDPOINTS)


def key_of(endpoint: Endpoint) -> str:
    """The endpoint's key, from the environment of this process, at the moment of use."""
    name = endpoint.api_key_variable
    if not name:
        return ""
    key = os.environ.get(name, "").strip()
    if not key:
        raise CannotAsk(
            f"The key of the endpoint '{endpoint}' is missing: set {name} in the environment of "
            "the site and its worker, and start them again."
        )
    return key


def spec_of(endpoint: Endpoint, model: LanguageModel) -> ServerSpec:
    """How to start this model's server. Each model has a port of its own."""
    port = FIRST_PORT + zlib.crc32(model.pk.encode()) % N_PORTS
    log_path = Path(settings.LOG_DIR) / f"server-{port}.log"
    name = _local(model.served_name)
    if endpoint.kind == Endpoint.Kind.TRANSFORMERS:
        command = transformers_serve(name, port, serving_python())
        return ServerSpec(command, port, log_path, env=QUIET)
    options = VllmOptions(
        served_name=model.served_name,
        revision=model.revision or None,
        reasoning_parser="qwen3" if model.family_guess.startswith("qwen") else None,
    )
    command = vllm_serve(settings.VLLM_COMMAND, name, port, options)
    return ServerSpec(command, port, log_path, env=QUIET)


def serving_python() -> Path:
    """The Python whose environment holds `transformers serve`."""
    return Path(settings.SERVING_PYTHON or settings.BASE_DIR / ".venv-serving/bin/python")


def _supervised(endpoint: Endpoint, model: LanguageModel) -> Place:
    if endpoint.kind == Endpoint.Kind.TRANSFORMERS and not serving_python().exists():
        raise CannotAsk(
            f"The endpoint '{endpoint}' needs `transformers serve`, which is not installed: "
            f"there is no {serving_python()}. Set SERVING_PYTHON to the Python that has it."
        )
    try:
        server = Supervised(spec_of(endpoint, model))
        server.start()
        server.wait_ready()
    except (CommandRefused, SupervisorError) as error:
        raise CannotAsk(f"The server of '{model}' could not be started. {error}") from None
    return Place(server.spec.base_url, allow_private=True, server=server)


def _local(served_name: str) -> str:
    """A path within the project's folder, where there is one; else the name as it is."""
    path = Path(settings.BASE_DIR) / served_name
    return str(path) if path.exists() else served_name
