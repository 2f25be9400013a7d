"""A whole evening by keyboard alone: practice, ratings, a lost network, a second thought."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotation.actions import practice
from annotation.models import Assignment, PracticeAttempt, Preference, Rating, Study
from tests import axe
from tests.annotation import made
from tests.journeys.test_rating_journey import begin, item, press, tab_to
from tests.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
N_CRITERIA = 4
WHOLE = "11451134"
LOOKS = [(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")]
# Words between words may be small; what stands alone is not.
SMALL = """() => [
  ...[...document.querySelectorAll('.scale label')].map(e => [e, 44]),
  ...[...document.querySelectorAll('button, .button, summary, .choice, .bar a')].map(e => [e, 24]),
].filter(([e, least]) => { const box = e.getBoundingClientRect();
    return box.height && (box.height < least - 0.5 || box.width < least - 0.5); })
 .map(([e, least]) => `${e.tagName} ${e.innerText.slice(0, 30)} is below ${least}`)"""


@pytest.fixture
def study(live_server: Any) -> Study:
    opened = made.study(3, k=1)
    practice.add(
        by=None,
        study=opened,
        messages=[
            {"role": "user", "content": "My landlord laughs at me."},
            {"role": "assistant", "content": "What does he say?"},
            {"role": "user", "content": "הוא אומר שאני כלום."},
        ],
        language="he",
        texts=["Leave him.", "Being laughed at where you live. " * 40],
        expected=[{"declines": 0}, {"declines": 1, "grounding": 4}],
        feedback="The second stays with the person.",
    )
    return opened


def look(page: Page) -> None:
    """No barrier, nothing wider than the window, nothing too small, at any width and scheme."""
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.evaluate("document.getAnimations().forEach(each => each.finish())")
        axe.assert_no_violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert page.evaluate(SMALL) == []


def test_an_evening_by_keyboard_alone(enter: Callable[..., Page], study: Study) -> None:
    page = enter(person("rater"))
    page.on("dialog", lambda dialog: dialog.accept())
    begin(page)
    practise(page)

    item(page, 1, WHOLE + "a")
    look(page)
    page.keyboard.press("Enter")
    item(page, 2, WHOLE)
    without_network(page)
    think_again(page)
    lose_the_page(page)
    expect(page.get_by_text("That was everything.")).to_be_visible()
    look(page)

    assert (Rating.objects.count(), Rating.everything.count()) == (24, 32)
    choices = Preference.objects.order_by("created_at").values_list("choice", flat=True)
    assert sorted(choices) == ["both_unacceptable", "prefers", "prefers"]
    assert PracticeAttempt.objects.count() == 1
    assert not page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('kept:'))")


def practise(page: Page) -> None:
    expect(page).to_have_title("Practice: 1 of 1 · PsychoSafe Studio")
    look(page)
    press(page, "g")
    expect(page.get_by_role("dialog", name="Guidelines")).to_be_visible()
    page.keyboard.press("Escape")
    press(page, WHOLE)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The second stays with the person.")).to_be_visible()
    look(page)
    tab_to(page, "Go on")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are through")).to_be_visible()
    look(page)
    tab_to(page, "To the study")
    page.keyboard.press("Enter")


def without_network(page: Page) -> None:
    """What is sent waits, says so, and goes once by itself when the network is back."""
    page.context.set_offline(True)
    press(page, "b")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Your answers are kept; trying again.")
    expect(page.locator("input:checked")).to_have_count(2 * N_CRITERIA + 1)
    tab_to(page, "Try now")
    look(page)
    page.context.set_offline(False)
    item(page, 3, "")
    assert Assignment.objects.filter(state="submitted").count() == 2


def think_again(page: Page) -> None:
    """The last one comes back as it was, is changed, and counts once."""
    press(page, "u")
    item(page, 2, "")
    expect(page.locator("#messages")).to_contain_text("It counts once you send it again")
    expect(page.locator("input:checked")).to_have_count(2 * N_CRITERIA + 1)
    assert Rating.objects.count() == 2 * N_CRITERIA
    look(page)
    press(page, "x")
    page.keyboard.press("Enter")
    item(page, 3, "")


def lose_the_page(page: Page) -> None:
    """The server takes no draft and the page is lost: what was chosen is on the device."""
    page.route("**/draft/", lambda route: route.abort())
    press(page, WHOLE)
    page.reload()
    page.wait_for_load_state()
    expect(page.locator("#messages")).to_contain_text("is here again")
    expect(page.locator("input:checked")).to_have_count(2 * N_CRITERIA)
    look(page)
    page.unroute("**/draft/")
    press(page, "a")
    page.keyboard.press("Enter")
