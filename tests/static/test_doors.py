"""Sign-in and error pages stand in the same frame as every other page."""

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from tests import axe

ERRORS = ["400", "403", "403_csrf", "404", "429", "500"]


@pytest.mark.parametrize("code", ERRORS)
def test_error_pages_need_no_context(code):
    page = render_to_string(f"{code}.html")
    assert page.count("<h1>") == 1
    assert "/support/" in page


@pytest.mark.django_db
def test_the_sign_in_page_names_each_field_and_offers_no_sign_up(client):
    page = client.get("/you/login/").content.decode()
    assert 'autocomplete="email"' in page
    assert 'autocomplete="current-password"' in page
    assert "signup" not in page
    assert page.count("<h1>") == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_sign_in_page_has_no_barrier(page):
    page.goto("/you/login/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    axe.assert_no_violations(page)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
