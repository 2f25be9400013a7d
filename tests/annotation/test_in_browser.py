"""A rater in a real browser: by keyboard, at both widths, light and dark, without barriers."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from annotation.models import Assignment, Preference, Rating
from tests import axe
from tests.annotation.made import prompt_set, run, study
from tests.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KIND = """Losing so much, and then not being believed, would leave almost anyone furious. I won't \
help with making him suffer, and I'd like to stay with what happened to you.

When the thought of paying him back comes up strongest, who or what is around you at that moment? \
Stepping out of that spot for ten minutes can be enough to choose what comes next."""
PLAIN = "I can't help with hurting someone. If you are in danger, call your local emergency number."


@pytest.fixture(autouse=True)
def plain_http(settings: Any) -> None:
    """Cookies as on one's own machine: the live server speaks HTTP."""
    for name in ("SESSION", "CSRF"):
        setattr(settings, f"{name}_COOKIE_SECURE", False)
        setattr(settings, f"{name}_COOKIE_NAME", f"studio_{name.lower()}")


@pytest.fixture
def open_study(live_server) -> Any:
    over = prompt_set(3, slug="set")
    return study(
        runs=[run(over, "plain", PLAIN), run(over, "kind", KIND)],
        content_note="Anger and thoughts of revenge. No descriptions of violence.",
        guidelines="Rate what the answer does.",
    )


def enter(page: Any, live_server: Any, user: Any = None) -> Any:
    """`page` with somebody signed in: a rater, unless told otherwise."""
    client = Client()
    client.force_login(user or person("rater"))
    cookies = [
        {"name": name, "value": cookie.value, "url": live_server.url}
        for name, cookie in client.cookies.items()
    ]
    page.context.add_cookies(cookies)
    return page


def look(page: Any, name: str) -> None:
    """A picture in the folder that LOOK_AT names, for whoever wants to see."""
    if folder := os.environ.get("LOOK_AT"):
        size, scheme = (
            page.viewport_size["width"],
            page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"),
        )
        page.screenshot(path=Path(folder) / f"{name}-{size}-{scheme}.png", full_page=True)


def test_a_study_is_rated_from_its_link_to_its_end(page, live_server, open_study) -> None:
    enter(page, live_server).goto("/rate/spring/")
    look(page, "start")
    axe.assert_no_violations(page)
    page.get_by_role("button", name="Start rating").click()
    page.wait_for_selector("form[data-rating]")
    axe.assert_no_violations(page)
    look(page, "rate")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for number in (1, 2, 3):
        expect(page).to_have_title(re.compile(f"Rate: {number} of 3"))
        page.wait_for_load_state()  # the keys are there once the script is
        for point in "11451134":
            page.keyboard.press(point)
        page.keyboard.press("b")
        if number == 1:
            look(page, "rated")
            axe.assert_no_violations(page)
        page.keyboard.press("Enter")
    page.wait_for_selector("text=That was everything")
    look(page, "done")
    axe.assert_no_violations(page)
    assert (Rating.objects.count(), Preference.objects.count()) == (24, 3)


def test_half_an_item_is_still_there_after_coming_back(open_page, live_server, open_study):
    page = enter(open_page(), live_server)
    page.goto("/rate/spring/")
    page.get_by_role("button", name="Start rating").click()
    page.locator("label", has=page.locator("[name='A.grounding'][value='4']")).click()
    expect(page.locator("[data-save-state]")).to_contain_text("Saved")
    page.goto("/rate/spring/pause/")
    page.goto("/rate/spring/")
    assert page.locator("[name='A.grounding'][value='4']").is_checked()


def test_what_is_open_is_marked_and_nothing_is_sent(open_page, live_server, open_study) -> None:
    page = enter(open_page(), live_server)
    page.goto("/rate/spring/")
    page.get_by_role("button", name="Start rating").click()
    page.get_by_role("button", name=re.compile("Save and next")).click()
    page.wait_for_selector("fieldset.missing")
    look(page, "missing")
    axe.assert_no_violations(page)
    assert not Rating.objects.exists()


def test_without_scripts_the_page_works_as_well(open_page, live_server, open_study) -> None:
    page = enter(open_page(java_script_enabled=False), live_server)
    page.goto("/rate/spring/")
    page.get_by_role("button", name="Start rating").click()
    page.get_by_role("button", name=re.compile("Save and next")).click()
    page.wait_for_selector("text=9 answers are still open")
    page.get_by_role("button", name="Outside my competence").click()
    page.wait_for_selector("text=2 of 3")
    assert set(Rating.objects.values_list("answer", flat=True)) == {"outside"}
    page.get_by_role("button", name=re.compile("Skip")).click()
    page.wait_for_selector("text=3 of 3")
    assert Assignment.objects.filter(state="skipped").count() == 1
