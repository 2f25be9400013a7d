"""Answers are taken once, whatever the network does, and what cannot be taken is kept."""

from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from annotation import answers
from annotation.actions import drafts, studies, submission
from annotation.models import Assignment, Preference, Rater, Rating
from tests.annotation.made import AT, LATER, lease, ratings, study
from tests.people import person

pytestmark = pytest.mark.django_db


def send(assignment: Assignment, *, key="key", token=None, preference="A", at=AT, sent=None):
    return submission.submit(
        assignment=assignment,
        rater=assignment.rater,
        token=token or assignment.token,
        key=key,
        ratings=ratings(assignment.study) if sent is None else sent,
        preference=preference,
        at=at,
    )


@pytest.fixture
def held(rater) -> Assignment:
    return lease(study(), rater)


def test_submitting_writes_every_rating_and_the_preference(held) -> None:
    receipt = send(held)
    assert (receipt.assignment, receipt.submitted_at) == (held.pk, AT)
    assert held.ratings.count() == 8
    assert {rating.rubric_digest for rating in held.ratings.all()} == {held.study.rubric.digest}
    assert held.preferences.get().choice == "prefers"


def test_equal_and_both_unacceptable_name_no_completion(held) -> None:
    send(held, preference="both_unacceptable")
    assert (held.preferences.get().choice, held.preferences.get().chosen) == (
        "both_unacceptable",
        None,
    )


def test_the_same_key_and_body_get_the_same_answer(held) -> None:
    first = send(held)
    held.refresh_from_db()
    assert send(held, at=AT + LATER, token=held.token) == first
    assert Rating.objects.count() == 8


def test_the_same_key_with_other_answers_is_refused(held) -> None:
    send(held)
    held.refresh_from_db()
    with pytest.raises(submission.KeyReused):
        send(held, preference="B")
    assert Preference.objects.get().chosen is not None
    assert Rating.objects.count() == 8


def test_another_key_on_a_finished_item_changes_nothing(held) -> None:
    send(held)
    held.refresh_from_db()
    with pytest.raises(submission.AlreadyFinished):
        send(held, key="another")
    assert Rating.objects.count() == 8


def test_a_replay_beside_the_first_gets_its_answer(held) -> None:
    stale = Assignment.objects.to_work_on().get(pk=held.pk)
    assert send(held) == send(stale)


@pytest.mark.parametrize(("token", "at"), [("of-an-older-lease", AT), (None, AT + LATER)])
def test_a_lost_lease_takes_nothing_and_keeps_the_text(held, token, at) -> None:
    with pytest.raises(drafts.LeaseLost):
        send(held, token=token, at=at)
    held.refresh_from_db()
    assert held.draft["ratings"] == ratings(held.study)
    assert held.draft["preference"] == "A"
    assert not Rating.objects.exists()


def test_a_closed_study_takes_nothing_and_keeps_the_text(held) -> None:
    studies.close(by=None, study=held.study, at=AT)
    with pytest.raises(submission.StudyClosed, match="kept"):
        send(held)
    held.refresh_from_db()
    assert held.draft["preference"] == "A"
    assert not Rating.objects.exists()


def test_answers_that_do_not_fit_change_nothing(held) -> None:
    with pytest.raises(answers.Unfit):
        send(held, sent=ratings(held.study)[1:])
    held.refresh_from_db()
    assert held.state == "leased"


def test_nobody_submits_for_somebody_else(held) -> None:
    other = Rater.objects.create(user=person("rater"), label="other")
    with pytest.raises(drafts.LeaseLost):
        submission.submit(
            assignment=held,
            rater=other,
            token=held.token,
            key="key",
            ratings=ratings(held.study),
            preference="A",
            at=AT,
        )


def test_a_rating_is_never_changed(held) -> None:
    send(held)
    with pytest.raises(DatabaseError), transaction.atomic():
        Rating.objects.update(value=1)


def test_submitting_asks_little_of_the_database(held, django_assert_num_queries) -> None:
    loaded = Assignment.objects.to_work_on().get(pk=held.pk)
    sent = ratings(loaded.study)
    with django_assert_num_queries(6):  # move, answers, ratings, preference, in a savepoint
        send(loaded, sent=sent)


def test_a_draft_is_kept_and_prolongs_the_lease(held) -> None:
    body = {"ratings": ratings(held.study)[:2], "preference": None}
    drafts.save(assignment=held, token=held.token, body=body, at=AT + LATER / 2)
    again = lease(held.study, held.rater, AT + LATER)
    assert again.token == held.token
    assert again.draft == body


def test_a_draft_after_the_lease_is_kept_and_said(held) -> None:
    with pytest.raises(drafts.LeaseLost, match="is kept"):
        drafts.save(assignment=held, token=held.token, body={"preference": "B"}, at=AT + LATER)
    held.refresh_from_db()
    assert held.draft["preference"] == "B"


def test_a_late_draft_never_disturbs_a_newer_lease(held) -> None:
    again = lease(held.study, held.rater, AT + LATER)
    drafts.save(assignment=again, token=again.token, body={"preference": "A"}, at=AT + LATER)
    with pytest.raises(drafts.LeaseLost, match="another tab"):
        drafts.save(assignment=held, token=held.token, body={"preference": "B"}, at=AT + LATER)
    held.refresh_from_db()
    assert held.draft["preference"] == "A"


def test_skipping_twice_is_one_skip(held) -> None:
    for _ in range(2):
        submission.skip(assignment=held, token=held.token, at=AT)
    held.item.refresh_from_db()
    assert held.item.places_left == held.study.k


def test_what_was_submitted_cannot_be_skipped(held) -> None:
    send(held)
    with pytest.raises(submission.AlreadyFinished):
        submission.skip(assignment=held, token=held.token, at=AT)


@pytest.mark.django_db(transaction=True)
def test_fifty_posts_at_once_are_one_rating() -> None:
    held = lease(study(), person("rater"))
    assert held.study.rubric.sheet
    outcomes: list[object] = []
    together = Barrier(50)

    def post() -> None:
        try:
            mine = Assignment.objects.to_work_on().get(pk=held.pk)
            together.wait()
            outcomes.append(send(mine))
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [Thread(target=post) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) == {submission.Receipt(held.pk, AT)}
    assert (Rating.objects.count(), Preference.objects.count()) == (8, 1)


def test_two_tabs_with_different_answers_are_one_rating_and_the_second_is_told(held) -> None:
    other_tab = Assignment.objects.to_work_on().get(pk=held.pk)
    send(held, key="one tab")
    with pytest.raises(submission.AlreadyFinished, match="Nothing was changed"):
        send(other_tab, key="other tab", preference="B")
    assert Rating.objects.count() == 8
    assert held.preferences.get().choice == "prefers"


def test_what_a_newer_lease_holds_is_not_written_over_by_a_stale_tab(held) -> None:
    again = lease(held.study, held.rater, AT + LATER)
    drafts.save(assignment=again, token=again.token, body={"preference": "A"}, at=AT + LATER)
    with pytest.raises(drafts.LeaseLost, match="another tab"):
        send(held, preference="B", at=AT + LATER)
    assert Assignment.objects.get(pk=held.pk).draft["preference"] == "A"
