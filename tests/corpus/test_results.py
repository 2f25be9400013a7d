from typing import Any

from django.core.management import call_command

from accounts.models import User
from corpus import actions, conversation
from corpus.actions.results import keep
from corpus.models import CheckResult, Version
from tests.corpus import made

MAIL = "Write to me at somebody@example.org. "

PERSONAL = ("personal_data", "note")  # an address that can belong to nobody


def found(version: Version) -> set[tuple[str, str]]:
    return set(version.check_results.values_list("key", "level"))


def test_a_draft_has_no_results_until_it_is_sent(author: User) -> None:
    draft = made.draft(author, response=MAIL + "I will not help with scaring him.")
    assert found(draft) == set()
    sent = actions.submit(by=author, version=draft, at=made.AT)
    assert PERSONAL in found(sent)


def test_results_count_every_place(author: User) -> None:
    sent = made.in_review(author, response=MAIL + "Or to her at other@example.org.")
    assert sent.check_results.get(key="personal_data").n == 2


def test_what_a_curator_switched_off_is_kept_as_well(author: User, curator: User) -> None:
    actions.set_checks(by=curator, on=[], blocking=[])
    assert PERSONAL in found(made.in_review(author, response=MAIL))


def test_results_are_replaced_when_it_is_sent_again(author: User) -> None:
    sent = made.in_review(author, response=MAIL + "And now?")
    draft = actions.withdraw_submission(by=author, version=sent, at=made.AT)
    draft = actions.save_draft(
        by=author, version=draft, fields=made.fields(), lock_version=draft.lock_version, at=made.AT
    )
    sent = actions.submit(by=author, version=draft, at=made.AT)
    assert PERSONAL not in found(sent)


def test_a_near_copy_marks_both(author: User, reviewer: User) -> None:
    first = made.approved(author, reviewer)
    assert ("near_copy", "warn") not in found(first)
    second = made.in_review(author, messages=conversation.single("Somebody else"))
    assert ("near_copy", "warn") in found(first) & found(second)


def test_a_new_version_is_no_near_copy_of_its_own_pair(author: User, reviewer: User) -> None:
    first = made.approved(author, reviewer)
    draft = actions.start_new_version(by=author, pair=first.pair, at=made.AT)
    sent = actions.submit(by=author, version=draft, at=made.AT)
    assert ("near_copy", "warn") not in found(first) | found(sent)


def test_checking_everything_anew_finds_the_same(author: User, reviewer: User) -> None:
    made.approved(author, reviewer)
    made.in_review(author, response=MAIL * 3)
    made.draft(author, response=MAIL)
    before = set(CheckResult.objects.values_list("version", "key", "level", "n"))
    CheckResult.objects.all().delete()
    call_command("recheck", "--checks")
    assert set(CheckResult.objects.values_list("version", "key", "level", "n")) == before


def test_many_versions_cost_as_much_as_one(
    author: User, django_assert_max_num_queries: Any
) -> None:
    versions = [made.in_review(author, messages=conversation.single(f"Case {n}")) for n in range(5)]
    with django_assert_max_num_queries(12):  # with its savepoints
        keep(versions, made.AT)
