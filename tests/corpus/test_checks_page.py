from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from corpus import actions
from corpus.checks import CHECKS, DEFAULTS, Setting
from corpus.inspection import near_copies
from corpus.models import CheckSetting, Sketch, Version
from corpus.models.pairs import Status
from tests.corpus import made
from tests.corpus.test_edit_page import save
from tests.people import PASSWORD

SignIn = Callable[[User], Client]
TEXT = (
    "You were laughed at in front of everybody, and that hurts. I will not help with scaring him. "
    "Try to breathe out slowly ten times before you answer. A friend or a teacher you trust "
    "can listen today, and the youth line takes messages at night. What would a good week be?"
)
EMAIL = [{"role": "user", "content": "Write to ann@example.org, she laughed at me."}]


# While typing


def test_an_autosave_answers_with_what_the_checks_found(author: User, signed_in: SignIn) -> None:
    version = made.draft(author)
    answer = save(signed_in(author), version, autosave=True, response="He committed suicide.")
    page = answer.content.decode()
    assert answer.status_code == 200 and "Safe-messaging wording" in page
    assert "<q" in page and "died by suicide" in page


def test_checks_never_stop_a_draft_from_being_sent(author: User, signed_in: SignIn) -> None:
    version = made.draft(author, messages=EMAIL)
    save(signed_in(author), version, send="1")
    assert Version.objects.get().status == Status.IN_REVIEW


def test_the_version_page_shows_the_checks_while_it_is_open(
    author: User, reviewer: User, researcher: User, signed_in: SignIn
) -> None:
    version = made.in_review(author, response="He committed suicide.")
    url = version.get_absolute_url()
    assert b"Safe-messaging wording" in signed_in(reviewer).get(url).content
    assert b"Safe-messaging wording" not in signed_in(researcher).get(url).content
    actions.reject(by=reviewer, version=version, reason="No", at=made.AT)
    assert b"Safe-messaging wording" not in signed_in(reviewer).get(url).content


# Near copies


def test_a_near_copy_of_another_pair_is_named(author: User, signed_in: SignIn) -> None:
    there = made.in_review(author, response=TEXT)
    draft = made.draft(author, response=TEXT.replace("today", "tonight"))
    (near,) = near_copies(draft)
    assert near.url == there.get_absolute_url() and 0.6 < near.likeness < 1
    page = signed_in(author).get(reverse("corpus:edit", args=[draft.pk])).content.decode()
    assert "Another pair has this response to" in page and there.get_absolute_url() in page


def test_versions_of_the_same_pair_and_rejected_ones_are_no_copies(
    author: User, reviewer: User
) -> None:
    first = made.approved(author, reviewer, response=TEXT)
    assert near_copies(actions.start_new_version(by=author, pair=first.pair, at=made.AT)) == []
    gone = made.in_review(author, response="Other words, said to one person only, and once.")
    copy = made.draft(author, response=gone.response)
    assert len(near_copies(copy)) == 1
    actions.reject(by=reviewer, version=gone, reason="Not ours", at=made.AT)
    assert near_copies(copy) == []


def test_a_response_sent_again_is_placed_anew(author: User) -> None:
    version = made.in_review(author, response=TEXT)
    before = Sketch.objects.get().family
    actions.withdraw_submission(by=author, version=version, at=made.AT)
    saved = actions.save_draft(
        by=author, version=version, fields=made.fields(response="Wholly other words, said once."),
        lock_version=version.lock_version, at=made.AT,
    )  # fmt: skip
    actions.submit(by=author, version=saved, at=made.AT)
    assert Sketch.objects.get().family != before


def test_placing_everything_anew_gives_the_same_families(author: User) -> None:
    for word in ("today", "tonight", "tomorrow"):
        made.in_review(author, response=TEXT.replace("today", word))
    made.in_review(author)
    before = dict(Sketch.objects.values_list("version", "family"))
    assert len(set(before.values())) == 2
    assert actions.place_all(by=None) == 4
    after = dict(Sketch.objects.values_list("version", "family"))
    assert len(set(after.values())) == 2 and set(after) == set(before)


# Stopping an approval


def test_personal_data_stops_an_approval_until_a_curator_decides_otherwise(
    author: User, reviewer: User, curator: User
) -> None:
    version = made.in_review(author, messages=EMAIL)
    with pytest.raises(actions.Stopped, match="An e-mail address"):
        made.approve(reviewer, version, at=made.AT)
    assert Version.objects.get().status == Status.IN_REVIEW
    actions.set_checks(by=curator, on=list(CHECKS), blocking=[])
    assert made.approve(reviewer, version, at=made.AT).is_approved


def test_a_curator_may_let_near_copies_stop_an_approval(
    author: User, reviewer: User, curator: User
) -> None:
    made.in_review(author, response=TEXT)
    copy = made.in_review(author, response=TEXT)
    actions.set_checks(by=curator, on=["near_copy"], blocking=["near_copy", "parts"])
    assert CheckSetting.objects.current()["parts"] == Setting(False, False)
    with pytest.raises(actions.Stopped, match="word for word"):
        made.approve(reviewer, copy, at=made.AT)


def test_the_reviewer_reads_why_an_approval_was_stopped(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    version = made.in_review(author, messages=EMAIL)
    answer = signed_in(reviewer).post(
        reverse("corpus:review", args=[version.pk]),
        {
            "decision": "approve",
            "lock_version": version.lock_version,
            "reason": "Warm.",
            "password": PASSWORD,
        },
    )
    assert answer.status_code == 409 and b"Personal data: An e-mail address." in answer.content


# The curator's page


def test_only_curators_set_the_checks(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    url = reverse("corpus:checks")
    assert Client().post(url).status_code == 302
    for other in (author, reviewer):
        assert signed_in(other).post(url, {"on": ["length"]}).status_code == 403
    assert not CheckSetting.objects.exists()
    with pytest.raises(actions.NotYours):
        actions.set_checks(by=author, on=[], blocking=[])
    client = signed_in(curator)
    on = [key for key in CHECKS if key != "length"]
    client.post(url, {"on": on, "blocking": ["method_detail", "length", "made-up"]})
    current = CheckSetting.objects.current()
    assert current["length"] == Setting(False, False)
    assert current["method_detail"] == Setting(True, True)
    assert current["personal_data"] == Setting(True, False)
    assert current["parts"] == DEFAULTS["parts"]
    assert AuditEvent.objects.filter(verb="check set", by=curator).count() == 3


def test_saving_what_is_set_changes_nothing(curator: User, signed_in: SignIn) -> None:
    said = {"on": list(CHECKS), "blocking": ["personal_data"]}
    page = signed_in(curator).post(reverse("corpus:checks"), said, follow=True)
    assert b"Nothing changed." in page.content and not CheckSetting.objects.exists()


def test_the_page_of_checks_costs_the_same(
    curator: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(curator)
    with django_assert_num_queries(4):
        page = client.get(reverse("corpus:checks"))
    assert page.content.count(b'name="on"') == len(CHECKS)


def test_the_database_keeps_a_check_that_is_off_from_blocking(db: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        CheckSetting.objects.create(key="length", is_on=False, blocks_approval=True)
