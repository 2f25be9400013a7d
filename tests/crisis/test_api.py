from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from crisis.models import Resource
from tests.crisis import made
from tests.people import person

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
API = "/api/v1/resources/"


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(f"{API}{path}", body, content_type="application/json")


def test_services_are_listed_by_country_and_standing(author, signed_in: SignIn):
    made.resource()
    made.resource(name="There", countries="DE")
    client = signed_in(author)
    rows = client.get(API, {"country": "DK"}).json()["results"]
    assert [(row["name"], row["standing"]) for row in rows] == [("Night Line", "unverified")]
    assert client.get(API, {"standing": "verified"}).json()["results"] == []
    assert client.get(API, {"standing": "splendid"}).status_code == 400
    assert client.get(API, {"colour": "red"}).status_code == 400


def test_services_for_a_domain_are_its_own_and_those_for_any(author, signed_in: SignIn):
    made.resource(name="Any")
    made.resource(name="Violence", domains="violence;weapons")
    made.resource(name="Other", domains="substance-use")
    rows = signed_in(author).get(API, {"domain": "violence"}).json()["results"]
    assert [row["name"] for row in rows] == ["Any", "Violence"]


def test_two_people_verify_a_service(signed_in: SignIn):
    row = made.resource()
    one, two = (signed_in(person("reviewer")) for _ in range(2))
    said = {"seen": row.digest}
    assert post(one, f"{row.pk}/verify/", said).json()["standing"] == "unverified"
    assert post(one, f"{row.pk}/verify/", said).status_code == 409
    assert post(two, f"{row.pk}/verify/", {"seen": "other"}).status_code == 409
    # Fresh as of the real clock.
    assert post(two, f"{row.pk}/verify/", said).json()["standing"] == "verified"


def test_a_service_is_added_changed_and_retired(curator, signed_in: SignIn):
    client = signed_in(curator)
    values = {name: value for name, value in vars(made.facts()).items() if value}
    created = post(client, "", values)
    assert created.status_code == 201
    place = f"{API}{created.json()['id']}/"
    changed = client.put(place, {**values, "hours": "by night"}, content_type="application/json")
    assert changed.json()["hours"] == "by night"
    assert post(client, "", values).status_code == 409
    assert post(client, "", {**values, "countries": "Denmark"}).status_code == 422
    retired = client.post(f"{place}retire/", {"reason": "Gone."}, content_type="application/json")
    assert retired.json()["standing"] == "retired"


def test_an_author_may_check_and_not_write(author, rater, signed_in: SignIn):
    text = {"text": "Ring 55 55 01 23 tonight.", "country": "DK"}
    assert post(signed_in(author), "check/", text).status_code == 200
    assert post(signed_in(author), "", vars(made.facts())).status_code == 403
    assert post(signed_in(rater), "check/", text).status_code == 403
    assert post(Client(), "check/", text).status_code in (401, 403)
    assert not Resource.objects.exists()


def test_a_text_is_checked_for_the_country_of_its_reader(author, signed_in: SignIn):
    from django.utils import timezone

    row = made.verified(at=timezone.now())
    client = signed_in(author)
    text = "Du kan ringe til Night Line på 55 55 01 23, eller se example.com."
    found = post(client, "check/", {"text": text, "country": "DK"}).json()["findings"]
    assert [(each["passage"], each["verdict"], each["resource"]) for each in found] == [
        ("Night Line", "verified", row.pk),
        ("55 55 01 23", "verified", row.pk),
        ("example.com", "unknown", None),
    ]
    assert text[found[1]["start"] : found[1]["end"]] == "55 55 01 23"
    found = post(client, "check/", {"text": text, "country": "DE"}).json()["findings"]
    assert [each["verdict"] for each in found] == ["wrong_country", "wrong_country", "unknown"]


@pytest.mark.parametrize("country", ["", "Denmark", "dk", None])
def test_a_check_needs_a_country(country: Any, author, signed_in: SignIn):
    answer = post(signed_in(author), "check/", {"text": "Ring 112.", "country": country})
    assert answer.status_code == 400


def test_a_check_costs_a_fixed_number_of_queries(
    author, signed_in: SignIn, django_assert_max_num_queries: Callable
):
    for number in range(30):
        made.resource(name=f"Line {number}")
    client = signed_in(author)
    with django_assert_max_num_queries(6):
        post(client, "check/", {"text": "Ring 55 55 01 23.", "country": "DK"})
