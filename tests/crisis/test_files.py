import csv
import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from corpus.forms import resource_files
from crisis import actions
from crisis.forecast import Forecast, forecast
from crisis.models import Resource
from tests.corpus import made as writing
from tests.crisis import made

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST, LOAD, EXPORT = (
    reverse(f"corpus:{name}") for name in ("resources", "load_resources", "export_resources")
)
HEAD = "name,countries,channel,contact,hours\n"


def send(client: Client, text: str | bytes, **more: str):
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("services.csv", content, content_type="text/csv")
    return client.post(LOAD, {"file": file, **more})


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def exported(client: Client, **query: str) -> list[dict[str, str]]:
    answer = client.get(EXPORT, query)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


# Who may


def test_reviewers_and_curators_load_and_nobody_else(author, rater, signed_in: SignIn):
    for client, status in ((Client(), 302), (signed_in(author), 403), (signed_in(rater), 403)):
        assert client.get(LOAD).status_code == status
        assert send(client, f"{HEAD}A,DK,phone,1,\n").status_code == status
    assert Client().get(EXPORT).status_code == 302
    assert signed_in(rater).get(EXPORT).status_code == 403
    assert not Resource.objects.exists()


# Loading


def test_a_curator_loads_a_file_unverified(curator, signed_in: SignIn):
    answer = send(signed_in(curator), f"\ufeff{HEAD}Night Line,DK,phone,55 55 01 23,24 hours\n")
    assert answer.status_code == 302 and answer["Location"] == LIST
    row = Resource.objects.get()
    assert (row.hours, row.created_by, row.verified_on) == ("24 hours", curator, None)
    page = words(signed_in(curator).get(LIST))
    assert "1 row here is unverified" in page


def test_a_trial_says_what_would_change_and_changes_nothing(curator, signed_in: SignIn):
    kept = made.verified(at=timezone.now())
    made.resource(name="Day Line")
    client = signed_in(curator)
    rows = exported(client)
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows([{**row, "hours": "never"} for row in rows if row["name"] == kept.name])
    writer.writerows([row for row in rows if row["name"] != kept.name])
    writer.writerow({**rows[0], "name": "New Line"})
    answer = send(client, text.getvalue(), trial="1")
    assert answer.context["would"] == Forecast(n_added=1, n_changed=1, n_same=1, n_voided=1)
    assert "1 of them is verified now" in words(answer)
    assert Resource.objects.count() == 2 and Resource.objects.get(pk=kept.pk).verified_on
    assert send(client, text.getvalue()).status_code == 302
    assert Resource.objects.count() == 3 and not Resource.objects.get(pk=kept.pk).verified_on


def test_a_forecast_is_what_loading_then_does(curator):
    made.resource()
    gone = made.resource(name="Gone Line")
    actions.retire(by=None, resource=gone, reason="It closed.", at=made.AT)
    new = made.facts(name="New Line")
    rows = [
        *(made.facts(), made.facts(name="Gone Line", hours="by day")),
        *(new, new, made.facts(name="New Line", hours="by day")),
    ]
    would = forecast(rows)
    did = actions.load_directory(by=curator, rows=rows, at=made.AT)
    assert (would.n_added, would.n_changed, would.n_same) == (1, 1, 3)
    assert (did.n_added, did.n_changed, did.n_same) == (1, 1, 3)


def test_every_fault_is_named_by_row_and_nothing_is_loaded(curator, signed_in: SignIn):
    answer = send(signed_in(curator), f"{HEAD}A,DK,phone,1,\nB,Denmark,fax,2,\nC,SE,phone,none,\n")
    assert answer.status_code == 422 and not Resource.objects.exists()
    page = words(answer)
    for fault in ("Row 3, column", "Row 4, column", "Use one of: phone", "needs a number"):
        assert fault in page


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"name,countries\n\xff", "not UTF-8 at byte 16"),
        (b"", "empty"),
        (b"name;countries;channel;contact\n", "column &#x27;name&#x27; is missing"),
        (b"name,countries,channel,contact,fax\n", "&#x27;fax&#x27; is not known"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(curator, signed_in: SignIn, text, fault):
    answer = send(signed_in(curator), text)
    assert answer.status_code == 422 and fault in words(answer)


def test_a_file_that_is_too_large_is_refused(curator, signed_in: SignIn, monkeypatch):
    monkeypatch.setattr(resource_files, "MAX_BYTES", 10)
    answer = send(signed_in(curator), f"{HEAD}A,DK,phone,1,\n")
    assert answer.status_code == 422 and "larger than 5 MB" in words(answer)
    assert not Resource.objects.exists()


# Downloading


def test_what_is_downloaded_is_what_the_filters_show(author, signed_in: SignIn):
    made.verified(at=timezone.now())
    made.resource(name="German Line", countries="DE", is_sample=True)
    client = signed_in(author)
    assert [(row["name"], row["status"]) for row in exported(client)] == [
        ("German Line", "unverified sample"), ("Night Line", "verified"),
    ]  # fmt: skip
    assert [row["name"] for row in exported(client, country="DK")] == ["Night Line"]
    assert f"{EXPORT}?country=DK" in words(client.get(LIST, {"country": "DK"}))


def test_a_downloaded_directory_loads_again_unchanged(curator, signed_in: SignIn):
    made.verified(at=timezone.now())
    client = signed_in(curator)
    answer = send(client, client.get(EXPORT).content, trial="1")
    assert answer.context["would"] == Forecast(n_same=1)


# Filters of the page


def test_the_directory_is_filtered_by_what_people_ask(author, signed_in: SignIn):
    weapons = writing.domain("weapons")
    writing.domain("violence")
    made.resource(name="Any", hours="24 hours", cost="free", audience="anyone")
    made.resource(
        name="Violence", domains="violence;suicide-self-harm", hours="weekdays",
        cost="local rate", audience="women who meet violence", channel="chat",
        contact="a.example.org",
    )  # fmt: skip
    client = signed_in(author)

    def names(**query: str) -> list[str]:
        return [row.name for row, _ in client.get(LIST, query).context["rows"]]

    assert names(domain=weapons.slug) == ["Any"]
    assert names(domain="violence") == ["Any", "Violence"]
    assert names(hours="24") == ["Any"] and names(hours="week") == ["Violence"]
    assert names(cost="free") == ["Any"] and names(audience="WOMEN") == ["Violence"]
    assert names(channel="chat", domain="violence") == ["Violence"]
    assert b"errorlist" in client.get(LIST, {"channel": "pigeon"}).content
