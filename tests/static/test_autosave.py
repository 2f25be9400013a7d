"""Nothing typed is lost: drafts are saved, retried, and told about."""

import pytest
from playwright.sync_api import expect

from tests.static.conftest import Answer

pytestmark = pytest.mark.browser
FORM = """<form id="draft" action="/send/" method="post" data-autosave="/draft/">
<input type="hidden" name="lock_version" value="1"><label>Text <textarea name="text"></textarea>
</label><button>Send</button></form><span class="saved" data-save-state></span>"""


def type_text(desk, text="Losing so much would leave almost anyone furious."):
    desk.page.get_by_label("Text").fill(text)


def state(desk):
    return desk.page.locator("[data-save-state]")


def test_a_draft_is_saved_after_a_second_of_quiet(desk):
    desk.open(FORM)
    type_text(desk, "one")
    desk.page.clock.run_for(600)
    type_text(desk, "one two")
    desk.page.clock.run_for(600)
    assert not desk.sent("/draft/")
    desk.page.clock.run_for(600)
    expect(state(desk)).to_have_text("Saved now")
    assert desk.sent("/draft/") == [{"lock_version": "1", "text": "one two"}]


def test_the_next_draft_carries_the_new_lock_version(desk):
    desk.answers["/draft/"] = Answer(headers={"X-Lock-Version": "7"})
    desk.open(FORM)
    type_text(desk, "one")
    desk.page.clock.run_for(1100)
    expect(state(desk)).to_have_text("Saved now")
    type_text(desk, "two")
    desk.page.clock.run_for(1100)
    expect(desk.page.locator("[name=lock_version]")).to_have_value("7")
    desk.page.wait_for_function("document.querySelector('[data-save-state]').textContent")
    assert [post["lock_version"] for post in desk.sent("/draft/")] == ["1", "7"]


@pytest.mark.parametrize("trouble", [None, Answer(503), Answer(401)], ids=["gone", "503", "401"])
def test_a_draft_is_tried_again_until_it_is_saved(desk, trouble):
    desk.answers["/draft/"] = trouble
    desk.open(FORM)
    type_text(desk)
    desk.page.clock.run_for(1100)
    expect(state(desk)).to_have_text("Not saved yet - will try again")
    desk.page.clock.run_for(2100)
    desk.page.wait_for_timeout(100)
    assert len(desk.sent("/draft/")) == 2
    desk.answers["/draft/"] = Answer()
    desk.page.clock.run_for(4100)
    expect(state(desk)).to_have_text("Saved now")
    expect(desk.page.get_by_label("Text")).to_have_value(desk.sent("/draft/")[-1]["text"])


def test_a_draft_that_somebody_overtook_says_so_and_keeps_the_text(desk):
    desk.answers["/draft/"] = Answer(409, {"message": "Anna saved this 2 minutes ago."})
    desk.open(FORM)
    type_text(desk, "mine")
    desk.page.clock.run_for(1100)
    expect(desk.page.locator("#messages")).to_have_text("Anna saved this 2 minutes ago.")
    expect(desk.page.get_by_label("Text")).to_have_value("mine")
    type_text(desk, "mine still")
    desk.page.clock.run_for(5000)
    assert len(desk.sent("/draft/")) == 1


def test_a_draft_is_saved_when_the_page_is_hidden(desk):
    desk.open(FORM)
    type_text(desk)
    desk.page.evaluate("""() => {
      Object.defineProperty(document, 'visibilityState', {value: 'hidden'});
      document.dispatchEvent(new Event('visibilitychange'));
    }""")
    expect(state(desk)).to_have_text("Saved now")
    assert len(desk.sent("/draft/")) == 1


def test_a_form_that_is_sent_saves_no_more_drafts(desk):
    desk.open(FORM)
    type_text(desk)
    desk.page.get_by_role("button", name="Send").click()
    desk.page.clock.run_for(3000)
    assert not desk.sent("/draft/")
