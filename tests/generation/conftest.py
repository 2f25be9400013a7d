"""Private addresses are allowed to model servers here, as on one's own machine."""

from typing import Any

import pytest

from tests.stub_server import stub_server

__all__ = ["stub_server"]


@pytest.fixture(autouse=True)
def own_machine(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    settings.REQUESTS_IN_FLIGHT = 8


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Messages to the worker: (task, job, bell), in place of a broker."""
    sent: list[tuple[str, str, str]] = []
    monkeypatch.setattr("generation.bell._send", lambda *message: sent.append(message))
    return sent
