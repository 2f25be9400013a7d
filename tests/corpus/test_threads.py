from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEvent, User
from corpus import actions, threads
from corpus.models import Comment, CommentEvent, Version
from corpus.models.pairs import Status
from tests.corpus import made
from tests.people import PASSWORD, person

SignIn = Callable[[User], Client]
ASK: dict[str, Any] = {"kind": "request", "is_blocking": True, "body": "Name a step."}


def asked(by: User, version: Version, **changes: Any) -> Comment:
    return actions.comment(by=by, version=version, **{**ASK, **changes})


def remark(client: Client, version: Version, **said: Any) -> Any:
    return client.post(reverse("corpus:remark", args=[version.pk]), said)


def answer(client: Client, comment: Comment, **said: Any) -> Any:
    return client.post(reverse("corpus:answer", args=[comment.pk]), said)


# How a request moves


@given(st.lists(st.sampled_from(["addressed", "resolved", "reopened"]), max_size=12))
def test_every_walk_of_allowed_moves_ends_in_a_known_state(moves: list[str]) -> None:
    last: str | None = None
    for move in moves:
        if move in threads.allowed("request", threads.state(last)):
            last = move
    assert threads.state(last) in threads.MOVES
    assert threads.allowed("comment", threads.state(last)) == ("reply",)


@given(st.text(), st.text())
def test_nothing_stands_in_a_text_that_does_not_hold_it(passage: str, text: str) -> None:
    found = threads.stands_in(passage, text)
    assert found == (bool(passage.split()) and " ".join(passage.split()) in " ".join(text.split()))


def test_a_request_is_addressed_by_the_author_and_resolved_by_a_reviewer(
    author: User, reviewer: User
) -> None:
    comment = asked(reviewer, made.in_review(author))
    assert comment.state == "open"
    actions.answer(by=author, comment=comment, move="addressed", body="Second sentence.")
    stored = Comment.objects.with_state().get()
    assert stored.state == "addressed"
    with pytest.raises(actions.NotYours):
        actions.answer(by=author, comment=comment, move="resolved")
    actions.answer(by=reviewer, comment=comment, move="resolved")
    assert Comment.objects.with_state().get().state == "resolved"
    assert not Comment.objects.unsettled().exists()
    actions.answer(by=reviewer, comment=comment, move="reopened", body="It went again.")
    assert list(Comment.objects.unsettled()) == [comment]
    assert AuditEvent.objects.filter(target=comment.pk).count() == 3


def test_a_state_refuses_what_it_does_not_allow(author: User, reviewer: User) -> None:
    comment = asked(reviewer, made.in_review(author))
    with pytest.raises(actions.NotNow, match="open; it cannot be reopened"):
        actions.answer(by=reviewer, comment=comment, move="reopened", body="Hm")
    plain = actions.comment(by=reviewer, version=comment.version, body="Well said.")
    with pytest.raises(actions.NotNow):
        actions.answer(by=reviewer, comment=plain, move="resolved")
    with pytest.raises(actions.ReasonMissing):
        actions.answer(by=author, comment=plain, body=" ")


def test_nobody_resolves_a_request_on_their_own_pair(reviewer: User) -> None:
    both = person("author", "reviewer")
    comment = asked(reviewer, made.in_review(both))
    with pytest.raises(actions.OwnWork):
        actions.answer(by=both, comment=comment, move="resolved")


def test_only_reviewers_ask_for_what_must_be_met(author: User, researcher: User) -> None:
    version = made.in_review(author)
    with pytest.raises(actions.NotYours, match="Reviewers"):
        asked(author, version)
    assert asked(author, version, is_blocking=False).kind == "request"
    with pytest.raises(actions.NotYours):
        asked(researcher, version)


def test_a_passage_stands_in_what_the_version_says(author: User, reviewer: User) -> None:
    version = made.in_review(author)
    found = asked(reviewer, version, passage="the laughing\n do to you?")
    assert found.passage.startswith("the laughing")
    assert asked(reviewer, version, passage="He laughed at me").passage
    with pytest.raises(actions.BadDraft, match="do not stand in this version"):
        asked(reviewer, version, passage="words of another text")


# Stopping an approval


def test_an_open_blocking_request_stops_an_approval(author: User, reviewer: User) -> None:
    version = made.in_review(author)
    comment = asked(reviewer, version)
    for move in (None, "addressed"):
        if move:
            actions.answer(by=author, comment=comment, move=move)
        with pytest.raises(actions.Unmet, match=r"1 open request must be met first\. “Name"):
            made.approve(person("reviewer"), version, at=made.AT)
    actions.answer(by=reviewer, comment=comment, move="resolved")
    assert made.approve(reviewer, version, at=made.AT).is_approved


def test_a_request_that_does_not_block_stops_nothing(author: User, reviewer: User) -> None:
    version = made.in_review(author)
    asked(reviewer, version, is_blocking=False)
    assert made.approve(reviewer, version, at=made.AT).is_approved


def test_a_new_version_carries_the_requests(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    first = made.in_review(author)
    comment = asked(reviewer, first)
    actions.comment(by=reviewer, version=first, body="Only a comment.")
    actions.request_changes(by=reviewer, version=first, reason="See there", at=made.AT)
    second = actions.start_new_version(by=author, pair=first.pair, at=made.AT)
    assert list(Comment.objects.on(second)) == [comment]
    actions.submit(by=author, version=second, at=made.AT)
    with pytest.raises(actions.Unmet):
        made.approve(reviewer, second, at=made.AT)
    page = signed_in(reviewer).get(second.get_absolute_url()).content.decode()
    assert "Name a step." in page and "on version 1" in page and "Only a comment." not in page
    actions.answer(by=reviewer, comment=comment, move="resolved")
    assert list(Comment.objects.on(second)) == [comment]
    assert made.approve(reviewer, second, at=made.AT).status == Status.APPROVED


# The pages


def test_a_reviewer_asks_for_a_change_of_some_words(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    version, client = made.in_review(author), signed_in(reviewer)
    wrong = remark(client, version, kind="blocking", passage="not there", body="Kept words")
    assert wrong.status_code == 422
    assert b"do not stand in this version" in wrong.content and b"Kept words" in wrong.content
    remark(client, version, kind="blocking", passage="I will not help", body="Warmer, please.")
    stored = Comment.objects.get()
    assert (stored.kind, stored.is_blocking) == ("request", True)
    page = client.get(version.get_absolute_url()).content.decode()
    assert "<q" in page and "Request that must be met before approval" in page


def test_an_author_is_not_offered_a_blocking_request(author: User, signed_in: SignIn) -> None:
    version, client = made.in_review(author), signed_in(author)
    assert b'value="blocking"' not in client.get(version.get_absolute_url()).content
    assert remark(client, version, kind="blocking", body="Hm").status_code == 422


def test_answering_moves_the_thread_and_leads_back(
    author: User, reviewer: User, researcher: User, signed_in: SignIn
) -> None:
    version = made.in_review(author)
    comment = asked(reviewer, version)
    assert "/you/" in answer(Client(), comment, body="Hm")["Location"]
    assert signed_in(person("rater")).post(
        reverse("corpus:answer", args=[comment.pk]), {"body": "Hm"}
    ).status_code == 403  # fmt: skip
    answer(signed_in(researcher), comment, body="Hm")
    assert not CommentEvent.objects.exists()
    done = answer(signed_in(author), comment, move="addressed", version=version.pk)
    assert done["Location"] == comment.get_absolute_url()
    page = signed_in(reviewer).get(version.get_absolute_url()).content.decode()
    assert "Addressed" in page and "It is resolved" in page
    refused = signed_in(author).post(
        reverse("corpus:answer", args=[comment.pk]), {"move": "resolved"}, follow=True
    )
    assert b"resolved or reopened by a reviewer" in refused.content


def test_the_reviewer_reads_which_request_is_open(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    version = made.in_review(author)
    asked(reviewer, version)
    page = signed_in(reviewer).post(
        reverse("corpus:review", args=[version.pk]),
        {
            "decision": "approve",
            "lock_version": version.lock_version,
            "reason": "Warm.",
            "password": PASSWORD,
        },
    )
    assert page.status_code == 409 and b"Name a step." in page.content


def test_a_reviewer_compares_with_the_last_approved_version(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    first = made.approved(author, reviewer, response="I will stay with you tonight.")
    second = actions.start_new_version(by=author, pair=first.pair, at=made.AT)
    actions.submit(by=author, version=second, at=made.AT)
    actions.request_changes(by=reviewer, version=second, reason="Shorter", at=made.AT)
    third = actions.start_new_version(by=author, pair=first.pair, at=made.AT)
    changed = made.fields(response="I can stay with you tonight.", country="DE")
    actions.save_draft(by=author, version=third, fields=changed, lock_version=1, at=made.AT)
    actions.submit(by=author, version=third, at=made.AT)
    page = signed_in(reviewer).get(third.get_absolute_url()).content.decode()
    assert "What changed since version 1, which is approved" in page
    assert "<del>will</del>" in page and "<ins>can</ins>" in page
    assert "<del>Denmark</del>" in page and "<ins>Germany</ins>" in page
    assert "<details open>" in page


# What the database itself refuses


def test_the_database_keeps_what_was_said(author: User, reviewer: User) -> None:
    comment = asked(reviewer, made.in_review(author))
    event = actions.answer(by=author, comment=comment, body="Where?")
    for rows in (Comment.objects, CommentEvent.objects.filter(pk=event.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(body="Never said")


def test_the_database_lets_only_requests_block(author: User) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Comment.objects.create(
            version=made.draft(author), author=author, body="x", is_blocking=True
        )  # fmt: skip
