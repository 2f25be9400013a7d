"""A run in a real browser: the page follows along, ends by itself, and minds accessibility."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from accounts.models import User
from generation import actions
from tests import axe
from tests import stub_server as stub
from tests.generation import made
from tests.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def engineer_page(
    open_page: Callable[..., Any], live_server: Any, settings: Any
) -> Callable[..., Any]:
    """A browser that an engineer is signed in to."""
    for name in ("SESSION", "CSRF"):
        setattr(settings, f"{name}_COOKIE_SECURE", False)
        setattr(settings, f"{name}_COOKIE_NAME", f"studio_{name.lower()}")

    def enter(**look: Any) -> Any:
        page, client = open_page(**look), Client()
        client.force_login(engineer())
        cookies = [
            {"name": name, "value": cookie.value, "url": live_server.url}
            for name, cookie in client.cookies.items()
        ]
        page.context.add_cookies(cookies)
        return page

    return enter


def engineer() -> User:
    return User.objects.filter(grants__role="engineer").first() or person("engineer")


def work_on(run: Any, **changes: Any) -> None:
    """A worker's shift in a thread of its own, as the browser's loop runs in this one."""

    def work() -> None:
        try:
            made.shift(run, **changes).run()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(work).result(60)


def test_a_run_is_followed_until_it_ends(engineer_page: Any, stub_server: Any) -> None:
    run = made.run(stub_server.url, n=6)
    page = engineer_page()
    page.goto(run.get_absolute_url())
    assert page.locator("#progress").get_by_text("Waiting").is_visible()
    assert page.get_by_role("button", name="Stop the run").is_visible()
    work_on(run)
    page.get_by_text("6 of 6").wait_for()
    page.get_by_role("heading", name="Newest answers").wait_for()
    page.get_by_text("What the model answered").first.wait_for()
    assert not page.get_by_role("button", name="Stop the run").is_visible()


def test_a_stop_is_asked_for_twice_and_can_be_taken_back(
    engineer_page: Any, stub_server: Any
) -> None:
    run = made.run(stub_server.url, n=3)
    page = engineer_page(width=390)
    page.goto(run.get_absolute_url())
    page.get_by_role("button", name="Stop the run").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop the run").click()
    page.get_by_role("button", name="Resume").wait_for()
    run.refresh_from_db()
    assert run.state == "cancelled"
    page.get_by_role("button", name="Resume").click()
    page.get_by_text("3 answers are asked for again.").wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_figures_move_by_themselves_and_a_keyboard_stops_and_resumes(
    engineer_page: Any, stub_server: Any, width: int, scheme: str
) -> None:
    stub_server.always(stub.slow(0.4))
    run = made.run(stub_server.url, n=120)
    page = engineer_page(width=width, scheme=scheme)
    page.goto(run.get_absolute_url())
    page.evaluate("window.sameDocument = true")
    with ThreadPoolExecutor(max_workers=1) as pool:
        shift = pool.submit(work_on, run)
        page.get_by_text("What the model answered").first.wait_for()
        page.get_by_text("tokens per second").wait_for()
        first = page.locator("#progress progress").get_attribute("value")
        page.wait_for_function(
            "first => document.querySelector('#progress progress').value > first", arg=int(first)
        )
        stub_server.always(stub.slow(20))  # it does not end while it is looked at
        assert page.evaluate("window.sameDocument") is True
        axe.assert_no_violations(page)
        page.get_by_role("button", name="Stop the run").focus()
        page.keyboard.press("Enter")
        page.get_by_role("dialog").get_by_role("button", name="Stop the run").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Resume").wait_for()
        shift.result(60)
    run.refresh_from_db()
    assert run.state == "cancelled"
    stub_server.reset()
    page.get_by_role("button", name="Resume").focus()
    page.keyboard.press("Enter")
    page.get_by_text("asked for again").wait_for()
    work_on(run)
    page.get_by_text("120 of 120").wait_for()
    page.get_by_text("Done", exact=True).wait_for()
    assert page.locator("#progress[hx-trigger]").count() == 0


def test_an_endpoint_is_looked_at_without_leaving_its_page(
    engineer_page: Any, stub_server: Any
) -> None:
    place = made.endpoint(stub_server.url)
    page = engineer_page()
    page.goto(place.get_absolute_url())
    page.get_by_text("See whether it answers").click()
    page.get_by_text("It answers, in").wait_for()
    page.get_by_role("link", name="Register").first.click()
    assert page.get_by_label("Name at the endpoint").input_value() == "stub-model"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_have_no_accessibility_violations(
    engineer_page: Any, stub_server: Any, width: int, scheme: str
) -> None:
    actions.install_conditions()
    stub_server.script(stub.fails(400), stub.says("Cut", finish_reason="length"))
    run = made.run(stub_server.url, n=4)
    page = engineer_page(width=width, scheme=scheme)
    page.goto(run.get_absolute_url())
    axe.assert_no_violations(page)
    work_on(run)
    for path in (
        run.get_absolute_url(),
        "/models/",
        "/models/runs/",
        "/models/runs/new/",
        "/models/endpoints/",
        "/models/endpoints/new/",
        "/models/conditions/",
        "/models/conditions/new/",
        "/models/new/",
    ):
        page.goto(path)
        axe.assert_no_violations(page)
