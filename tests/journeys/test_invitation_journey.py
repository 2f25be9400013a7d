"""An administrator invites somebody and gets a link that can be read whole."""

from collections.abc import Callable
from typing import Any

import pytest

from tests import axe
from tests.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_link_stays_on_its_card(enter: Callable[..., Any], width: int, scheme: str) -> None:
    page = enter(person("administrator"), width=width, scheme=scheme)
    page.goto("/people/")
    page.get_by_label("E-mail").fill("somebody.new@example.org")
    page.get_by_label("Reviewer").check()
    page.get_by_role("button", name="Make the invitation").click()
    link, card = (page.locator(each).bounding_box() for each in ("#link", ".card"))
    assert card["x"] < link["x"] and link["x"] + link["width"] < card["x"] + card["width"]
    axe.assert_no_violations(page)
