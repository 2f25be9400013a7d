from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus import actions, conversation
from corpus.models import PromptSet
from tests.corpus import made
from tests.corpus.made import AT
from tests.people import person

SignIn = Callable[[User], Client]
INDEX, QUEUE, SETS = "corpus:index", "corpus:queue", "corpus:prompt_sets"


def titles(client: Client, **query: Any) -> list[str]:
    page = client.get(reverse(INDEX), query).context["page"]
    return [version.title for version in page.rows]


def say(text: str) -> dict[str, Any]:
    return {"messages": conversation.single(text)}


# The corpus


@pytest.mark.parametrize("name", [INDEX, QUEUE, SETS, "corpus:new_prompt_set"])
def test_strangers_and_raters_see_no_list(rater: User, signed_in: SignIn, name: str) -> None:
    assert Client().get(reverse(name)).status_code == 302
    assert signed_in(rater).get(reverse(name)).status_code == 403


def test_an_empty_corpus_says_what_to_do(author: User, researcher: User, signed_in: SignIn) -> None:
    assert b"Write a pair" in signed_in(author).get(reverse(INDEX)).content
    page = signed_in(researcher).get(reverse(INDEX)).content
    assert b"There is no pair yet" in page and b"Write a pair" not in page


def test_filters_choose_and_stand_in_the_address(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    made.draft(author, **say("In Danish: bl\u00e5b\u00e6r"), language="da")
    made.in_review(author, **say("In weapons"), domain=made.domain("weapons"))
    made.in_review(person("author"), **say("Of somebody else"), expected_action="answer")
    assert titles(client, language="da") == ["In Danish: bl\u00e5b\u00e6r"]
    assert titles(client, domain="weapons") == ["In weapons"]
    assert set(titles(client, status="in_review")) == {"Of somebody else", "In weapons"}
    assert titles(client, expected_action="answer") == ["Of somebody else"]
    assert len(titles(client, mine="on")) == 2
    assert titles(client, q="bl\u00e5b\u00e6r") == ["In Danish: bl\u00e5b\u00e6r"]
    assert titles(client, q="WEAPONS") == ["In weapons"]
    assert titles(client, q='"in" 100%') == []
    assert b"No pair fits" in client.get(reverse(INDEX), {"q": "nothing"}).content


def test_an_unknown_filter_value_is_said_beside_it(author: User, signed_in: SignIn) -> None:
    page = signed_in(author).get(reverse(INDEX), {"status": "lost", "domain": "selfharm"})
    assert page.status_code == 200 and page.content.count(b"errorlist") == 2


def test_approved_pairs_stay_in_sight_while_a_new_version_is_written(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    first = made.approved(author, reviewer)
    actions.start_new_version(by=author, pair=first.pair, at=AT)
    assert titles(signed_in(author), status="approved") == [first.title]
    assert len(titles(signed_in(author))) == 1


def test_pages_by_cursor_show_every_pair_once(author: User, signed_in: SignIn, settings) -> None:
    for number in range(120):  # many were saved in the same moment
        made.draft(author, at=AT + timedelta(minutes=number // 40), **say(f"Case {number}"))
    client, url, seen = signed_in(author), reverse(INDEX), []
    page = client.get(url).context["page"]
    seen += page.rows
    assert not page.previous
    while page.next:
        page = client.get(url, {"cursor": page.next}).context["page"]
        seen += page.rows
    assert len(seen) == 120 and len({version.pk for version in seen}) == 120
    back = client.get(url, {"cursor": page.previous}).context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in seen[50:100]]
    first = client.get(url, {"cursor": back.previous}).context["page"]
    assert [row.pk for row in first.rows] == [row.pk for row in seen[:50]] and not first.previous


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJhZnRlciIsIDEsIDJd", "\u00e5", "bnVsbA"])
def test_a_damaged_cursor_is_a_bad_request(author: User, signed_in: SignIn, cursor: str) -> None:
    assert signed_in(author).get(reverse(INDEX), {"cursor": cursor}).status_code == 400


def test_the_list_costs_the_same_however_long(
    author: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(author)
    for number in range(5):
        made.draft(author, **say(f"Case {number}"))
    with django_assert_num_queries(13):
        client.get(reverse(INDEX))


# The queue


def test_the_queue_shows_the_oldest_first_and_never_ones_own(signed_in: SignIn, db: None) -> None:
    both, other = person("author", "reviewer"), person("author")
    made.in_review(both)
    late = made.in_review(other, at=AT + timedelta(days=1))
    early = made.in_review(other, domain=made.domain("weapons"))
    made.draft(other)
    client = signed_in(both)
    assert client.get(reverse(QUEUE)).context["page"].rows == [early, late]
    chosen = client.get(reverse(QUEUE), {"domain": "weapons"})
    assert chosen.context["page"].rows == [early]


def test_an_empty_queue_explains_itself(reviewer: User, signed_in: SignIn) -> None:
    assert b"Nothing waits for your review" in signed_in(reviewer).get(reverse(QUEUE)).content


# Prompt sets


def test_a_set_shows_its_prompts_and_counts(
    curator: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    found, client = made.prompt_set(60), signed_in(curator)
    with django_assert_num_queries(7):
        page = client.get(found.get_absolute_url())
    assert [entry.position for entry in page.context["page"].rows] == list(range(1, 51))
    assert b"60 prompts" in page.content and b"Refuse: 60" in page.content
    cursor = page.context["page"].next
    rest = client.get(found.get_absolute_url(), {"cursor": cursor}).context["page"]
    assert len(rest.rows) == 10 and not rest.next


def test_the_sets_cost_the_same_however_many(
    curator: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(curator)
    for number in range(3):
        made.prompt_set(2, name=f"Set {number}")
    with django_assert_num_queries(4):
        page = client.get(reverse(SETS))
    assert [row.n_prompts for row in page.context["page"].rows] == [2, 2, 2]


def test_a_curator_makes_a_set_of_approved_pairs(
    author: User, reviewer: User, curator: User, researcher: User, signed_in: SignIn
) -> None:
    made.approved(author, reviewer)
    url, said = reverse("corpus:new_prompt_set"), {"name": "Spring", "domains": []}
    assert Client().post(url, said).status_code == 302
    assert signed_in(researcher).post(url, said).status_code == 403
    assert not PromptSet.objects.exists()
    client = signed_in(curator)
    assert client.post(url, said)["Location"] == "/corpus/prompt-sets/spring/"
    again = client.post(url, said)
    assert again.status_code == 422 and b"choose another name" in again.content


def test_a_set_without_prompts_is_refused_with_words(curator: User, signed_in: SignIn) -> None:
    answer = signed_in(curator).post(reverse("corpus:new_prompt_set"), {"name": "Nothing"})
    assert answer.status_code == 422 and b"no prompt to put into the set" in answer.content
