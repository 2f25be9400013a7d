"""Writing in a real browser: two texts of one draft, turns put back, help beside the text."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from accounts.models import User
from corpus import actions, loading
from corpus.models import Version
from tests.corpus import made
from tests.corpus.test_in_browser import Enter, enter, look, plain_http, said
from tests.people import person

__all__ = ["enter", "plain_http"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SELECTED = "area => area.value.slice(area.selectionStart, area.selectionEnd)"


def write(page: Page, text: str) -> None:
    page.get_by_label("Response", exact=True).fill(text)


def is_saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text("Saved")


def open_draft(page: Page, version: Version) -> None:
    page.goto(f"/corpus/versions/{version.pk}/edit/")


def test_two_authors_see_both_texts_choose_by_keyboard_and_lose_none(
    open_page: Callable[..., Page], enter: Enter
) -> None:
    author, other = person("author"), person("author", name="Bodil Berg")
    version = made.draft(author)
    actions.share_draft(by=author, version=version, is_shared=True, at=made.AT)
    mine, theirs = enter(open_page(), author), enter(open_page(), other)
    for page in (mine, theirs):
        open_draft(page, version)
    theirs.get_by_label("Country").select_option("GB")
    write(theirs, "You are heard. Words of Bodil.")
    is_saved(theirs)
    write(mine, "You are heard. Words of mine.")
    message = mine.locator("#messages")
    expect(message).to_contain_text("Bodil Berg")
    write(mine, "You are heard. Words of mine, and more.")
    message.get_by_role("button", name="Compare both texts").press("Enter")
    expect(mine.get_by_role("heading", level=1)).to_have_text("Two texts of one draft")
    expect(mine.locator("ins")).to_have_text("mine, and more.")
    expect(mine.get_by_label("Take what was saved").first).to_be_checked()
    look(mine, "two-texts")
    response = mine.get_by_role("group", name="Response")
    expect(response.get_by_label("One text of both", exact=True)).to_be_hidden()
    response.get_by_label("Make one text of both").press("Space")
    both = response.get_by_label("One text of both", exact=True)
    expect(both).to_have_value("You are heard. Words of Bodil. Words of mine, and more.")
    look(mine, "text-of-both")
    both.fill("You are heard. Words of both.")
    mine.get_by_role("button", name="Save what I chose").press("Enter")
    expect(mine.get_by_label("Response", exact=True)).to_have_value("You are heard. Words of both.")
    stored = Version.objects.get()
    assert (stored.response, stored.country) == ("You are heard. Words of both.", "GB")


def test_a_page_with_unsaved_words_asks_before_it_is_left(
    open_page: Callable[..., Page], enter: Enter
) -> None:
    author = person("author")
    version = made.draft(author)
    first = enter(open_page(), author)
    second = first.context.new_page()
    open_draft(first, version)
    second.goto(first.url)
    write(first, "Words of the first tab")
    is_saved(first)
    write(second, "Words of the second tab")
    expect(second.locator("#messages")).to_contain_text("side by side")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    second.on("dialog", leave)
    second.goto(first.url)
    assert asked == ["beforeunload"]


def test_a_removed_turn_is_put_back_with_its_words(page: Page, enter: Enter) -> None:
    author = person("author")
    version = made.draft(author, messages=said("First", "Second", "Third"))
    enter(page, author)
    open_draft(page, version)
    page.get_by_role("button", name="Remove", exact=True).nth(1).click()
    expect(page.locator("[name=turn_content]")).to_have_count(2)
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    look(page, "turn-removed")
    with page.expect_response(lambda answer: "Second" in (answer.request.post_data or "")):
        undo.press("Enter")
        expect(page.locator("[name=turn_content]").nth(1)).to_have_value("Second")
        expect(page.locator("[name=turn_content]").nth(1)).to_be_focused()
    is_saved(page)
    assert [turn["content"] for turn in Version.objects.get().messages][1] == "Second"


def test_help_stands_beside_the_text_and_stays_as_it_was_left(page: Page, enter: Enter) -> None:
    author = person("author")
    loading.load_taxonomy()
    version = made.draft(author, response="I hear you.")
    enter(page, author)
    open_draft(page, version)
    area = page.get_by_label("Response", exact=True)
    area.press("Control+End")
    page.locator("#part-step > summary").click()
    page.locator("#part-step [data-insert]").first.press("Enter")
    expect(area).to_have_value("I hear you. For the next ten minutes, …")
    assert area.evaluate(SELECTED) == "…"
    page.locator("#cues > summary").click()
    area.press_sequentially("write to ann@example.org.")
    place = page.locator("#panel a[data-find]").first
    expect(place).to_contain_text("ann@example.org")
    expect(area).to_be_focused()
    expect(page.locator("#cues")).to_have_attribute("open", "")
    assert area.evaluate("area => area.selectionStart") == len(area.input_value())
    look(page, "writing")
    place.press("Enter")
    expect(area).to_be_focused()
    assert "ann@example.org" in area.evaluate(SELECTED)


def test_each_answer_brings_its_own_guidance(page: Page, enter: Enter) -> None:
    author = person("author")
    version = made.draft(author)
    enter(page, author)
    open_draft(page, version)
    benign, partial = page.get_by_text("A benign contrast"), page.get_by_text("A good partial")
    expect(benign).to_be_hidden()
    page.get_by_label("Answer: it only sounds risky").check()
    expect(benign).to_be_visible()
    expect(page.locator("#part-decline")).to_be_hidden()
    look(page, "to-answer")
    page.get_by_label("Answer in part").check()
    expect(partial).to_be_visible()
    expect(benign).to_be_hidden()


def test_authors_read_what_became_of_their_texts(page: Page, enter: Enter, author: User) -> None:
    reviewer, curator = person("reviewer"), person("curator")
    sent = made.in_review(author)
    actions.request_changes(by=reviewer, version=sent, reason="Say “won't”.", at=made.AT)
    draft = actions.start_new_version(by=curator, pair=sent.pair, at=made.AT)
    mended = made.fields(response=sent.response.replace("will not", "won't"))
    actions.save_draft(by=curator, version=draft, fields=mended, lock_version=1, at=made.AT)
    made.approve(reviewer, actions.submit(by=curator, version=draft, at=made.AT))
    enter(page, author)
    page.goto("/corpus/mine/")
    look(page, "mine")
    page.get_by_role("link", name="See what was changed").click()
    expect(page.locator("#corrected ins")).to_have_text("won't")
    look(page, "corrected")
