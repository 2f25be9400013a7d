"""Made people for tests, one fixture a role, created by the same action as real ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

# A pytest plugin is imported before Django is set up, so models are imported when first needed.
if TYPE_CHECKING:
    from accounts.models import User

PASSWORD = "correct horse battery staple"


def person(*roles: str, name: str = "", password: str | None = None) -> User:
    """A new person with these roles; the same call twice makes two people."""
    from accounts import actions
    from accounts.models import User

    number = User.objects.count() + 1
    name = name or f"{' '.join(roles) or 'nobody'} {number}".title()
    email = f"{'-'.join(roles) or 'nobody'}{number}@example.org"
    return actions.create_user(by=None, email=email, name=name, roles=roles, password=password)


@pytest.fixture
def author(db: None) -> User:
    return person("author")


@pytest.fixture
def reviewer(db: None) -> User:
    return person("reviewer", password=PASSWORD)  # who signs types it again


@pytest.fixture
def rater(db: None) -> User:
    return person("rater")


@pytest.fixture
def curator(db: None) -> User:
    return person("curator")


@pytest.fixture
def engineer(db: None) -> User:
    return person("engineer")


@pytest.fixture
def researcher(db: None) -> User:
    return person("researcher")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser that `user` is signed in to."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
