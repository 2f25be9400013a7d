"""The corpus's pages in a real browser: without barriers at each look, and in two tabs."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from accounts.models import User
from corpus import actions, loading
from corpus.models import Version
from tests import axe
from tests.corpus import made
from tests.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[[Page, User], Page]


@pytest.fixture(autouse=True)
def plain_http(settings: Any) -> None:
    """Cookies as on one's own machine: the live server speaks HTTP."""
    for name in ("SESSION", "CSRF"):
        setattr(settings, f"{name}_COOKIE_SECURE", False)
        setattr(settings, f"{name}_COOKIE_NAME", f"studio_{name.lower()}")


@pytest.fixture
def enter(live_server: Any) -> Enter:
    def come_in(page: Page, user: User) -> Page:
        client = Client()
        client.force_login(user)
        page.context.add_cookies(
            [
                {"name": name, "value": cookie.value, "url": live_server.url}
                for name, cookie in client.cookies.items()
            ]
        )
        return page

    return come_in


def look(page: Page, name: str) -> None:
    """No barrier, nothing wider than the window; a picture in the folder that LOOK_AT names."""
    if folder := os.environ.get("LOOK_AT"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        picture = f"{name}-{width}-{'dark' if is_dark else 'light'}.png"
        page.screenshot(path=Path(folder) / picture, full_page=True)
    axe.assert_no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def ask_for_a_change(author: User, reviewer: User, version: Version) -> None:
    ask = actions.comment(
        by=reviewer, version=version, body="Say what is declined.", kind="request",
        is_blocking=True, passage="I will not help with scaring him.",
    )  # fmt: skip
    actions.answer(by=author, comment=ask, move="addressed", body="In the first sentence now.")


def test_every_page_is_without_barriers(page: Page, enter: Enter) -> None:
    author, reviewer = person("author"), person("reviewer")
    everything = person("author", "reviewer", "curator")
    loading.load_sample(
        author=author, second_author=person("author"), reviewer=reviewer, at=made.AT
    )
    first = Version.objects.filter(status="approved", author=author)[0]
    empty = actions.start_pair(by=everything, at=made.AT)
    mine = actions.start_new_version(by=everything, pair=first.pair, at=made.AT)
    changed = made.fields(
        response=first.response.replace(" you ", " a person ", 2) + " He committed suicide.",
        messages=said("My name is Ann Poulsen, ann@example.org."),
    )
    actions.save_draft(by=everything, version=mine, fields=changed, lock_version=1, at=made.AT)
    review = made.in_review(author, messages=said("One", "Two", "Three"))
    actions.comment(by=reviewer, version=review, body="The close is too bright.")
    ask_for_a_change(author, reviewer, review)
    second = made.approved(author, reviewer, messages=said("Once"), response=first.response)
    again = actions.start_new_version(by=author, pair=second.pair, at=made.AT)
    anew = made.fields(
        messages=said("Once more"),
        response=first.response.replace(" you ", " one ", 3),
        country="DE",
    )
    actions.save_draft(by=author, version=again, fields=anew, lock_version=1, at=made.AT)
    again = actions.submit(by=author, version=Version.objects.get(pk=again.pk), at=made.AT)
    enter(page, everything)
    for name, url in {
        "index": "/corpus/",
        "nothing-found": "/corpus/?q=zzzz&status=draft",
        "new": "/corpus/new/",
        "empty-draft": f"/corpus/versions/{empty.pk}/edit/",
        "draft": f"/corpus/versions/{mine.pk}/edit/",
        "version": mine.get_absolute_url(),
        "approved": first.get_absolute_url(),
        "review": review.get_absolute_url(),
        "compared": again.get_absolute_url(),
        "queue": "/corpus/review/",
        "diversity": "/corpus/diversity/",
        "checks": "/corpus/checks/",
        "sets": "/corpus/prompt-sets/",
        "set": "/corpus/prompt-sets/sample-prompts/",
        "new-set": "/corpus/prompt-sets/new/",
        "import": "/corpus/import/pairs/",
    }.items():
        page.goto(url)
        look(page, name)


def said(*texts: str) -> list[dict[str, str]]:
    roles = ("user", "assistant")
    return [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]
