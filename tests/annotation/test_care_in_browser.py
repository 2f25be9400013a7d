"""A severe item in a real browser: covered, shown by one key, left by one key, without barriers."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotation.actions import raters
from annotation.models import Assignment
from corpus.models import Domain
from tests import axe
from tests.annotation.test_care_ledger import made
from tests.annotation.test_in_browser import plain_http  # noqa: F401
from tests.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def room(live_server, page: Page, client) -> Page:
    harm = Domain.objects.create(slug="harm", name="Harm", definition="Of oneself.", severity=3)
    of = made(3, harm)
    rater = person("rater")
    raters.seat(study=of, rater=raters.of(rater), at=of.opened_at)
    client.force_login(rater)
    page.context.add_cookies(
        [
            {"name": name, "value": one.value, "url": live_server.url}
            for name, one in client.cookies.items()
        ]
    )
    page.goto(f"{live_server.url}/rate/{of.slug}/")
    return page


def test_a_severe_item_is_shown_by_a_key_and_nothing_is_chosen_before(room: Page) -> None:
    text = room.get_by_text("Nobody listens to me")
    expect(text).to_be_hidden()
    assert axe.violations(room) == []
    room.keyboard.press("1")
    assert room.locator("input:checked").count() == 0
    room.keyboard.press("r")
    expect(text).to_be_visible()
    room.keyboard.press("1")
    assert room.locator("input:checked").count() == 1


def test_one_key_leaves_for_a_blank_page_and_nothing_is_lost(room: Page) -> None:
    room.keyboard.press("r")
    room.keyboard.press("1")
    room.keyboard.press("Escape")
    room.wait_for_url("**/rate/care/away/**")
    expect(room.get_by_text("Nobody listens to me")).to_have_count(0)
    assert axe.violations(room) == []
    expect(room.get_by_role("link", name="Support").first).to_be_visible()
    room.get_by_role("link", name="Go back").click()
    expect(room.locator("input:checked")).to_have_count(1)
    assert Assignment.objects.get().draft
    assert Path(room.url).name == "spring"
