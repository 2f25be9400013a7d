"""The form of a release in a real browser: it counts while one types and takes nothing away."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.exports import made

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REASON = "textarea[name=override_families]"


@pytest.fixture
def form(open_page: Callable[..., Any], live_server: Any, settings: Any, curator: User) -> Any:
    """The open form, in a corpus in which ten pairs share their words."""
    for name in ("SESSION", "CSRF"):
        setattr(settings, f"{name}_COOKIE_SECURE", False)
        setattr(settings, f"{name}_COOKIE_NAME", f"studio_{name.lower()}")
    made.pairs(10)
    page, client = open_page(), Client()
    client.force_login(curator)
    page.context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": live_server.url}
            for name, cookie in client.cookies.items()
        ]
    )
    page.goto(live_server.url + reverse("exports:new"))
    return page


def test_a_reason_typed_while_the_pairs_are_counted_stays(form: Any) -> None:
    held: list[Any] = []
    form.route("**/releases/new/", lambda route: held.append(route))
    form.fill("input[name=name]", "Refusals")
    with form.expect_request("**/releases/new/"):
        form.press("input[name=name]", "Tab")
    form.locator(REASON).press_sequentially("They are alike on")
    with form.expect_response("**/releases/new/"):
        held.pop().continue_()
    form.locator(REASON).press_sequentially(" purpose.")
    assert form.input_value(REASON) == "They are alike on purpose."
    assert form.evaluate("document.activeElement.name") == "override_families"
