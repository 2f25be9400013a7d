"""Changing many pairs at once as a curator does it: tick, preview, change, put back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from corpus import actions, conversation
from corpus.models import Version
from tests.corpus import made
from tests.corpus.test_diversity_in_browser import Enter, enter, look, plain_http
from tests.people import person

__all__ = ["enter", "plain_http"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def drafts(n: int) -> Any:
    """A curator, and drafts of an author; one of them waits for review."""
    curator, author = person("curator"), person("author")
    for number in range(n):
        made.draft(author, messages=conversation.single(f"Case {number}: what would scare him?"))
    made.in_review(author, messages=conversation.single("A case that was sent"))
    return curator


def test_ticked_pairs_are_previewed_changed_and_put_back_by_keyboard(
    open_page: Callable[..., Page], enter: Enter
) -> None:
    page = open_page()
    enter(page, drafts(3))
    page.goto(reverse("corpus:index"))
    for case in ("Case 1", "A case that was sent"):
        page.get_by_role("row", name=case).get_by_role("checkbox").press("Space")
    page.get_by_label("Change many at once").select_option(label="Set the language")
    page.get_by_role("button", name="Show what would change").press("Enter")
    expect(page.get_by_text("2 pairs are chosen.")).to_be_visible()
    page.get_by_label("Language", exact=True).select_option("da")
    page.get_by_role("button", name="Show what would change").press("Enter")
    expect(page.get_by_text("1 of 2 will change.")).to_be_visible()
    expect(page.get_by_text("Only drafts are written in.").first).to_be_visible()
    assert not Version.objects.filter(language="da").exists()
    page.get_by_role("button", name="Change 1 pair").press("Enter")
    expect(page.get_by_role("heading", name="Set the language: Danish")).to_be_visible()
    assert Version.objects.get(language="da").title.startswith("Case 1")
    page.get_by_role("button", name="Put everything back").press("Enter")
    expect(page.get_by_text("1 pair is as it was.")).to_be_visible()
    assert not Version.objects.filter(language="da").exists()


def test_one_box_ticks_all_of_the_page(open_page: Callable[..., Page], enter: Enter) -> None:
    page = open_page()
    enter(page, drafts(2))
    page.goto(reverse("corpus:index"))
    ticks = page.locator("tbody [type=checkbox]")
    page.get_by_label("Choose all on this page").press("Space")
    assert [tick.is_checked() for tick in ticks.all()] == [True] * 3
    page.get_by_label("Status").select_option("draft")  # the list is another one now
    expect(ticks).to_have_count(2)
    page.get_by_label("Choose all on this page").check()
    page.get_by_label("Choose all on this page").uncheck()
    assert [tick.is_checked() for tick in ticks.all()] == [False] * 2


def test_of_a_long_list_the_number_comes_with_the_first_key(
    open_page: Callable[..., Page], enter: Enter
) -> None:
    page = open_page()
    enter(page, drafts(60))
    page.goto(reverse("corpus:index"))
    page.get_by_label("Change many at once").focus()
    expect(page.locator("#bulk")).to_contain_text("All that fit these filters 61 pairs")


def test_the_pages_of_many_are_without_barriers(page: Page, enter: Enter) -> None:
    curator = drafts(3)
    actions.keep_filter(by=curator, name="Drafts in Danish", query="status=draft", at=made.AT)
    actions.keep_filter(
        by=person("author", name="Berit Holm"), name="What I wait for", query="status=in_review",
        at=made.AT, is_shared=True,
    )  # fmt: skip
    enter(page, curator)
    page.goto(reverse("corpus:index") + "?status=draft")
    look(page, "list")
    page.goto(reverse("corpus:filters"))
    look(page, "filters")
    page.goto(reverse("corpus:bulk") + "?scope=all&action=country&value=DE")
    look(page, "bulk")
    page.get_by_role("button", name="Change 3 pairs").click()
    expect(page.get_by_text("3 pairs changed.")).to_be_visible()
    look(page, "bulk-done")


def test_filters_are_kept_and_used_by_keyboard(
    open_page: Callable[..., Page], enter: Enter
) -> None:
    page = open_page()
    enter(page, drafts(2))
    page.goto(reverse("corpus:index"))
    page.get_by_label("Status").select_option("in_review")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_text("Keep these filters").press("Enter")
    page.get_by_label("Name").fill("Waiting")
    page.get_by_label("Name").press("Enter")
    link = page.get_by_role("navigation", name="Saved filters").get_by_role("link", name="Waiting")
    expect(link).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="All pairs").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("link", name="Waiting").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
