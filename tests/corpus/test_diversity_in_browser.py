"""A corpus filled from one template a domain: the page on diversity says so at a glance."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from corpus import actions
from tests import axe
from tests.corpus import made
from tests.corpus.test_reuse import DOMAINS, WRITTEN, templated
from tests.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[[Page, User], None]


@pytest.fixture(autouse=True)
def plain_http(settings: Any) -> None:
    """Cookies as on one's own machine: the live server speaks HTTP."""
    for name in ("SESSION", "CSRF"):
        setattr(settings, f"{name}_COOKIE_SECURE", False)
        setattr(settings, f"{name}_COOKIE_NAME", f"studio_{name.lower()}")


@pytest.fixture
def enter(live_server: Any) -> Enter:
    def come_in(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        page.context.add_cookies(
            [
                {"name": name, "value": cookie.value, "url": live_server.url}
                for name, cookie in client.cookies.items()
            ]
        )

    return come_in


@pytest.fixture
def curator() -> User:
    """Of a corpus with one template a domain, and three responses that somebody wrote."""
    by = person("curator")
    for slug in DOMAINS:
        made.domain(slug)
    for name, rows in (("Templates", templated(19)), ("Written", WRITTEN)):
        actions.import_pairs(
            by=by, file=io.BytesIO(rows.encode()), format="jsonl",
            origin=actions.Origin(name=name), at=made.AT,
        )  # fmt: skip
    return by


def look(page: Page, name: str) -> None:
    """No barrier, nothing wider than the window; a picture in the folder that LOOK_AT names."""
    if folder := os.environ.get("LOOK_AT"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        picture = f"{name}-{width}-{'dark' if is_dark else 'light'}.png"
        page.screenshot(path=Path(folder) / picture, full_page=True)
    axe.assert_no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_a_templated_corpus_is_called_so_at_a_glance(
    page: Page, enter: Enter, curator: User
) -> None:
    enter(page, curator)
    page.goto(reverse("corpus:diversity"))
    lead = page.locator("p.lead")
    expect(lead).to_contain_text("This corpus is written from templates.")
    expect(lead).to_contain_text("95 of 98 responses (96 %) share a template")
    height = page.viewport_size["height"] if page.viewport_size else 0
    assert (lead.bounding_box() or {"y": height})["y"] < height / 2, "seen without scrolling"
    expect(page.get_by_text("All 19 responses are one template.")).to_have_count(4)
    expect(page.get_by_text("19 of 22 responses are one template.")).to_have_count(1)
    look(page, "diversity")


def test_the_bars_are_seen_on_their_ground(page: Page, enter: Enter, curator: User) -> None:
    """As long as the share, in a colour that stands out from the page in both schemes."""
    enter(page, curator)
    page.goto(reverse("corpus:diversity"))
    bars = page.locator("table rect.bar-a")
    widths = [float(bar.get_attribute("width") or 0) for bar in bars.all()]
    assert sorted(widths) == [345, 400, 400, 400, 400]
    fill, ground = page.evaluate(
        "[getComputedStyle(document.querySelector('rect.bar-a')).fill,"
        " getComputedStyle(document.body).backgroundColor]"
    )
    assert contrast(fill, ground) >= 3


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two `rgb(…)` colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.strip("rgba()").split(",")[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_two_members_are_compared_and_the_family_is_found_in_the_list(
    open_page: Callable[..., Page], enter: Enter, curator: User
) -> None:
    page = open_page()
    enter(page, curator)
    page.goto(reverse("corpus:diversity"))
    family = page.locator("section.card").first
    expect(family.get_by_role("heading")).to_contain_text("19 responses")
    expect(family.locator("del").first).to_be_visible()
    expect(family.locator("ins").first).to_be_visible()
    family.get_by_role("link", name="Show them").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(19)
    assert "family=" in page.url
