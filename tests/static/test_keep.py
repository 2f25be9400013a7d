"""What was typed stays on the device until the server has it, for its writer alone."""

import json

import pytest
from playwright.sync_api import expect

from tests import axe
from tests.static.conftest import SITE, Answer
from tests.static.test_rating import PAGE as RATING
from tests.static.test_rating import WHOLE, chosen, press

pytestmark = pytest.mark.browser
KEY = "kept:me:item"


def form(of="me", since=""):
    kept = f'data-keep="item" data-keep-of="{of}" data-keep-since="{since}"'
    return RATING.replace("data-rating", f'data-rating data-autosave="/draft/" {kept}')


SIGN_OUT = '<form action="/sign-out/" method="post"><button>Sign out</button></form>'


def kept(desk):
    return json.loads(desk.page.evaluate(f"localStorage.getItem({KEY!r})") or "null")


def test_every_key_stroke_is_on_the_device_at_once(desk):
    page = desk.open(form())
    press(desk, "1")
    page.get_by_label("Remark").type("She as")
    fields = dict(kept(desk)["fields"])
    assert fields == {"A.declines": "yes", "remark": "She as"}


def test_nothing_is_left_on_the_device_once_the_draft_is_stored(desk, until):
    page = desk.open(form())
    press(desk, "1")
    page.clock.run_for(1100)
    until(f"localStorage.getItem('{KEY}') === null")
    assert len(desk.sent("/draft/")) == 1


def test_a_page_that_was_lost_comes_back_with_everything_and_saves_it(desk, until):
    desk.answers["/draft/"] = desk.answers["/submit/"] = None  # no network
    page = desk.open(form())
    press(desk, WHOLE)
    page.get_by_label("Remark").fill("She asked twice.")
    before = chosen(desk)
    page.on("dialog", lambda dialog: dialog.accept())
    desk.answers["/draft/"] = Answer(204)
    page.reload()
    assert chosen(desk) == before
    expect(page.get_by_label("Remark")).to_have_value("She asked twice.")
    expect(page.locator("#messages")).to_contain_text("is here again")
    axe.assert_no_violations(page)
    page.clock.run_for(1100)
    until(f"localStorage.getItem('{KEY}') === null")
    assert desk.sent("/draft/")[-1]["remark"] == "She asked twice."


def test_what_another_device_stored_later_is_not_written_over(desk):
    desk.answers["/draft/"] = None
    page = desk.open(form())
    press(desk, "1")
    page.on("dialog", lambda dialog: dialog.accept())
    page.clock.run_for(5000)
    desk.open(form(since=page.evaluate("new Date(Date.now() + 60000).toISOString()")))
    assert chosen(desk) == {}
    assert kept(desk) is None


def test_somebody_else_at_the_machine_finds_nothing(desk):
    desk.answers["/draft/"] = None
    page = desk.open(form())
    press(desk, "1")
    page.on("dialog", lambda dialog: dialog.accept())
    desk.open(form(of="somebody-else"))
    assert chosen(desk) == {}
    assert kept(desk) is None


def test_signing_out_leaves_nothing_on_the_device(desk):
    desk.answers["/draft/"] = None
    page = desk.open(form() + SIGN_OUT)
    press(desk, "1")
    assert kept(desk)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{SITE}/sign-out/")
    assert page.evaluate("localStorage.length") == 0


def test_a_rating_that_did_not_get_through_can_be_sent_again_at_once(desk):
    desk.answers["/submit/"] = Answer(500)
    page = desk.open(form())
    press(desk, [*WHOLE, "Enter"])
    again = page.get_by_role("button", name="Try now")
    expect(again).to_be_visible()
    axe.assert_no_violations(page)
    assert kept(desk)
    desk.answers["/submit/"] = Answer(body={"next": "/next/"})
    again.click()
    page.wait_for_url(f"{SITE}/next/")
    first, second = desk.sent("/submit/")
    assert first == second
    assert kept(desk) is None


def test_another_form_of_the_page_leaves_it_only_after_what_was_typed_is_saved(desk):
    undo = '<form action="/undo/" method="post" data-after-saving><button>Undo</button></form>'
    page = desk.open(form() + undo)
    press(desk, "1")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"{SITE}/undo/")
    assert [path for path, *_ in desk.posts] == ["/draft/", "/undo/"]
