"""A session's end is known to its pages, and whoever says so stays."""

import time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.staying import seconds_left
from tests.people import PASSWORD, person


@pytest.mark.parametrize(
    ("session", "left"),
    [
        ({}, None),
        ({"account_authentication_methods": [{"method": "socialaccount"}]}, None),
        ({"account_authentication_methods": [{"at": 100}, {"at": 160}]}, 60),
        ({"account_authentication_methods": [{"at": 100}], "stayed_at": 190}, 90),
        ({"account_authentication_methods": [{"at": 1}]}, 0),
    ],
)
def test_a_session_ends_its_length_after_the_last_sign_in_or_stay(session, left) -> None:
    assert seconds_left(session, lasts=100, now=200) == left


@pytest.mark.django_db
def test_staying_lasts_the_whole_length_again() -> None:
    client, user = Client(), person("rater", password=PASSWORD)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 40_000}]
    session.save()
    assert 'data-session-left="3' in client.get("/support/").content.decode()
    answer = client.post(reverse("stay"))
    assert answer.json() == {"left": settings.SESSION_COOKIE_AGE}
    assert 'data-session-left="431' in client.get("/support/").content.decode()


@pytest.mark.django_db
def test_staying_is_for_whoever_is_signed_in() -> None:
    assert Client().post(reverse("stay")).status_code == 302
    assert "data-session-left" not in Client().get("/support/").content.decode()
