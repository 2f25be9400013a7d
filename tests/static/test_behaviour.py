"""The small behaviours: asking first, turns of a conversation, dialogs, times, fragments."""

import pytest
from playwright.sync_api import expect

from tests.static.conftest import SITE

pytestmark = pytest.mark.browser
TURNS = """<form action="/send/" method="post"><div data-turns><div data-turn-list>
<fieldset data-turn><legend>Turn <span data-turn-number>1</span></legend>
<select name="role" data-role aria-label="Who">
<option>user</option><option>assistant</option></select>
<textarea name="content" aria-label="Text"></textarea>
<button type="button" data-remove-turn>Remove</button></fieldset></div>
<template><fieldset data-turn><legend>Turn <span data-turn-number></span></legend>
<select name="role" data-role aria-label="Who">
<option>user</option><option>assistant</option></select>
<textarea name="content" id="content-__prefix__" aria-label="Text"></textarea>
<button type="button" data-remove-turn>Remove</button></fieldset></template>
<button type="button" data-add-turn>Add a turn</button></div></form>"""


def test_a_form_is_sent_only_after_the_question_is_answered(desk):
    page = desk.open(
        '<form action="/drop/" method="post"><button data-confirm="Withdraw it?">Withdraw</button>'
        "</form>"
    )
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="Cancel").click()
    assert not desk.posts
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    page.wait_for_url(f"{SITE}/drop/")
    assert len(desk.posts) == 1


def test_a_new_turn_takes_the_other_role_and_the_focus(desk):
    page = desk.open(TURNS)
    page.get_by_role("button", name="Add a turn").click()
    assert page.evaluate("document.activeElement.id") == "content-1"
    assert page.locator("[data-role]").nth(1).input_value() == "assistant"
    expect(page.locator("[data-announce]")).to_have_text("Turn 2 added")


def test_removing_a_turn_numbers_the_others_anew(desk):
    page = desk.open(TURNS)
    page.get_by_role("button", name="Add a turn").click()
    page.get_by_role("button", name="Add a turn").click()
    page.get_by_role("button", name="Remove").nth(1).click()
    assert page.locator("[data-turn-number]").all_text_contents() == ["1", "2"]
    page.get_by_role("button", name="Add a turn").click()
    assert page.locator("textarea").last.get_attribute("id") == "content-3"


def test_dialogs_open_by_control_and_by_question_mark(desk):
    page = desk.open(
        '<a href="/help/" data-open="#help">Help</a><dialog id="help" data-keys aria-label="Help">'
        '<button type="button" data-close>Close</button></dialog>'
    )
    page.get_by_role("link", name="Help").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.url == f"{SITE}/"


def test_times_are_shown_in_the_readers_zone(desk):
    page = desk.open(
        '<time datetime="2026-03-01T23:30:00Z">x</time><time datetime="2026-03-01">x</time>'
    )
    both, day = page.locator("time").all_text_contents()
    assert both.startswith("Mar")
    assert day == "Mar 1, 2026"


def test_a_fragment_that_asks_for_the_focus_gets_it(desk):
    page = desk.open(
        '<button hx-get="/fragment/" hx-target="#out">Load</button><div id="out"></div>'
    )
    fragment = '<h2 data-focus-here>Fresh</h2><time datetime="2026-03-01">x</time>'
    page.route("**/fragment/", lambda route: route.fulfill(body=fragment, content_type="text/html"))
    page.get_by_role("button", name="Load").click()
    expect(page.get_by_role("heading", name="Fresh")).to_be_focused()
    expect(page.locator("time")).to_have_text("Mar 1, 2026")


@pytest.mark.parametrize(("status", "said"), [(500, "That did not work"), (403, "signed out")])
def test_a_fragment_that_fails_is_told_and_leaves_the_page(desk, status, said):
    page = desk.open(
        '<button hx-get="/fragment/" hx-target="#out">Load</button><p id="out">old</p>'
    )
    page.route("**/fragment/", lambda route: route.fulfill(status=status, body="<h1>Broken</h1>"))
    page.evaluate("htmx.config.noSwap = [204, 304, '403', '5xx']")
    page.get_by_role("button", name="Load").click()
    expect(page.locator("[data-announce]")).to_contain_text(said)
    expect(page.locator("#out")).to_have_text("old")


def test_going_back_loads_the_page_anew_and_leaves_no_copy_in_the_browser(desk):
    page = desk.open(
        '<button hx-get="/part/" hx-target="#out" hx-push-url="true">Load</button>'
        '<p id="out">old</p>'
    )
    page.evaluate("htmx.config.history = 'reload'")
    page.route("**/part/", lambda route: route.fulfill(body="new", content_type="text/html"))
    page.get_by_role("button", name="Load").click()
    expect(page.locator("#out")).to_have_text("new")
    page.go_back()
    expect(page.locator("#out")).to_have_text("old")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
