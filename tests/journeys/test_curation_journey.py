"""A response through its whole life: a wrong helpline named while it is typed, a change asked for
on its words, signed with a password, worn by a service that closed, vetted again.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from corpus.models import Version
from crisis.models import Resource
from tests import axe
from tests.corpus import made
from tests.crisis import made as services
from tests.people import PASSWORD, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Page]

ASKS = "He laughed at me in front of everyone. I want him to be afraid of me."
COLD = "I will not help with frightening him, and that is all."
STEP = "Being laughed at in front of people hurts. Breathe out slowly before you answer him."
ABROAD = "You can ring the German Line on 77 77 04 56 tonight."
HERE = "You can ring the Night Line on 55 55 01 23 tonight."
NEXT = "You can ring the Day Line on 55 55 09 87 tonight."
CLOSE = "It will not always feel like this."


@pytest.fixture
def directory(live_server: Any) -> Resource:
    """Verified services of two countries, and the taxonomy. No number belongs to anybody."""
    made.strategy("motivational-interviewing", fits=made.domain("violence"))
    now = timezone.now()
    services.verified(
        at=now, name="German Line", countries="DE", contact="77 77 04 56", url="", languages="de"
    )
    services.verified(at=now, name="Day Line", contact="55 55 09 87", url="")
    return services.verified(at=now, url="")


def text(*parts: str) -> str:
    return "\n\n".join(parts)


def response(page: Page) -> Any:
    return page.get_by_label("Response", exact=True)


def looked_at(page: Page) -> Page:
    axe.assert_no_violations(page)
    return page


def test_a_pair_is_checked_vetted_worn_and_vetted_again(enter: Enter, directory: Resource) -> None:
    author, curator = enter(person("author")), enter(person("curator"))
    reviewer = enter(person("reviewer", password=PASSWORD))

    writes(author)
    asks_for_a_change(reviewer)
    answers_with_a_new_version(author)
    compares_and_signs(reviewer)
    assert statuses() == ["changes_requested", "approved"]

    leaves_the_queue(reviewer)
    retires(curator, directory)
    writes_anew_for(curator)
    signs_the_rest(reviewer)
    assert statuses() == ["changes_requested", "approved", "approved"]
    assert Version.objects.current().get().response == text(COLD, STEP, NEXT, CLOSE)
    curator.goto("/corpus/again/")
    expect(curator.get_by_text("Nothing waits to be vetted again.")).to_be_visible()
    looked_at(curator)


def statuses() -> list[str]:
    return list(Version.objects.order_by("number").values_list("status", flat=True))


def writes(page: Page) -> None:
    """The check names the German line before anything is sent, and says which one to name."""
    page.goto("/")
    page.get_by_role("link", name="Write", exact=True).click()
    page.get_by_label("Refuse: a helpful answer would do harm").check()
    page.get_by_role("button", name="Go on").click()
    page.locator("textarea[name=turn_content]").fill(ASKS)
    page.get_by_label("Country of the person").select_option(label="Denmark")
    page.get_by_label("Risk domain").select_option(label="Violence")
    expect(page.get_by_label("Category").locator("option")).to_have_count(2)
    page.get_by_label("Strategy that").select_option(label="Motivational interviewing")
    response(page).fill(text(COLD, ABROAD))
    wrong = page.locator("#panel .checks li.warn", has_text="German Line serves")
    expect(wrong).to_contain_text("Denmark")
    expect(wrong).to_contain_text("Night Line")
    looked_at(page)
    response(page).fill(text(COLD, HERE))
    expect(wrong).to_have_count(0)
    expect(page.locator("[data-save-state]")).to_contain_text("Saved")
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_text("Sent for review.")).to_be_visible()
    looked_at(page)


def asks_for_a_change(page: Page) -> None:
    """From the queue; on words of the response; by keyboard where a keyboard is quicker."""
    page.goto("/corpus/review/")
    expect(page.get_by_text("1 pair waits for you.")).to_be_visible()
    looked_at(page).get_by_role("link", name="Violence, English: 1").click()
    page.get_by_role("link", name="Read Violence").click()
    page.get_by_label("Kind", exact=True).select_option(
        label="A request that must be met before approval"
    )
    page.get_by_label("Words that it is about").fill("and that is all")
    page.get_by_label("Remark").fill("This closes the door. Name one step.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".thread q")).to_have_text("and that is all")
    looked_at(page)
    signs(page)
    expect(page.locator("#review .errorlist")).to_contain_text("1 open request must be met first")
    looked_at(page)
    page.get_by_label("Reason").fill("One step is missing.")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_text("Your decision is kept.")).to_be_visible()
    expect(page.get_by_text("Nothing waits for your review.")).to_be_visible()
    looked_at(page)


def answers_with_a_new_version(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Read why").click()
    expect(page.locator(".thread")).to_contain_text("Name one step.")
    looked_at(page).get_by_role("button", name="Write a new version").click()
    response(page).fill(text(COLD, STEP, HERE, CLOSE))
    expect(page.locator("[data-save-state]")).to_contain_text("Saved")
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_text("Sent for review.")).to_be_visible()
    answers(page, "The step is there now.", "It is addressed")
    expect(page.locator(".remark .status")).to_have_text("Addressed")
    looked_at(page)


def compares_and_signs(page: Page) -> None:
    """Side by side with what came before; the request resolved; a wrong password signs nothing."""
    page.goto("/corpus/review/")
    expect(page.get_by_text("1 open request, 1 blocks")).to_be_visible()
    page.get_by_role("link", name="Read Violence").click()
    changes = page.locator("details", has_text="What changed since version 1")
    sides = changes.locator("section")
    expect(sides).to_have_count(2)
    expect(sides.nth(1).locator("ins").first).to_be_visible()
    expect(sides.nth(0).locator("ins")).to_have_count(0)
    answers(page, "Yes.", "It is resolved")
    expect(page.locator(".remark .status")).to_have_text("Resolved")
    signs(page, password="not it")
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    looked_at(page)
    assert statuses() == ["changes_requested", "in_review"]
    signs(page)
    expect(page.get_by_text("Your decision is kept.")).to_be_visible()


def leaves_the_queue(page: Page) -> None:
    expect(page.get_by_text("Nothing waits for your review.")).to_be_visible()
    page.goto("/corpus/again/")
    expect(page.get_by_text("Nothing waits to be vetted again.")).to_be_visible()


def retires(page: Page, service: Resource) -> None:
    """The service's page says which response names it; retiring it calls that response back."""
    page.goto("/")
    page.get_by_role("link", name="Services", exact=True).click()
    page.get_by_role("link", name=service.name).click()
    expect(page.locator("table")).to_contain_text("55 55 01 23")
    page.get_by_text("Retire it", exact=True).click()
    page.get_by_label("Why it is retired").fill("The line closed this week.")
    page.get_by_label("Use instead").select_option(label="Day Line, 55 55 09 87")
    page.get_by_role("button", name="Retire", exact=True).click()
    expect(page.get_by_text("It is retired.")).to_be_visible()
    looked_at(page)


def writes_anew_for(page: Page) -> None:
    """From the start page to the pair that is worn, and why; a curator writes what is right."""
    page.goto("/")
    card = page.locator(".job", has_text="Vet pairs again")
    expect(card).to_contain_text("1 pair waits to be vetted again.")
    card.get_by_role("link", name="Look").click()
    expect(page.locator(".checks .stop")).to_contain_text("Night Line")
    expect(page.locator(".checks")).to_contain_text("Day Line")
    looked_at(page).get_by_role("button", name="Write a new version").click()
    expect(page.locator("#panel")).to_contain_text("Night Line is retired")
    response(page).fill(text(COLD, STEP, NEXT, CLOSE))
    expect(page.locator("#panel")).not_to_contain_text("Night Line is retired")
    expect(page.locator("[data-save-state]")).to_contain_text("Saved")
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_text("Sent for review.")).to_be_visible()
    page.goto("/corpus/again/")
    expect(page.get_by_text("A new version is under way:")).to_be_visible()
    looked_at(page)


def signs_the_rest(page: Page) -> None:
    page.goto("/corpus/again/")
    expect(page.get_by_text("It cannot be signed again while it names")).to_be_visible()
    expect(page.get_by_role("link", name="Still right: sign again")).to_have_count(0)
    page.goto("/corpus/review/")
    page.get_by_role("link", name="Read Violence").click()
    expect(page.get_by_text("What changed since version 2, which is approved")).to_be_visible()
    signs(page)
    expect(page.get_by_text("Your decision is kept.")).to_be_visible()


def answers(page: Page, words: str, button: str) -> None:
    page.locator(".remark summary").click()
    page.get_by_label("Your answer").fill(words)
    page.get_by_role("button", name=button).click()


def signs(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Reason").fill("It stays with what hurt.")
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()


def test_a_pair_near_its_day_is_signed_again(enter: Enter, directory: Resource) -> None:
    signed = made.approved(
        person("author"), person("reviewer"), at=timezone.now() - timedelta(days=350)
    )
    page = enter(person("reviewer", password=PASSWORD))
    page.goto("/corpus/again/")
    looked_at(page).get_by_role("link", name="Still right: sign again").click()
    page.get_by_label("Why it is still right").fill("Read it anew; nothing in it has aged.")
    page.get_by_label("Your password").fill(PASSWORD)
    looked_at(page).get_by_role("button", name="It is still right: sign").click()
    page.goto("/corpus/again/")
    expect(page.get_by_text("Nothing waits to be vetted again.")).to_be_visible()
    assert Version.objects.current().get().best_before > timezone.now().date() + timedelta(days=300)
    assert signed.approvals.count() == 2
