"""A curator's rubric pages in a real browser: no barriers, at both widths, light and dark."""

from typing import Any

import pytest
from django.test import Client

from annotation.actions import rubrics as actions
from tests import axe
from tests.annotation.made import rubric
from tests.annotation.test_in_browser import look
from tests.annotation.test_in_browser import plain_http as plain_http
from tests.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(page: Any, live_server: Any, user: Any) -> Any:
    client = Client()
    client.force_login(user)
    page.context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": live_server.url}
            for name, cookie in client.cookies.items()
        ]
    )
    return page


def test_every_rubric_page_is_without_barriers(page, live_server) -> None:
    curator = person("curator")
    actions.install_all()
    own = actions.make(by=curator, slug="own", title="Our own", like=rubric("general"))
    second = actions.new_version(by=curator, rubric=own)
    actions.remove(by=curator, rubric=second, key="better")
    enter(page, live_server, curator)
    for name, place in (
        ("rubrics", "/rubrics/"),
        ("rubric", "/rubrics/own/2/"),
        ("rubric-new", "/rubrics/new/"),
        ("rubric-edit", "/rubrics/own/2/edit/"),
        ("criterion", "/rubrics/own/2/criteria/fit/"),
        ("rubric-preview", "/rubrics/refusal_experience/1/preview/"),
    ):
        page.goto(place)
        if name == "rubric":
            page.locator("summary", has_text="What changed").click()
        axe.assert_no_violations(page)
        look(page, name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
