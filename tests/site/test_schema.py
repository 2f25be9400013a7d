"""The API keeps to its own schema, whatever it is sent: no 500, no answer that is not described."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from accounts import actions
from accounts.models import User
from psychosafe_site.wsgi import application
from tests.people import person

CHECKS = (
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.response_schema_conformance,
)


def openapi() -> dict[str, Any]:
    """The document as the site makes it."""
    from drf_spectacular.generators import SchemaGenerator

    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document


schema = schemathesis.openapi.from_dict(openapi())
schema.app = application


@pytest.fixture
def everybody(db: None) -> User:
    """Somebody who holds every role, so that nothing is refused for want of permission."""
    return person("author", "reviewer", "rater", "curator", "engineer", "researcher")


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests keep the test's connection open, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_described(
    case: Any, everybody: User, one_connection: None
) -> None:
    token = actions.create_token(by=None, user=everybody, scope="write")
    response = case.call(headers={"Authorization": f"Token {token}", "Host": "testserver"})
    case.validate_response(response, checks=CHECKS)
