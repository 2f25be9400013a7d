"""Signatures: how many make an approval, of which text, by whom, and until when."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import AuditEvent, User
from corpus import actions
from corpus.models import Approval, Version
from corpus.models.pairs import Status
from corpus.signatures import signature, standing
from tests.corpus import made
from tests.corpus.made import AT
from tests.people import person

LATER = AT + timedelta(hours=1)


@pytest.fixture
def second(db: None) -> User:
    return person("reviewer")


@pytest.fixture
def twice(author: User, curator: User) -> Version:
    """In review, in a domain that asks for two signatures."""
    actions.set_approvals_needed(by=curator, domain=made.domain(), n=2)
    return made.in_review(author, domain=made.domain())


def reread(version: Version) -> Version:
    return Version.objects.with_people().get(pk=version.pk)


# One signature


def test_a_signature_says_who_when_how_why_and_of_what(author: User, reviewer: User) -> None:
    version = made.approve(
        reviewer, made.in_review(author), reason="It stays with them.", method="passkey"
    )
    (signed,) = version.approvals.all()
    assert (signed.reviewer, signed.author, signed.last_editor) == (reviewer, author, author)
    assert (signed.method, signed.signed_at, signed.reason) == (
        "passkey", AT, "It stays with them.",
    )  # fmt: skip
    assert signed.digest == version.digest == signature(version)
    assert signed.best_before == version.best_before == date(2027, 3, 2)


def test_an_approval_needs_a_reason(author: User, reviewer: User) -> None:
    with pytest.raises(actions.ReasonMissing):
        made.approve(reviewer, made.in_review(author), reason=" ")
    assert not Approval.objects.exists()


def test_a_best_before_that_has_passed_is_refused(author: User, reviewer: User) -> None:
    with pytest.raises(actions.NotNow, match="Choose a later day"):
        made.approve(reviewer, made.in_review(author), best_before=AT.date())


def test_the_signature_is_of_every_part(author: User) -> None:
    version = made.in_review(author)
    signed = signature(version)
    changes = {"language": "da", "country": "SE", "category": "other", "response": "No."}
    for name, value in {**changes, "expected_action": "answer", "messages": []}.items():
        other = reread(version)
        setattr(other, name, value)
        assert signature(other) != signed, name
    for name in ("domain", "strategy"):
        other = reread(version)
        setattr(other, name, None)
        assert signature(other) != signed, name


def test_what_was_approved_stays_so_when_a_new_version_is_written(
    author: User, reviewer: User
) -> None:
    first = made.approved(author, reviewer)
    before = Version.objects.filter(pk=first.pk).values().get()
    second = actions.start_new_version(by=author, pair=first.pair, at=LATER)
    actions.save_draft(
        by=author, version=second, fields=made.fields(response="Another one."),
        lock_version=second.lock_version, at=LATER,
    )  # fmt: skip
    actions.submit(by=author, version=second, at=LATER)
    assert Version.objects.filter(pk=first.pk).values().get() == {**before, "is_latest": False}
    assert list(Version.objects.current()) == [first]
    assert reread(second).approvals.count() == 0 and first.approvals.count() == 1


# Two signatures


def test_the_first_of_two_signatures_leaves_it_in_review(twice: Version, reviewer: User) -> None:
    version = made.approve(reviewer, twice)
    assert (version.status, version.decided_by, version.digest) == (Status.IN_REVIEW, None, "")
    now = standing(version, AT.date())
    assert now.words == "1 of 2 signatures" and now.n_missing == 1
    event = AuditEvent.objects.get(verb="pair signed", by=reviewer, target=version.pk)
    assert event.note == f"1 of 2 signatures {now.digest}"


def test_the_second_signature_approves_it(twice: Version, reviewer: User, second: User) -> None:
    made.approve(reviewer, twice, reason="Warm.")
    version = made.approve(second, twice, at=LATER, reason="Clear.")
    assert (version.status, version.decided_by, version.decided_at) == (
        Status.APPROVED, second, LATER,
    )  # fmt: skip
    assert version.decision_reason == "Clear." and version.digest == signature(version)
    assert {one.reason for one in version.approvals.all()} == {"Warm.", "Clear."}


def test_nobody_signs_twice(twice: Version, reviewer: User) -> None:
    made.approve(reviewer, twice)
    with pytest.raises(actions.AlreadySigned, match="Somebody else"):
        made.approve(reviewer, twice, at=LATER, best_before=date(2029, 1, 1))
    assert reread(twice).status == Status.IN_REVIEW and Approval.objects.count() == 1


def test_the_earliest_best_before_is_kept(twice: Version, reviewer: User, second: User) -> None:
    made.approve(reviewer, twice, best_before=date(2026, 6, 1))
    version = made.approve(second, twice, at=LATER, best_before=date(2028, 1, 1))
    assert version.best_before == date(2026, 6, 1)


def test_what_waits_for_a_second_signature_waits_for_others(
    twice: Version, reviewer: User, second: User
) -> None:
    made.approve(reviewer, twice)
    assert list(Version.objects.waiting_for(reviewer)) == []
    assert list(Version.objects.waiting_for(second)) == [twice]


@pytest.mark.parametrize("decide", [actions.request_changes, actions.reject])
def test_somebody_else_may_decide_against_it_after_the_first_signature(
    twice: Version, reviewer: User, second: User, decide
) -> None:
    made.approve(reviewer, twice)
    version = decide(by=second, version=twice, reason="The close is too bright.", at=LATER)
    assert version.decided_by == second and version.status != Status.APPROVED
    with pytest.raises(actions.NotNow):
        made.approve(person("reviewer"), twice, at=LATER)


def test_a_signature_of_another_text_does_not_count(
    twice: Version, author: User, reviewer: User, second: User
) -> None:
    made.approve(reviewer, twice)
    back = actions.withdraw_submission(by=author, version=twice, at=LATER)
    said = replace(actions.Fields.of(back), response="I will not, and I am here.")
    back = actions.save_draft(
        by=author, version=back, fields=said, lock_version=back.lock_version, at=LATER
    )
    actions.submit(by=author, version=back, at=LATER)
    assert reviewer in [one.reviewer for one in standing(reread(twice), AT.date()).earlier]
    assert made.approve(second, twice, at=LATER).status == Status.IN_REVIEW
    assert made.approve(reviewer, twice, at=LATER).status == Status.APPROVED
    assert Approval.objects.count() == 3


def test_a_signature_counts_when_the_same_text_is_sent_again(
    twice: Version, author: User, reviewer: User, second: User
) -> None:
    made.approve(reviewer, twice)
    back = actions.withdraw_submission(by=author, version=twice, at=LATER)
    actions.submit(by=author, version=back, at=LATER)
    assert made.approve(second, twice, at=LATER).status == Status.APPROVED


def test_a_signature_that_lapsed_before_the_second_does_not_count(
    twice: Version, reviewer: User, second: User
) -> None:
    made.approve(reviewer, twice, best_before=AT.date() + timedelta(days=3))
    later = AT + timedelta(days=3)
    assert made.approve(second, twice, at=later).status == Status.IN_REVIEW
    again = made.approve(reviewer, twice, at=later, best_before=date(2026, 9, 1))
    assert (again.status, again.best_before) == (Status.APPROVED, date(2026, 9, 1))


def test_an_approved_version_keeps_its_signatures_after_its_day(
    author: User, reviewer: User
) -> None:
    version = made.approved(author, reviewer)
    assert len(standing(reread(version), date(2040, 1, 1)).counting) == 1


def test_who_writes_in_the_pair_after_signing_no_longer_counts(
    twice: Version, author: User
) -> None:
    both = person("author", "reviewer")
    made.approve(both, twice)
    assert standing(reread(twice), AT.date()).of(both)
    Version.objects.filter(pk=twice.pk).update(last_editor=both)
    now = standing(reread(twice), AT.date())
    assert now.of(both) is None and now.earlier[0].reviewer == both


def test_two_who_sign_at_once_both_count(transactional_db: None, author: User) -> None:
    curator, reviewers = person("curator"), [person("reviewer") for _ in range(2)]
    actions.set_approvals_needed(by=curator, domain=made.domain(), n=2)
    version = made.in_review(author, domain=made.domain())
    ends: list[object] = []

    def sign(reviewer: User) -> None:
        try:
            ends.append(made.approve(reviewer, version).status)
        except Exception as error:
            ends.append(error)
        finally:
            connection.close()

    threads = [Thread(target=sign, args=(each,)) for each in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(map(str, ends)) == ["approved", "in_review"]
    assert reread(version).status == Status.APPROVED and Approval.objects.count() == 2
    assert AuditEvent.objects.filter(verb="pair approved", target=version.pk).count() == 1


# How many a domain asks for


def test_a_curator_says_how_many_a_domain_needs(curator: User) -> None:
    domain = actions.set_approvals_needed(by=curator, domain=made.domain(), n=2)
    domain.refresh_from_db()
    assert domain.approvals_needed == 2
    event = AuditEvent.objects.get(verb="approvals set", target="violence", by=curator)
    assert event.note == "1 -> 2"


def test_setting_what_is_set_is_no_event(curator: User) -> None:
    actions.set_approvals_needed(by=curator, domain=made.domain(), n=1)
    assert not AuditEvent.objects.filter(verb="approvals set").exists()


@pytest.mark.parametrize("n", [0, 3])
def test_one_or_two_are_asked_for(curator: User, n: int) -> None:
    with pytest.raises(actions.BadDraft, match="one or two"):
        actions.set_approvals_needed(by=curator, domain=made.domain(), n=n)


def test_a_reviewer_does_not_say_how_many(reviewer: User) -> None:
    with pytest.raises(actions.NotYours):
        actions.set_approvals_needed(by=reviewer, domain=made.domain(), n=2)


def test_asking_for_more_undoes_no_approval(author: User, reviewer: User, curator: User) -> None:
    version = made.approved(author, reviewer)
    actions.set_approvals_needed(by=curator, domain=version.domain, n=2)
    assert reread(version).is_approved and list(Version.objects.current()) == [version]


def test_asking_for_fewer_approves_nothing_by_itself(
    twice: Version, reviewer: User, curator: User
) -> None:
    """Somebody completes it: an approval has a person who decided."""
    made.approve(reviewer, twice)
    actions.set_approvals_needed(by=curator, domain=twice.domain, n=1)
    assert reread(twice).status == Status.IN_REVIEW
    assert list(Version.objects.waiting_for(reviewer)) == [twice]
    version = made.approve(reviewer, twice, at=LATER, reason="Complete.")
    assert (version.status, version.decided_by) == (Status.APPROVED, reviewer)
    assert Approval.objects.count() == 1


# What the database itself refuses


def unsigned(author: User, reviewer: User) -> Approval:
    version = made.in_review(author)
    return Approval(
        version=version, reviewer=reviewer, author=author, last_editor=author, digest="d" * 64,
        method="password", best_before=date(2030, 1, 1), signed_at=AT,
    )  # fmt: skip


@pytest.mark.parametrize("role", ["author", "last_editor"])
def test_the_database_refuses_a_signature_under_ones_own_text(
    author: User, reviewer: User, role: str
) -> None:
    signed = unsigned(author, reviewer)
    setattr(signed, role, reviewer)
    with pytest.raises(DatabaseError), transaction.atomic():
        signed.save()


@pytest.mark.parametrize(("column", "value"), [("digest", ""), ("method", "demo")])
def test_the_database_refuses_half_a_signature(
    author: User, reviewer: User, column: str, value: str
) -> None:
    signed = unsigned(author, reviewer)
    setattr(signed, column, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        signed.save()


def test_the_database_keeps_a_signature_as_it_is(author: User, reviewer: User) -> None:
    made.approved(author, reviewer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.update(reason="Another")
