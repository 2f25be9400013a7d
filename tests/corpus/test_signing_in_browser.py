"""Signing in a real browser: by password, and by a passkey that Chromium makes of software."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from corpus import actions
from corpus.models import Approval, Version
from tests.corpus import made
from tests.corpus.test_in_browser import Enter, enter, look, plain_http
from tests.people import PASSWORD, person
from tests.soft_passkey import Passkey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["enter", "plain_http"]  # fixtures

VIRTUAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def twice(live_server: Any) -> Version:
    """Signed by one of the two people whom its domain asks for."""
    actions.set_approvals_needed(by=person("curator"), domain=made.domain(), n=2)
    version = made.in_review(person("author"))
    return made.approve(person("reviewer"), version, reason="It stays with them.")


def hold(page: Page, holder: User) -> None:
    """The passkey lies in the browser's hand."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})
    key = Passkey(holder, host="localhost").in_browser()
    devtools.send("WebAuthn.addCredential", {**added, "credential": key})


def test_the_second_person_signs_with_their_password(
    page: Page, enter: Enter, twice: Version
) -> None:
    reviewer = person("reviewer", password=PASSWORD)
    enter(page, reviewer).goto(twice.get_absolute_url())
    expect(page.get_by_text("1 of 2 signatures")).to_be_visible()
    page.get_by_text("What you sign").click()
    look(page, "signing")
    page.get_by_label("Reason").fill("Clear and kind.")
    page.get_by_label("Your password").fill("not it")
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("Clear and kind.")
    expect(page.get_by_label("Your password")).to_have_value("")
    look(page, "signing-refused")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Your decision is kept.")).to_be_visible()
    page.goto(twice.get_absolute_url())
    expect(page.get_by_text("with their password")).to_have_count(2)
    look(page, "signed")


def test_a_passkey_signs(open_page: Any, enter: Enter, twice: Version, settings: Any) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page, holder = open_page(), person("reviewer")
    enter(page, holder)
    hold(page, holder)
    page.goto(twice.get_absolute_url())
    expect(page.get_by_label("Your password")).to_have_count(0)
    look(page, "signing-passkey")
    page.get_by_role("button", name="Approve with a passkey").click()
    expect(page.get_by_text("Say why, so that the author knows")).to_be_visible()
    page.get_by_label("Reason").fill("Clear and kind.")
    page.get_by_role("button", name="Approve with a passkey").click()
    expect(page.get_by_text("Your decision is kept.")).to_be_visible()
    assert Approval.objects.get(reviewer=holder).method == "passkey"


def test_a_passkey_that_does_not_answer_keeps_what_was_typed(
    open_page: Any, enter: Enter, twice: Version
) -> None:
    page, holder = open_page(), person("reviewer", password=PASSWORD)
    enter(page, holder)
    hold(page, holder)
    page.goto(twice.get_absolute_url())
    page.get_by_label("Reason").fill("Clear and kind.")
    page.route("**/review/passkey/", lambda route: route.abort())
    page.get_by_role("button", name="Approve with a passkey").click()
    expect(page.locator("#passkey-note")).to_contain_text("The passkey gave no answer.")
    expect(page.get_by_label("Reason")).to_have_value("Clear and kind.")
    assert Approval.objects.count() == 1


def test_a_curator_reads_how_many_sign(page: Page, enter: Enter, twice: Version) -> None:
    made.domain("weapons")
    enter(page, person("curator")).goto("/corpus/domains/")
    look(page, "domains")
    page.get_by_label("Weapons", exact=True).select_option(label="2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 domain changed.")).to_be_visible()
