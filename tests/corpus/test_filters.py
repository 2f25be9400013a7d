"""The filters of the list of pairs, and who sees which versions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus import actions, conversation, listing
from corpus.models import Pair, Source, Version
from tests.corpus import made
from tests.people import person

SignIn = Callable[[User], Client]
URL = "/corpus/"
SOURCE = "A benchmark, v1"


def say(text: str) -> dict[str, Any]:
    """A conversation, and a response that is nobody's near copy."""
    return {"messages": conversation.single(text), "response": f"{text}: what did {text} mean?"}


def titles(client: Client, **query: Any) -> list[str]:
    return [version.title for version in client.get(URL, query).context["page"].rows]


def new_version(by: User, of: Version, text: str) -> Version:
    draft = actions.start_new_version(by=by, pair=of.pair, at=made.AT)
    return actions.save_draft(
        by=by, version=draft, lock_version=draft.lock_version, at=made.AT,
        fields=made.fields(**say(text)),
    )  # fmt: skip


@pytest.fixture
def corpus(author: User, curator: User, reviewer: User) -> dict[str, Version]:
    """Three pairs in review and one approved, each with something of its own."""
    source = Source.objects.create(name=SOURCE)
    other = made.domain("weapons")
    found = {
        "danish": made.in_review(author, **say("danish"), language="da", country="DK"),
        "weapons": made.in_review(
            curator, **say("weapons"), domain=other, strategy=made.strategy("qpr", fits=other),
            country="IT", expected_action="answer",
        ),
        "mail": made.in_review(author, messages=conversation.single("mail"), country="DE",
                               response="Write to me at somebody@example.com, and to nobody else."),
        "approved": made.approved(author, reviewer, **say("approved"), country="GB"),
    }  # fmt: skip
    Pair.objects.filter(pk=found["weapons"].pair_id).update(source=source)
    Version.objects.filter(pk=found["approved"].pk).update(best_before=made.AT.date())
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "danish"}, ["danish"]),
        ({"q": "mean -danish"}, ["approved", "weapons"]),
        ({"domain": "weapons"}, ["weapons"]),
        ({"strategy": "qpr"}, ["weapons"]),
        ({"status": "approved"}, ["approved"]),
        ({"language": "da"}, ["danish"]),
        ({"country": "IT"}, ["weapons"]),
        ({"expected_action": "answer"}, ["weapons"]),
        ({"source": SOURCE}, ["weapons"]),
        ({"split": "train"}, ["approved"]),
        ({"check": "personal_data"}, ["mail"]),
        ({"check": "near_copy"}, []),
        ({"stale": "on"}, ["approved"]),
        ({"mine": "on"}, ["weapons"]),
        ({"language": "en", "country": "IT", "q": "weapons", "source": SOURCE}, ["weapons"]),
        ({"language": "da", "country": "IT"}, []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("few", [listing.FEW, 0], ids=["looked up", "walked"])
def test_a_filter_shows_what_passes_it(
    corpus: Any, curator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch,
    query: dict[str, str], expected: list[str], few: int,
) -> None:  # fmt: skip
    """Whether few versions pass it, or so many that the list is walked in its order."""
    monkeypatch.setattr(listing, "FEW", few)
    assert sorted(titles(signed_in(curator), **query)) == expected


def test_an_author_and_a_family_are_filters(
    corpus: dict[str, Version], author: User, curator: User, signed_in: SignIn
) -> None:
    client = signed_in(curator)
    assert sorted(titles(client, author=author.pk)) == ["approved", "danish", "mail"]
    assert titles(client, family=corpus["danish"].sketch.family) == ["danish"]


def test_any_warning_is_of_the_checks_that_are_on(
    corpus: Any, curator: User, signed_in: SignIn
) -> None:
    client = signed_in(curator)
    assert "mail" in titles(client, check="any")
    actions.set_checks(by=curator, on=["length"], blocking=[])
    assert titles(client, check="any") == []
    assert titles(client, check="personal_data") == ["mail"]


def test_filters_in_use_can_be_taken_away_one_by_one(
    corpus: Any, curator: User, signed_in: SignIn
) -> None:
    query = {"domain": "weapons", "country": "IT", "q": '"weapons"', "cursor": "", "status": ""}
    answer = signed_in(curator).get(URL, query)
    chips = {chip["words"]: chip["query"] for chip in answer.context["chips"]}
    assert chips == {
        'Words: "weapons"': "domain=weapons&country=IT",
        "Domain: Weapons": "country=IT&q=%22weapons%22",
        "Country: Italy": "domain=weapons&q=%22weapons%22",
    }
    assert b"<details open>" in answer.content and b"1 pair<" in answer.content
    assert b"<details open>" not in signed_in(curator).get(URL, {"domain": "weapons"}).content


def test_a_changed_filter_brings_the_table_alone(
    corpus: Any, curator: User, signed_in: SignIn
) -> None:
    answer = signed_in(curator).get(
        URL, {"q": "", "domain": "weapons"}, headers={"HX-Request": "true"}
    )
    assert answer["HX-Push-Url"] == "/corpus/?domain=weapons"
    page = answer.content.decode()
    assert page.strip().startswith('<div id="found">') and "<select" not in page.split("bulk")[0]


def test_a_long_list_is_counted_after_it_is_shown(
    curator: User, rater: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly, as long as that costs little."""
    for number in range(60):
        made.draft(curator, **say(f"Case {number}"), at=made.AT + timedelta(minutes=number))
    client, asked = signed_in(curator), {"language": "en"}
    page = client.get(URL, asked).content.decode()
    assert "More than 50 pairs" in page and 'hx-get="/corpus/count/?language=en"' in page
    assert client.get("/corpus/count/", asked).content.decode().strip() == "60 pairs"
    monkeypatch.setattr(listing, "COUNTED", 55)
    assert client.get("/corpus/count/", asked).content.decode().strip() == "More than 55 pairs"
    assert signed_in(rater).get("/corpus/count/").status_code == 403


def test_the_table_says_what_is_stale_warned_of_and_where_it_stands(
    corpus: Any, curator: User, signed_in: SignIn
) -> None:
    page = signed_in(curator).get(URL).content.decode()
    assert "A benchmark, v1" in page and "Stale" in page and "Training" in page
    assert "1 check warns" in page or "checks warn" in page


# Who sees what


def test_a_draft_is_its_writers_and_the_curators_to_read(
    author: User, reviewer: User, curator: User, researcher: User, engineer: User, signed_in: SignIn
) -> None:
    draft, other = made.draft(author, **say("hidden")), person("author")
    url, rest = draft.get_absolute_url(), reverse("api:version-detail", args=[draft.pk])
    pair = reverse("api:pair-detail", args=[draft.pair_id])
    for reader in (author, curator):
        client = signed_in(reader)
        assert titles(client) == ["hidden"]
        assert {client.get(each).status_code for each in (url, rest, pair)} == {200}
    for reader in (other, reviewer, researcher, engineer):
        client = signed_in(reader)
        assert titles(client) == [] and titles(client, q="hidden") == []
        assert {client.get(each).status_code for each in (url, rest, pair)} == {404}
    actions.submit(by=author, version=draft, at=made.AT)
    for reader in (other, reviewer, researcher, engineer):
        assert titles(signed_in(reader)) == ["hidden"]
        assert signed_in(reader).get(url).status_code == 200


def test_a_shared_draft_is_for_everybody_who_writes(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    draft, other = made.draft(author, **say("shared")), person("author")
    actions.share_draft(by=author, version=draft, is_shared=True, at=made.AT)
    assert titles(signed_in(other)) == ["shared"] and titles(signed_in(reviewer)) == []


def test_who_may_not_read_the_new_draft_reads_what_was_sent_before(
    author: User, reviewer: User, researcher: User, signed_in: SignIn
) -> None:
    first = made.approved(author, reviewer, **say("before"))
    draft = new_version(author, first, "after")
    assert titles(signed_in(author)) == ["after"]
    client = signed_in(researcher)
    assert titles(client) == ["before"]
    assert client.get(first.pair.get_absolute_url())["Location"] == first.get_absolute_url()
    page = client.get(first.get_absolute_url()).content.decode()
    assert draft.get_absolute_url() not in page
    assert titles(client, domain="violence", mine="") == ["before"]


def test_a_filtered_list_costs_the_same_however_long(
    author: User, curator: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    query, client = {"domain": "violence", "status": "in_review", "q": "case"}, signed_in(curator)
    for number in range(2):
        made.in_review(author, **say(f"Case {number}"))
    with django_assert_num_queries(16):
        client.get(URL, query)
    for number in range(3, 8):
        made.in_review(author, **say(f"Case {number}"))
    with django_assert_num_queries(16):
        client.get(URL, query)
