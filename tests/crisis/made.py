"""Made services, built by the actions that people use. No number here belongs to anybody."""

from datetime import UTC, datetime
from typing import Any

from crisis import actions
from crisis.models import Resource
from crisis.table import Details, details
from tests.people import person

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def facts(**changes: str) -> Details:
    whole = {
        "name": "Night Line",
        "organisation": "A made organisation",
        "countries": "DK",
        "languages": "da;en",
        "channel": "phone",
        "contact": "55 55 01 23",
        "url": "https://nightline.example.org",
    }
    return details({**whole, **changes})


def resource(*, at: datetime = AT, is_sample: bool = False, **changes: str) -> Resource:
    return actions.add(by=None, details=facts(**changes), at=at, is_sample=is_sample)


def verified(*, at: datetime = AT, people: Any = None, **changes: str) -> Resource:
    found = resource(at=at, **changes)
    for who in people or (person("reviewer"), person("reviewer")):
        found = actions.verify(by=who, resource=found, at=at)
    return found
