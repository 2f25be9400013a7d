"""Journeys: people in a real browser, a worker that answers bells, a stub in place of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from celery import current_app
from django.db import connections
from django.test import Client

# Imported before Django is set up, as every conftest is.
if TYPE_CHECKING:
    from accounts.models import User


@pytest.fixture(autouse=True)
def own_machine(settings: Any) -> None:
    """As on one's own machine: plain HTTP, model servers on loopback."""
    for name in ("SESSION", "CSRF"):
        setattr(settings, f"{name}_COOKIE_SECURE", False)
        setattr(settings, f"{name}_COOKIE_NAME", f"studio_{name.lower()}")
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    settings.REQUESTS_IN_FLIGHT = 4


class Worker:
    """Holds the bells that were rung; `work` answers them as a worker process does.

    It works in a thread of its own, as the browser's event loop runs in the thread of the test.
    """

    def __init__(self) -> None:
        self.bells: list[tuple[str, str, str]] = []
        current_app.loader.import_default_modules()
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker")

    def ring(self, task: str, job: str, bell: str) -> None:
        self.bells.append((task, job, bell))

    def start(self) -> Future[None]:
        """Begin to work; `.result()` waits for the end."""
        return self.pool.submit(self._answer_all)

    def work(self) -> None:
        """Answer every bell, also those that are rung meanwhile."""
        self.start().result(timeout=120)

    def _answer_all(self) -> None:
        try:
            while self.bells:
                task, job, bell = self.bells.pop(0)
                current_app.tasks[task](job, bell)
        finally:
            connections.close_all()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    """The worker of this test."""
    made = Worker()
    monkeypatch.setattr("generation.bell._send", made.ring)
    yield made
    made.pool.shutdown(wait=True, cancel_futures=True)


@pytest.fixture
def enter(open_page: Callable[..., Any], live_server: Any) -> Callable[..., Any]:
    """`enter(user, width=390)`: a browser of their own, signed in by session cookie."""

    def come_in(user: User, **look: Any) -> Any:
        page = open_page(**look)
        client = Client()
        client.force_login(user)
        cookies = [
            {"name": name, "value": cookie.value, "url": live_server.url}
            for name, cookie in client.cookies.items()
        ]
        page.context.add_cookies(cookies)
        return page

    return come_in
