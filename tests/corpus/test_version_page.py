from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus import actions
from corpus.models import Comment, Version
from corpus.models.pairs import Status
from tests.corpus import made
from tests.people import PASSWORD, person

SignIn = Callable[[User], Client]
EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def decide(client: Client, version: Version, decision: str, **changes: Any) -> Any:
    values = {
        "decision": decision,
        "lock_version": version.lock_version,
        "reason": "Because",
        "password": PASSWORD,
    }
    return client.post(reverse("corpus:review", args=[version.pk]), {**values, **changes})


# Reading


def test_everything_that_people_wrote_is_escaped(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    version = made.in_review(
        author, messages=[{"role": "user", "content": EVIL}], response=EVIL, category=EVIL[:100]
    )
    actions.comment(by=reviewer, version=version, body=EVIL)
    actions.reject(by=reviewer, version=version, reason=EVIL, at=made.AT)
    page = signed_in(author).get(version.get_absolute_url()).content
    assert b"<img" not in page and b"<script>alert" not in page
    assert page.count(b"&lt;script&gt;alert(2)") == 5


def test_a_rater_reads_no_pairs(author: User, rater: User, signed_in: SignIn) -> None:
    assert signed_in(rater).get(made.draft(author).get_absolute_url()).status_code == 403


def test_a_pair_leads_to_its_newest_version(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    first = made.approved(author, reviewer)
    second = actions.start_new_version(by=author, pair=first.pair, at=made.AT)
    answer = signed_in(author).get(first.pair.get_absolute_url())
    assert answer["Location"] == second.get_absolute_url()


def test_a_new_version_shows_what_changed(author: User, reviewer: User, signed_in: SignIn) -> None:
    first = made.approved(author, reviewer, response="I will stay with you.")
    second = actions.start_new_version(by=author, pair=first.pair, at=made.AT)
    actions.save_draft(
        by=author, version=second, fields=made.fields(response="I can stay with you."),
        lock_version=1, at=made.AT,
    )  # fmt: skip
    page = signed_in(author).get(second.get_absolute_url()).content
    assert b"<del>will</del>" in page and b"<ins>can</ins>" in page


def test_reading_costs_the_same_however_much_was_said(
    author: User, reviewer: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    version, client = made.in_review(author), signed_in(reviewer)
    for number in range(3):
        actions.comment(by=reviewer, version=version, body=f"Remark {number}")
    with django_assert_num_queries(16):
        client.get(version.get_absolute_url())


# Deciding


def test_a_stranger_decides_nothing(author: User) -> None:
    version = made.in_review(author)
    assert decide(Client(), version, "approve").status_code == 302
    assert Version.objects.get().status == Status.IN_REVIEW


def test_a_curator_decides_nothing(author: User, curator: User, signed_in: SignIn) -> None:
    version = made.in_review(author)
    assert decide(signed_in(curator), version, "approve").status_code == 403
    assert Version.objects.get().status == Status.IN_REVIEW


@pytest.mark.parametrize(
    ("decision", "status"),
    [("approve", "approved"), ("request_changes", "changes_requested"), ("reject", "rejected")],
)
def test_a_reviewer_decides(
    author: User, reviewer: User, signed_in: SignIn, decision: str, status: str
) -> None:
    answer = decide(signed_in(reviewer), made.in_review(author), decision)
    assert answer["Location"] == reverse("corpus:queue")
    stored = Version.objects.get()
    assert (stored.status, stored.decided_by) == (status, reviewer)


def test_a_reviewer_is_offered_no_decision_on_their_own_pair(signed_in: SignIn, db: None) -> None:
    both = person("author", "reviewer", password=PASSWORD)
    version = made.in_review(both)
    client = signed_in(both)
    assert b'id="review"' not in client.get(version.get_absolute_url()).content
    answer = decide(client, version, "approve")
    assert answer.status_code == 403 and b"somebody else must review it" in answer.content
    assert Version.objects.get().status == Status.IN_REVIEW


def test_a_decision_without_its_reason_comes_back(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    version, client = made.in_review(author), signed_in(reviewer)
    answer = decide(client, version, "reject", reason=" ")
    assert answer.status_code == 422 and b"Say why" in answer.content
    assert Version.objects.get().status == Status.IN_REVIEW


def test_an_unknown_decision_changes_nothing(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    answer = decide(signed_in(reviewer), made.in_review(author), "delete")
    assert answer.status_code == 422


def test_a_text_sent_again_in_the_meantime_is_not_signed(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    version = made.in_review(author)
    answer = decide(signed_in(reviewer), version, "approve", lock_version=1)
    assert answer.status_code == 409
    assert Version.objects.get().status == Status.IN_REVIEW


# Remarks, taking back, writing anew


def test_a_stranger_and_a_researcher_remark_nothing(
    author: User, researcher: User, signed_in: SignIn
) -> None:
    url = reverse("corpus:remark", args=[made.in_review(author).pk])
    remark = {"kind": "comment", "body": "Hm"}
    assert Client().post(url, remark).status_code == 302
    assert signed_in(researcher).post(url, remark).status_code == 403
    assert not Comment.objects.exists()


def test_a_reviewer_remarks(author: User, reviewer: User, signed_in: SignIn) -> None:
    url = reverse("corpus:remark", args=[made.in_review(author).pk])
    client = signed_in(reviewer)
    remark = {"kind": "comment", "body": "The close is too bright."}
    assert client.post(url, {**remark, "body": " "}).status_code == 422
    assert client.post(url, {**remark, "kind": "verdict"}).status_code == 422
    assert client.post(url, remark).status_code == 302
    assert Comment.objects.get().body == "The close is too bright."


def test_an_author_takes_a_version_back(author: User, signed_in: SignIn) -> None:
    version = made.in_review(author)
    url = reverse("corpus:withdraw", args=[version.pk])
    assert Client().post(url).status_code == 302
    assert signed_in(person("reviewer")).post(url).status_code == 403
    signed_in(person("author")).post(url)
    assert Version.objects.get().status == Status.IN_REVIEW
    answer = signed_in(author).post(url)
    assert answer["Location"] == reverse("corpus:edit", args=[version.pk])
    assert Version.objects.get().status == Status.DRAFT


def test_an_author_writes_a_new_version(author: User, reviewer: User, signed_in: SignIn) -> None:
    pair = made.approved(author, reviewer).pair
    url = reverse("corpus:new_version", args=[pair.pk])
    assert Client().post(url).status_code == 302
    assert signed_in(reviewer).post(url).status_code == 403
    assert pair.versions.count() == 1
    signed_in(author).post(url)
    assert pair.versions.count() == 2
    again = signed_in(author).post(url, follow=True)
    assert b"The latest version is draft" in again.content
