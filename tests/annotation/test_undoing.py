"""What was sent last can be taken back for a while, and nothing of it counts until it is sent."""

from datetime import timedelta

import pytest

from annotation.actions import studies, submission, undoing
from annotation.models import Assignment, Preference, Rating, Study
from tests.annotation.made import AT, lease, ratings, reason, study

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def made() -> Study:
    return study()


def send(assignment: Assignment, *, at=AT, preference="A", key="key", **values: int) -> None:
    submission.submit(
        assignment=assignment,
        rater=assignment.rater,
        token=assignment.token,
        key=key,
        ratings=ratings(assignment.study, **values),
        preference=preference,
        at=at,
    )


def loaded(assignment: Assignment) -> Assignment:
    return Assignment.objects.to_work_on().get(pk=assignment.pk)


def undo(assignment: Assignment, at=AT + MINUTE) -> Assignment:
    return undoing.undo(assignment=loaded(assignment), at=at)


def test_what_was_sent_becomes_a_draft_again_and_counts_no_more(made, rater) -> None:
    first = lease(made, rater)
    send(first, preference="B", grounding=4)
    back = undo(first)
    assert not Rating.objects.exists()
    assert not Preference.objects.exists()
    assert not made.ratings.exists()
    assert not made.preferences.exists()
    assert Rating.everything.count() == 8
    again = lease(made, rater, AT + MINUTE)
    assert (again.pk, again.token) == (first.pk, back.token)
    assert again.draft["preference"] == "B"
    sent = {(each["slot"], each["criterion"]): each["value"] for each in again.draft["ratings"]}
    assert sent == {
        (each["slot"], each["criterion"]): each["value"] for each in ratings(made, grounding=4)
    }


def test_the_place_is_kept(made, rater) -> None:
    first = lease(made, rater)
    send(first)
    first.item.refresh_from_db()
    taken = first.item.taken
    undo(first)
    first.item.refresh_from_db()
    assert first.item.taken == taken == 1


def test_the_next_item_waits_with_its_draft(made, rater) -> None:
    first = lease(made, rater)
    send(first)
    second = lease(made, rater)
    Assignment.objects.filter(pk=second.pk).update(draft={"ratings": [], "preference": "equal"})
    again = undo(first)
    assert Assignment.objects.get(pk=second.pk).state == "expired"
    send(again, at=AT + MINUTE, key="second try", preference="B")
    after = lease(made, rater, AT + MINUTE)
    assert (after.pk, after.draft["preference"]) == (second.pk, "equal")
    assert Preference.objects.get().superseded_at is None
    assert (Rating.objects.count(), Rating.everything.count()) == (8, 16)


def test_it_is_too_late_after_the_studys_minutes(made, rater) -> None:
    first = lease(made, rater)
    send(first)
    with pytest.raises(undoing.CannotUndo, match="10 minutes"):
        undo(first, AT + 11 * MINUTE)
    assert Rating.objects.count() == 8


def test_a_refusal_leaves_the_next_item_with_its_rater(made, rater) -> None:
    send(first := lease(made, rater))
    second = lease(made, rater)
    with pytest.raises(undoing.CannotUndo):
        undo(first, AT + 11 * MINUTE)
    assert Assignment.objects.get(pk=second.pk).state == "leased"


def test_only_the_last_one_can_be_taken_back(made, rater) -> None:
    send(first := lease(made, rater))
    send(lease(made, rater), at=AT + MINUTE)
    with pytest.raises(undoing.CannotUndo):
        undo(first, AT + 2 * MINUTE)


def test_a_closed_study_keeps_what_was_sent(made, rater) -> None:
    send(first := lease(made, rater))
    studies.close(by=None, study=made, at=AT)
    with pytest.raises(undoing.CannotUndo, match="closed"):
        undo(first)
    assert Rating.objects.count() == 8


def test_taking_back_twice_is_refused_and_changes_nothing(made, rater) -> None:
    send(first := lease(made, rater))
    token = undo(first).token
    with pytest.raises(undoing.CannotUndo):
        undo(first)
    assert Assignment.objects.get(pk=first.pk).token == token


def test_a_replay_after_taking_back_counts_nothing_and_overwrites_nothing(made, rater) -> None:
    first = lease(made, rater)
    send(first, preference="B")
    undo(first)
    with pytest.raises(submission.LeaseLost, match="another tab"):
        send(first, preference="A", at=AT + MINUTE)
    assert not Rating.objects.exists()
    assert Assignment.objects.get(pk=first.pk).draft["preference"] == "B"


def test_a_study_without_undo_offers_none(rater) -> None:
    made = study(slug="strict")
    Study.objects.filter(pk=made.pk).update(undo_minutes=0)
    send(first := lease(made, rater))
    with pytest.raises(undoing.CannotUndo):
        undo(first, AT)


def test_a_repeat_that_is_taken_back_leaves_the_first_answers_alone(rater) -> None:
    made = study(1, k=1, slug="twice", repeat_percent=50)
    Study.objects.filter(pk=made.pk).update(undo_minutes=10)
    send(first := lease(made, rater))
    Assignment.objects.filter(pk=first.pk).update(repeat_due_at=AT)
    second = lease(made, rater, AT + MINUTE)
    assert second.occasion == 2
    send(second, at=AT + 2 * MINUTE, preference="B")
    back = undo(second, AT + 3 * MINUTE)
    assert (back.draft["preference"], Rating.objects.count()) == ("B", 8)
    assert not back.repeats.exists()
    with pytest.raises(undoing.CannotUndo):
        undo(first, AT + 3 * MINUTE)
    send(back, at=AT + 4 * MINUTE, key="again")
    assert back.repeats.count() == 8
    assert reason(made, rater, AT + 5 * MINUTE) == "done"
