from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent, User
from corpus import actions, conversation
from corpus.models import Prompt, Version
from corpus.models.pairs import Status
from tests.corpus import made
from tests.corpus.made import AT
from tests.people import person

LATER = AT + timedelta(hours=1)


# Writing


def test_a_pair_starts_with_a_draft_of_its_first_version(author: User) -> None:
    version = actions.start_pair(by=author, at=AT)
    assert (version.number, version.status, version.is_latest) == (1, Status.DRAFT, True)


def test_saving_raises_the_lock_version(author: User) -> None:
    version = made.draft(author)
    saved = actions.save_draft(
        by=author, version=version, fields=made.fields(response="Other"), lock_version=1, at=LATER
    )
    assert (saved.response, saved.lock_version, saved.saved_at) == ("Other", 2, LATER)


def test_the_second_of_two_savers_is_shown_what_is_stored(author: User) -> None:
    version = made.draft(author)
    first, second = made.fields(response="From tab one"), made.fields(response="From tab two")
    actions.save_draft(by=author, version=version, fields=first, lock_version=1, at=LATER)
    with pytest.raises(actions.Conflict) as caught:
        actions.save_draft(by=author, version=version, fields=second, lock_version=1, at=LATER)
    assert caught.value.stored.response == "From tab one"
    assert Version.objects.get(pk=version.pk).response == "From tab one"


def test_the_same_save_sent_again_is_no_conflict(author: User) -> None:
    version = made.draft(author)
    same = made.fields(response="Sent twice")
    actions.save_draft(by=author, version=version, fields=same, lock_version=1, at=LATER)
    again = actions.save_draft(by=author, version=version, fields=same, lock_version=1, at=LATER)
    assert again.lock_version == 2


def test_nobody_saves_another_persons_draft(author: User) -> None:
    with pytest.raises(actions.NotYours):
        actions.save_draft(
            by=person("author"), version=made.draft(author), fields=made.fields(),
            lock_version=1, at=LATER,
        )  # fmt: skip


def test_a_submitted_version_no_longer_changes(author: User) -> None:
    version = made.in_review(author)
    with pytest.raises(actions.NotNow, match="in review"):
        actions.save_draft(
            by=author, version=version, fields=made.fields(), lock_version=2, at=LATER
        )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": "Denmark"}, "country"),
        ({"language": "english!"}, "language"),
        ({"expected_action": "ignore"}, "expected_action"),
        ({"response": "a\x00"}, "response"),
        ({"category": "a" * 121}, "category"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages"),
    ],
)
def test_a_value_that_no_draft_holds_is_refused_by_its_field(
    author: User, change: dict, field: str
) -> None:
    with pytest.raises(actions.BadDraft) as caught:
        made.draft(author, **change)
    assert caught.value.field == field


def test_submitting_says_everything_that_is_missing(author: User) -> None:
    version = made.draft(author, domain=None, response="")
    with pytest.raises(actions.NotReady) as caught:
        actions.submit(by=author, version=version, at=LATER)
    assert [gap.field for gap in caught.value.gaps] == ["domain", "response"]


def test_a_withdrawn_version_is_a_draft_again(author: User) -> None:
    version = actions.withdraw_submission(by=author, version=made.in_review(author), at=LATER)
    assert (version.status, version.submitted_at) == (Status.DRAFT, None)


def test_a_decided_version_is_not_withdrawn(author: User, reviewer: User) -> None:
    with pytest.raises(actions.NotNow, match="approved"):
        actions.withdraw_submission(by=author, version=made.approved(author, reviewer), at=LATER)


# Reviewing


def test_approving_signs_the_version_and_makes_its_prompt(author: User, reviewer: User) -> None:
    version = made.approved(author, reviewer)
    assert version.status == Status.APPROVED
    assert version.decided_by == reviewer and version.decided_at == AT
    assert len(version.digest) == 64 and version.best_before == date(2027, 3, 2)
    assert version.prompt and version.prompt.messages == version.messages
    assert AuditEvent.objects.filter(target=version.pk, verb="pair approved", by=reviewer).exists()


def test_approving_needs_a_second_clinician(db: None) -> None:
    both = person("author", "reviewer")
    with pytest.raises(actions.OwnWork):
        made.approve(both, made.in_review(both), at=LATER)


def test_the_writer_of_an_earlier_version_does_not_review_the_pair(
    author: User, reviewer: User
) -> None:
    both = person("author", "reviewer")
    first = actions.request_changes(
        by=reviewer, version=made.in_review(both), reason="Shorter", at=LATER
    )
    second = actions.start_new_version(by=author, pair=first.pair, at=LATER)
    actions.submit(by=author, version=second, at=LATER)
    with pytest.raises(actions.OwnWork):
        made.approve(both, second, at=LATER)
    assert list(Version.objects.waiting_for(both)) == []
    assert list(Version.objects.waiting_for(reviewer)) == [second]


def test_an_author_without_the_role_decides_nothing(author: User) -> None:
    with pytest.raises(actions.NotYours):
        actions.reject(by=person("author"), version=made.in_review(author), reason="No", at=LATER)


def test_of_two_reviewers_the_second_is_told(author: User, reviewer: User) -> None:
    version = made.in_review(author)
    stale = Version.objects.get(pk=version.pk)
    actions.reject(by=reviewer, version=version, reason="Nothing to refuse", at=LATER)
    with pytest.raises(actions.NotNow, match="rejected"):
        made.approve(person("reviewer"), stale, at=LATER)


def test_what_is_signed_is_what_was_read(author: User, reviewer: User) -> None:
    version = made.in_review(author)
    read = version.lock_version
    actions.withdraw_submission(by=author, version=version, at=LATER)
    changed = actions.save_draft(
        by=author, version=version, fields=made.fields(response="Something else"),
        lock_version=version.lock_version, at=LATER,
    )  # fmt: skip
    actions.submit(by=author, version=changed, at=LATER)
    with pytest.raises(actions.Conflict):
        made.approve(reviewer, version, at=LATER, lock_version=read)


@pytest.mark.parametrize("decide", [actions.request_changes, actions.reject])
def test_a_decision_against_needs_a_reason(author: User, reviewer: User, decide) -> None:
    with pytest.raises(actions.ReasonMissing):
        decide(by=reviewer, version=made.in_review(author), reason="  ", at=LATER)


def test_an_identical_prompt_is_used_again(author: User, reviewer: User) -> None:
    first = made.approved(author, reviewer)
    second = made.approved(author, reviewer, response="Another answer to the same words.")
    assert first.prompt == second.prompt
    assert made.approved(author, reviewer, country="DE").prompt != first.prompt


def test_a_researcher_reads_and_does_not_remark(author: User, researcher: User) -> None:
    with pytest.raises(actions.NotYours):
        actions.comment(by=researcher, version=made.in_review(author), body="Hm")


# New versions


def test_an_approved_pair_is_replaced_by_a_new_version(author: User, reviewer: User) -> None:
    first = made.approved(author, reviewer)
    second = actions.start_new_version(by=author, pair=first.pair, at=LATER)
    assert (second.number, second.status, second.response) == (2, Status.DRAFT, first.response)
    assert list(first.pair.versions.filter(is_latest=True)) == [second]
    assert list(Version.objects.current()) == [first]


def test_the_newest_approved_version_is_the_current_one(author: User, reviewer: User) -> None:
    first = made.approved(author, reviewer)
    second = actions.start_new_version(by=author, pair=first.pair, at=LATER)
    actions.submit(by=author, version=second, at=LATER)
    made.approve(reviewer, second, at=LATER)
    assert list(Version.objects.current()) == [second]


@pytest.mark.parametrize("make", [made.draft, made.in_review])
def test_an_open_version_is_finished_before_a_new_one(author: User, make) -> None:
    with pytest.raises(actions.NotNow):
        actions.start_new_version(by=author, pair=make(author).pair, at=LATER)


# Prompt sets


def test_a_prompt_set_keeps_its_order_and_ids(db: None) -> None:
    made_set = made.prompt_set(3)
    entries = made_set.entries.select_related("prompt")
    assert [entry.external_id for entry in entries] == ["made-0", "made-1", "made-2"]
    assert [entry.position for entry in entries] == [1, 2, 3]


def test_a_second_set_of_the_same_name_is_refused(db: None) -> None:
    made.prompt_set(1)
    with pytest.raises(actions.NameTaken, match="choose another name"):
        made.prompt_set(1)


def test_a_set_of_approved_pairs_holds_what_is_fresh_in_its_domains(
    author: User, reviewer: User
) -> None:
    weapons = made.domain("weapons")
    inside = made.approved(author, reviewer, messages=conversation.single("One"))
    made.approved(author, reviewer, domain=weapons, messages=conversation.single("Two"))
    made.in_review(author, messages=conversation.single("Three"))
    chosen = actions.prompt_set_from_approved(
        by=None, name="Spring", domains=[made.domain()], on=AT.date()
    )
    assert list(chosen.prompts.all()) == [inside.prompt]
    with pytest.raises(actions.NotNow):
        actions.prompt_set_from_approved(by=None, name="Stale", on=date(2030, 1, 1))


# What the database itself refuses


def test_the_database_refuses_an_author_who_decides(author: User) -> None:
    version = made.in_review(author)
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(
            status=Status.REJECTED, decided_by=author, decided_at=AT
        )


@pytest.mark.parametrize(
    "change", [{"response": "Changed"}, {"status": "draft"}, {"digest": "0"}, {"number": 9}]
)
def test_the_database_keeps_an_approved_version(author: User, reviewer: User, change: dict) -> None:
    version = made.approved(author, reviewer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(**change)


def test_the_database_keeps_a_prompt(author: User, reviewer: User) -> None:
    made.approved(author, reviewer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Prompt.objects.update(category="other")


def test_the_signature_changes_with_every_word(author: User, reviewer: User) -> None:
    first = made.approved(author, reviewer)
    second = made.approved(author, reviewer, response=replace(made.fields()).response + "!")
    assert first.digest != second.digest
