from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus import actions, conversation, vetting
from corpus.models import CheckResult, CheckSetting, Version
from tests.corpus import made
from tests.corpus.made import AT
from tests.people import person

SignIn = Callable[[User], Client]
QUEUE = reverse("corpus:queue")


def shown(client: Client, **query: Any) -> list[Version]:
    answer = client.get(QUEUE, query)
    assert answer.status_code == 200
    return [each.version for each in answer.context["waiting"]]


def text(client: Client, **query: Any) -> str:
    return " ".join(client.get(QUEUE, query).content.decode().split())


@pytest.fixture
def danish(reviewer: User) -> User:
    reviewer.language = "da"
    reviewer.save()
    return reviewer


def test_only_reviewers_see_the_queue(
    author: User, curator: User, reviewer: User, signed_in: SignIn
) -> None:
    assert Client().get(QUEUE).status_code == 302
    for other in (author, curator):
        assert signed_in(other).get(QUEUE).status_code == 403
    assert shown(signed_in(reviewer)) == []


def test_the_reviewers_language_comes_first_then_the_longest_waiting(
    author: User, danish: User, signed_in: SignIn
) -> None:
    early = made.in_review(author)
    late = made.in_review(author, at=AT + timedelta(days=1))
    own_late = made.in_review(author, at=AT + timedelta(days=3), language="da")
    own_early = made.in_review(author, at=AT + timedelta(days=2), language="da-DK")
    assert shown(signed_in(danish)) == [own_early, own_late, early, late]
    assert shown(signed_in(person("reviewer"))) == [early, late, own_early, own_late]


def test_domain_language_and_strategy_choose(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    other = made.strategy("safety-planning")
    first = made.in_review(author)
    danish = made.in_review(author, language="da", strategy=other)
    weapons = made.in_review(author, language="da", domain=made.domain("weapons"))
    client = signed_in(reviewer)
    assert shown(client, domain="weapons") == [weapons]
    assert shown(client, language="en") == [first]
    assert shown(client, language="da", domain="violence") == [danish]
    assert shown(client, strategy="safety-planning") == [danish]
    assert shown(client, domain="weapons", language="en") == []
    assert "Nothing waits behind these filters" in text(client, domain="weapons", language="it")


def test_a_filter_that_is_not_known_is_said_beside_it(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    waiting = made.in_review(author)
    page = signed_in(reviewer).get(QUEUE, {"domain": "selfharm", "language": "klingon"})
    assert page.content.count(b"errorlist") == 2
    assert [each.version for each in page.context["waiting"]] == [waiting]


def test_a_table_says_where_help_is_needed(author: User, danish: User, signed_in: SignIn) -> None:
    weapons = made.domain("weapons")
    for number in range(2):
        made.in_review(author, at=AT + timedelta(days=number))
    made.in_review(author, language="da")
    made.in_review(author, at=AT - timedelta(days=9), language="en", domain=weapons)
    made.in_review(danish_author := person("author", "reviewer"))
    needed = signed_in(danish).get(QUEUE).context["needed"]
    assert needed.columns == [("da", "Danish"), ("en", "English")] and needed.n == 5
    cells = {row.domain: [cell.n if cell else 0 for cell in row.cells] for row in needed.rows}
    assert cells == {"violence": [1, 3], "weapons": [0, 1]}
    assert needed.rows[0].oldest == AT - timedelta(days=9)
    assert signed_in(danish_author).get(QUEUE).context["needed"].n == 4
    assert "?domain=violence&amp;language=da" in text(signed_in(danish))


def test_a_language_with_a_region_can_be_chosen(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    waiting = made.in_review(author, language="de-AT")
    assert shown(signed_in(reviewer), language="de-AT") == [waiting]


# Signatures


def test_what_somebody_signed_waits_for_somebody_else(author: User, signed_in: SignIn) -> None:
    first, second = person("reviewer"), person("reviewer")
    careful = made.domain("weapons")
    careful.approvals_needed = 2
    careful.save()
    signed = made.in_review(author, domain=careful)
    other = made.in_review(author, at=AT + timedelta(days=1))
    made.approve(first, signed)
    assert shown(signed_in(first)) == [other]
    assert shown(signed_in(second)) == [signed, other]
    assert shown(signed_in(second), second="on") == [signed]
    assert "Needs a second signature" in text(signed_in(second))
    assert shown(signed_in(first), second="on") == []


def test_a_text_that_was_taken_back_is_signed_anew(author: User, signed_in: SignIn) -> None:
    first = person("reviewer")
    careful = made.domain("weapons")
    careful.approvals_needed = 2
    careful.save()
    version = made.in_review(author, domain=careful)
    made.approve(first, version)
    draft = actions.withdraw_submission(by=author, version=version, at=AT + timedelta(hours=1))
    saved = actions.save_draft(
        by=author, version=draft, fields=made.fields(domain=careful, response="I hear you. No."),
        lock_version=draft.lock_version, at=AT + timedelta(hours=2),
    )  # fmt: skip
    sent = actions.submit(by=author, version=saved, at=AT + timedelta(hours=3))
    assert shown(signed_in(first)) == [sent]
    assert shown(signed_in(first), second="on") == []


# What is known of each


def test_each_says_how_many_requests_are_open(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    version = made.in_review(author)
    for is_blocking in (True, False):
        actions.comment(
            by=reviewer, version=version, body="Name a service.", kind="request",
            is_blocking=is_blocking,
        )  # fmt: skip
    actions.comment(by=reviewer, version=version, body="Good.")
    met = actions.comment(by=reviewer, version=version, body="Shorter.", kind="request")
    actions.answer(by=reviewer, comment=met, move="resolved")
    [row] = signed_in(reviewer).get(QUEUE).context["waiting"]
    assert (row.n_requests, row.n_blocking) == (2, 1)
    assert "2 open requests, 1 blocks" in text(signed_in(reviewer))


def test_each_says_what_the_checks_found_that_are_on(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    version = made.in_review(author)
    CheckResult.objects.filter(version=version).delete()
    for key, level, n in (("personal_data", "warn", 2), ("length", "note", 1), ("gone", "warn", 1)):
        CheckResult.objects.create(version=version, key=key, level=level, n=n)
    client = signed_in(reviewer)
    [row] = client.get(QUEUE).context["waiting"]
    assert (row.n_warnings, row.n_notes, len(row.warned_by)) == (2, 1, 1)
    CheckSetting.objects.create(key="personal_data", is_on=False, blocks_approval=False)
    [row] = client.get(QUEUE).context["waiting"]
    assert (row.n_warnings, row.n_notes, row.warned_by) == (0, 1, [])


# Long queues


def test_pages_by_cursor_show_every_version_once(
    author: User, danish: User, signed_in: SignIn
) -> None:
    for number in range(45):  # many were sent in the same moment
        made.in_review(
            author, at=AT + timedelta(minutes=number // 20), language="da" if number % 3 else "en"
        )
    client, seen, cursor = signed_in(danish), [], ""
    while True:
        page = client.get(QUEUE, {"cursor": cursor}).context["page"]
        seen += page.rows
        cursor = page.next
        if not cursor:
            break
    assert len(seen) == 45 and len({row.pk for row in seen}) == 45
    assert [row.language for row in seen] == ["da"] * 30 + ["en"] * 15
    back = client.get(QUEUE, {"cursor": page.previous}).context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in seen[20:40]]


def test_the_queue_costs_the_same_however_long(
    author: User, reviewer: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(reviewer)
    for number in range(6):
        version = made.in_review(author, messages=conversation.single(f"Case {number}"))
        actions.comment(by=reviewer, version=version, body="Why?", kind="request")
    with django_assert_num_queries(10):
        client.get(QUEUE)
    rows = vetting.queue(reviewer)
    with django_assert_num_queries(1):
        assert vetting.groups(rows)[0].n == 6
