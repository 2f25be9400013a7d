"""Nobody is signed out without being told in time."""

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from tests import axe
from tests.static.conftest import Answer

pytestmark = pytest.mark.browser
MINUTE = 60 * 1000
STAY = "/people/me/stay/"


@pytest.fixture
def page(desk):
    desk.answers[STAY] = Answer(body={"left": 3600})
    script = '<script src="/static/staying.js" defer></script>'
    page = desk.open(f"<h1>A page</h1>{render_to_string('elements/staying.html')}{script}")
    desk.html = desk.html.replace("data-login=", 'data-session-left="3600" data-login=')
    page.reload()
    return page


def test_the_end_is_told_five_minutes_before_and_put_off_by_a_key(desk, page):
    told = page.get_by_role("dialog", name="Are you still there?")
    page.clock.run_for(54 * MINUTE)
    expect(told).to_be_hidden()
    page.clock.run_for(MINUTE + 10_000)
    expect(told).to_contain_text("signed out in 5 minutes")
    axe.assert_no_violations(page)
    page.get_by_role("button", name="Stay signed in").press("Enter")
    expect(told).to_be_hidden()
    assert [path for path, *_ in desk.posts] == [STAY]
    page.clock.run_for(50 * MINUTE)
    expect(told).to_be_hidden()
    page.clock.run_for(6 * MINUTE)
    expect(told).to_be_visible()


def test_whoever_cannot_stay_any_more_is_told_what_to_do(desk, page):
    desk.answers[STAY] = Answer(403)
    page.clock.run_for(56 * MINUTE)
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("dialog")).to_contain_text("Sign in again in another tab")
