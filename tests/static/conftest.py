"""Pages from memory: the scripts run in a real browser against answers that a test chooses."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

STATIC = Path(__file__).resolve().parents[2] / "static"
SITE = "http://studio.test"
POLICY = "default-src 'self'"
FRAME = """<!doctype html><html lang="en"><title>Test</title>
<link rel="stylesheet" href="/static/site.css">
<script src="/static/vendor/htmx-4.0.1.min.js" defer></script>
<script src="/static/behaviour.js" defer></script><script src="/static/autosave.js" defer></script>
<script src="/static/branching.js" defer></script><script src="/static/rating.js" defer></script>
<script src="/static/keep.js" defer></script>
<body data-login="/sign-in/" data-logout="/sign-out/"><main>
<div role="status"><ul class="messages" id="messages"></ul></div>
{main}</main><p class="toast" role="status" data-announce></p>{words}</body></html>"""


@dataclass
class Answer:
    status: int = 200
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Desk:
    """One page in a browser, its server, and everything that was posted to it."""

    page: Any
    answers: dict[str, Answer | None] = field(default_factory=dict)
    posts: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)

    def open(self, main: str) -> Any:
        self.html = FRAME.format(main=main, words=render_to_string("elements/words.html"))
        self.page.goto(f"{SITE}/")
        return self.page

    def sent(self, path: str) -> list[dict[str, str]]:
        return [values for to, values, _ in self.posts if to == path]

    def answer(self, route: Any) -> None:
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        elif route.request.method == "POST":
            self.posts.append((path, fields(route.request), route.request.headers))
            self.give(route, self.answers.get(path, Answer()))
        else:
            html = self.html if path == "/" else f"<title>{path}</title>"
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(body=html, content_type="text/html", headers=headers)

    def give(self, route: Any, answer: Answer | None) -> None:
        if answer is None:
            route.abort()
            return
        route.fulfill(
            status=answer.status,
            body=json.dumps(answer.body),
            content_type="application/json",
            headers=answer.headers,
        )


def fields(request: Any) -> dict[str, str]:
    """The fields of a multipart or urlencoded body."""
    text = request.post_data or ""
    parts = re.findall(r'name="([^"]+)"\r\n\r\n(.*?)\r\n--', text, re.DOTALL)
    return dict(parts)


@pytest.fixture
def desk(browser: Any) -> Iterator[Desk]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    desk = Desk(page)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda m: troubles.append(m.text) if "Content Security" in m.text else None)
    page.route("**/*", desk.answer)
    page.clock.install()
    yield desk
    context.close()
    assert not troubles


@pytest.fixture
def until(desk: Desk) -> Callable[..., None]:
    """Waits until the page's own expression is true."""

    def wait(expression: str) -> None:
        desk.page.wait_for_function(expression)

    return wait
