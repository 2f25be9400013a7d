from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from corpus import actions, conversation
from corpus.models import Pair, Source, Version
from tests.corpus import made
from tests.people import person

SignIn = Callable[[User], Client]
API = "/api/v1"


def ids(client: Client, path: str, **query: Any) -> list[str]:
    answer = client.get(f"{API}/{path}/", query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def both(client: Client, version: Version, **query: Any) -> None:
    """Only this version, and only its pair, is what the filter leaves."""
    assert ids(client, "versions", **query) == [version.pk]
    assert ids(client, "pairs", **query) == [version.pair_id]


@pytest.fixture
def rest(author: User) -> Version:
    """What no filter below asks for."""
    return made.in_review(author, response="I will not. What did it do to you, all that laughing?")


@pytest.fixture
def wanted(author: User, rest: Version) -> Version:
    fits = made.domain("weapons")
    source = Source.objects.create(name="Bench")
    version = made.in_review(
        author, domain=fits, strategy=made.strategy("safety-planning", fits=fits), language="da",
        country="SE", expected_action="partial",
        response="I hear you, blåbær and all. Say 010203-4567 to them.",
    )  # fmt: skip
    Pair.objects.filter(pk=version.pair_id).update(source=source, split="test")
    return version


@pytest.mark.parametrize(
    "query",
    [
        {"domain": "weapons"},
        {"strategy": "safety-planning"},
        {"language": "da"},
        {"country": "SE"},
        {"expected_action": "partial"},
        {"source": "Bench"},
        {"split": "test"},
        {"check": "personal_data"},
        {"q": "blåbær"},
        {"domain": "weapons", "language": "da", "status": "in_review"},
    ],
)
def test_versions_and_pairs_are_chosen_as_on_the_page(
    wanted: Version, reviewer: User, signed_in: SignIn, query: dict[str, str]
) -> None:
    client = signed_in(reviewer)
    assert len(ids(client, "versions")) == 2
    both(client, wanted, **query)


def test_several_filters_must_all_be_met(
    wanted: Version, reviewer: User, signed_in: SignIn
) -> None:
    client = signed_in(reviewer)
    for path in ("versions", "pairs"):
        assert ids(client, path, domain="weapons", language="en") == []


def test_stale_is_past_its_day(author: User, reviewer: User, signed_in: SignIn) -> None:
    now = timezone.now()
    old = made.approved(author, reviewer, at=now - timedelta(days=500))
    made.approved(author, reviewer, at=now, messages=conversation.single("He laughed anew."))
    both(signed_in(author), old, stale="true")
    assert len(ids(signed_in(author), "versions", stale="false")) == 2


def test_mine_and_author_are_whose_it_is(author: User, signed_in: SignIn) -> None:
    other = person("author")
    own, theirs = made.in_review(author), made.in_review(other)
    both(signed_in(author), own, mine="true")
    both(signed_in(author), theirs, author=other.pk)


def test_every_version_of_a_pair_is_listed_in_its_state(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    first = made.approved(author, reviewer)
    second = actions.start_new_version(by=author, pair=first.pair, at=made.AT)
    client = signed_in(author)
    assert set(ids(client, "versions", pair=first.pair_id)) == {first.pk, second.pk}
    assert ids(client, "versions", status="approved") == [first.pk]
    assert ids(client, "versions", status="draft") == [second.pk]
    assert ids(client, "pairs", status="approved") == [first.pair_id]


@pytest.mark.parametrize(
    "query",
    [
        "colour=blue",
        "domain=selfharm",
        "strategy=none",
        "status=lost",
        "language=klingon",
        "country=Denmark",
        "source=nowhere",
        "split=half",
        "check=spelling",
    ],
)
@pytest.mark.parametrize("path", ["versions", "pairs"])
def test_what_is_not_known_is_refused_by_name(
    author: User, signed_in: SignIn, path: str, query: str
) -> None:
    made.in_review(author)
    answer = signed_in(author).get(f"{API}/{path}/?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()


# Drafts


def test_a_draft_is_its_writers_until_it_is_sent(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    draft = made.draft(author)
    for user, seen in ((author, 1), (curator, 1), (reviewer, 0), (person("author"), 0)):
        client = signed_in(user)
        assert len(ids(client, "versions")) == len(ids(client, "pairs")) == seen
        status = 200 if seen else 404
        for path in (
            f"versions/{draft.pk}", f"pairs/{draft.pair_id}", f"versions/{draft.pk}/checks",
            f"versions/{draft.pk}/threads", f"versions/{draft.pk}/references",
        ):  # fmt: skip
            assert client.get(f"{API}/{path}/").status_code == status, path


def test_others_see_the_newest_version_that_was_sent(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    first = made.approved(author, reviewer)
    second = actions.start_new_version(by=author, pair=first.pair, at=made.AT)
    for user, latest in ((author, second), (reviewer, first)):
        row = signed_in(user).get(f"{API}/pairs/{first.pair_id}/").json()
        assert row["latest"]["id"] == latest.pk


def test_a_filtered_list_costs_the_same_however_long(
    author: User, reviewer: User, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        made.in_review(author, messages=conversation.single(f"Case {number}"))
    client = signed_in(reviewer)
    for path in ("versions", "pairs"):
        with django_assert_max_num_queries(12):
            assert len(ids(client, path, domain="violence", status="in_review", q="case")) == 6
