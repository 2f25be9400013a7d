"""Making a study in a real browser: the plan is told beside the form, and nothing typed is lost."""

from typing import Any

import pytest
from playwright.sync_api import expect

from annotation.models import Study
from corpus.models import Domain
from tests import axe
from tests.annotation.made import prompt_set, rubric, run, study
from tests.annotation.test_in_browser import enter, look
from tests.annotation.test_in_browser import plain_http as plain_http
from tests.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(1280, "light"), (390, "dark")]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_curator_reads_the_plan_and_then_makes_the_study(
    open_page: Any, live_server: Any, width: int, scheme: str
) -> None:
    over = prompt_set(12)
    for name in ("model-a", "model-b"):
        run(over, name)
    rubric()
    page = enter(open_page(width, scheme), live_server, person("curator"))
    page.goto("/rate/studies/new/")
    axe.assert_no_violations(page)
    look(page, f"new-study-{width}")
    for box in page.get_by_role("checkbox", name="model-").all():
        box.check()
    page.get_by_label("Rubric", exact=True).select_option(index=1)
    page.get_by_label("Items that so many people rate").fill("4")
    page.get_by_label("Items that everybody rates").fill("2")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_text("12 items, 4 with 3 raters, 6 with one: 18 ratings")).to_be_visible()
    axe.assert_no_violations(page)
    look(page, f"new-study-plan-{width}")
    expect(page.get_by_label("Items that everybody rates")).to_have_value("2")
    page.get_by_label("Name", exact=True).fill("Autumn")
    page.get_by_label("Short name").fill("autumn")
    page.get_by_role("button", name="Make the study").click()
    page.wait_for_url("**/studies/autumn/")
    assert (Study.objects.get().n_core, Study.objects.get().n_shared) == (2, 4)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_curator_sees_what_nobody_can_rate(
    open_page: Any, live_server: Any, width: int, scheme: str
) -> None:
    study(3, routes_by_language=True, n_core=1)
    person("rater")
    page = enter(open_page(width, scheme), live_server, person("curator"))
    page.goto("/rate/studies/spring/edit/")
    expect(page.get_by_text("Nobody gets these items")).to_be_visible()
    axe.assert_no_violations(page)
    look(page, f"edit-study-{width}")
    page.get_by_role("link", name="See what raters declared").click()
    axe.assert_no_violations(page)
    look(page, f"raters-{width}")


def test_a_rater_says_by_keyboard_what_they_can_judge(open_page: Any, live_server: Any) -> None:
    Domain.objects.create(slug="grief", name="Grief", definition="Grief")
    page = enter(open_page(), live_server, person("rater"))
    page.goto("/rate/profile/")
    page.get_by_label("Languages").focus()
    page.keyboard.type("Danish, English")
    page.keyboard.press("Tab")
    page.keyboard.type("DK")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. It counts from the next item on.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Grief")).to_be_checked()
    axe.assert_no_violations(page)
    look(page, "competence")
