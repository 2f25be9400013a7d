from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from corpus.models import Version
from crisis import actions
from crisis.models import Resource
from tests.corpus import made as writing
from tests.crisis import made
from tests.people import person

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST = reverse("corpus:resources")


def url(name: str, resource: Resource) -> str:
    return reverse(f"corpus:{name}_resource", args=[resource.pk])


def seen(resource: Resource) -> dict[str, str]:
    return {"seen": resource.digest, "note": "Called it."}


def names(client: Client, **query: str) -> list[str]:
    return [row.name for row, _ in client.get(LIST, query).context["rows"]]


# The directory


def test_the_directory_shows_a_country_and_what_serves_everywhere(author, signed_in: SignIn):
    made.resource(name="Here")
    made.resource(name="There", countries="DE")
    made.resource(name="Anywhere", countries="*", channel="web", contact="a.example.org")
    assert names(signed_in(author), country="DK") == ["Anywhere", "Here"]
    assert names(signed_in(author)) == ["Anywhere", "Here", "There"]


def test_the_directory_shows_what_is_due(author, signed_in: SignIn):
    now = timezone.now()
    made.verified(name="Fresh", at=now)
    made.verified(name="Overdue", at=now - timedelta(days=200))
    made.resource(name="Never")
    client = signed_in(author)
    assert names(client, show="due") == ["Overdue"]
    assert names(client, show="verified") == ["Fresh"]
    assert names(client, show="unverified") == ["Never"]
    assert b"stale" in client.get(LIST).content


def test_a_retired_service_is_shown_only_where_it_is_asked_for(author, signed_in: SignIn):
    actions.retire(by=None, resource=made.resource(), reason="It closed.", at=made.AT)
    assert names(signed_in(author)) == []
    assert names(signed_in(author), show="retired") == ["Night Line"]


def test_an_unverified_row_is_marked_everywhere(author, signed_in: SignIn):
    row = made.resource(is_sample=True)
    client = signed_in(author)
    assert "do not rely" in client.get(LIST).content.decode()
    page = client.get(row.get_absolute_url()).content.decode()
    assert "2 people must still verify it" in page and "From the shipped sample" in page


def test_the_list_costs_the_same_for_many(
    author, signed_in: SignIn, django_assert_max_num_queries: Callable
):
    for number in range(60):
        made.resource(name=f"Line {number:02}")
    client = signed_in(author)
    client.get(LIST)
    with django_assert_max_num_queries(8):
        assert len(names(client)) == 50


# Writing


@pytest.mark.parametrize("name", ["edit", "verify", "retire"])
def test_only_reviewers_and_curators_write(name: str, author, signed_in: SignIn):
    row = made.resource()
    assert Client().post(url(name, row)).status_code == 302
    assert signed_in(author).post(url(name, row), seen(row)).status_code == 403
    assert Resource.objects.get().changes.count() == 1


def test_two_reviewers_verify_a_row_on_its_page(signed_in: SignIn):
    row = made.resource()
    first, second = person("reviewer"), person("curator")
    page = signed_in(first).post(url("verify", row), seen(row), follow=True).content.decode()
    assert "A second person must verify it" in page and "1 person must still" in page
    assert "It is right" not in page
    again = signed_in(first).post(url("verify", row), seen(row))
    assert again.status_code == 409 and b"second person" in again.content
    page = signed_in(second).post(url("verify", row), seen(row), follow=True).content.decode()
    assert "It is verified." in page and first.name in page and "Called it." in page


def test_what_was_changed_while_it_was_read_is_not_verified(reviewer, signed_in: SignIn):
    row = made.resource()
    read = seen(row)
    actions.change(by=None, resource=row, details=made.facts(hours="never"), at=made.AT)
    answer = signed_in(reviewer).post(url("verify", row), read)
    assert answer.status_code == 409 and b"changed in the meantime" in answer.content
    assert signed_in(reviewer).post(url("verify", row), {}).status_code == 422


def test_a_service_is_added_and_changed(curator, signed_in: SignIn):
    client = signed_in(curator)
    values = {**vars(made.facts()), "name": "Day Line"}
    assert client.post(reverse("corpus:new_resource"), values).status_code == 302
    row = Resource.objects.get()
    assert row.created_by == curator
    assert client.post(reverse("corpus:new_resource"), values).status_code == 422
    assert client.post(url("edit", row), {**values, "hours": "by day"}).status_code == 302
    assert Resource.objects.get().hours == "by day"


def test_a_wrong_value_is_said_beside_its_field(curator, signed_in: SignIn):
    values = {**vars(made.facts()), "countries": "Denmark"}
    answer = signed_in(curator).post(reverse("corpus:new_resource"), values)
    assert answer.status_code == 422
    assert "two capital letters" in str(answer.context["form"].errors["countries"])


def test_a_service_is_retired_with_a_reason_and_a_successor(curator, signed_in: SignIn):
    old, new = made.resource(), made.resource(name="New Line")
    client = signed_in(curator)
    assert client.post(url("retire", old), {"reason": ""}).status_code == 422
    client.post(url("retire", old), {"reason": "It closed.", "replaced_by": new.pk})
    page = client.get(old.get_absolute_url()).content.decode()
    assert "It closed." in page and new.get_absolute_url() in page
    assert client.post(url("retire", old), {"reason": "Twice."}).status_code == 409


def test_the_page_shows_the_responses_that_name_it(author, reviewer, signed_in: SignIn):
    row = made.resource()
    words = "Ring five five, five five, oh one two three."
    for response in ("Ring 55 55 01 23, they listen.", words, "My page is 55 55 01 24."):
        writing.approved(author, reviewer, at=made.AT, response=response)
    answer = signed_in(author).get(row.get_absolute_url())
    assert {each.response for each in answer.context["page"].rows} == {
        "Ring 55 55 01 23, they listen.",
        words,
    }
    assert "<q" in answer.content.decode() and "five five" in answer.content.decode()


def test_the_responses_that_name_it_come_in_pages(
    author, signed_in: SignIn, django_assert_max_num_queries: Callable
):
    row = made.resource()
    for _ in range(23):
        writing.in_review(author, response="Ring 55 55 01 23, they listen.")
    client = signed_in(author)
    client.get(row.get_absolute_url())
    with django_assert_max_num_queries(12):
        first = client.get(row.get_absolute_url())
    page = first.context["page"]
    assert len(page.rows) == 20
    second = client.get(row.get_absolute_url(), {"cursor": page.next}).context["page"]
    assert len(second.rows) == 3 and not {*second.rows} & {*page.rows}


def test_retiring_a_service_on_its_page_makes_what_names_it_stale(
    author, reviewer, curator, signed_in: SignIn
):
    row = made.resource()
    version = writing.approved(author, reviewer, response="Ring 55 55 01 23, they listen.")
    signed_in(curator).post(url("retire", row), {"reason": "It closed."})
    assert list(Version.objects.naming_stale(timezone.now().date())) == [version]


def test_a_service_that_is_added_on_a_page_finds_what_named_it(author, curator, signed_in: SignIn):
    version = writing.in_review(author, response="Ring 55 55 01 23, they listen.")
    signed_in(curator).post(reverse("corpus:new_resource"), vars(made.facts()))
    assert version.references.get().resource == Resource.objects.get()


def test_only_who_reads_runs_is_shown_the_way_to_answers(author, curator, signed_in: SignIn):
    row = made.resource()
    way = reverse("generation:naming", args=[row.pk])
    assert way in signed_in(curator).get(row.get_absolute_url()).content.decode()
    assert way not in signed_in(author).get(row.get_absolute_url()).content.decode()
