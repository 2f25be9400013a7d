"""Raters get items one at a time, never too many of them an item, and none is lost."""

import pytest

from annotation.actions import allocation, leases, raters, studies, submission
from annotation.models import Assignment, Item, Rating, Seat
from tests.annotation.made import AT, LATER, lease, ratings, reason, study
from tests.people import person

pytestmark = pytest.mark.django_db


def submit(assignment: Assignment, at=AT, **values):
    return submission.submit(
        assignment=assignment,
        rater=assignment.rater,
        token=assignment.token,
        key="key",
        ratings=ratings(assignment.study, **values),
        preference="A",
        at=at,
    )


def test_an_item_is_leased_until_it_is_submitted(rater) -> None:
    made = study()
    first = lease(made, rater)
    assert lease(made, rater) == first
    submit(first)
    assert lease(made, rater) != first


def test_asking_again_renews_the_lease_and_keeps_its_token(rater) -> None:
    made = study()
    first, again = lease(made, rater), lease(made, rater, AT + LATER / 2)
    assert again.token == first.token
    assert again.lease_expires_at == first.lease_expires_at + LATER / 2


def test_an_expired_lease_gets_a_new_token(rater) -> None:
    made = study()
    first, again = lease(made, rater), lease(made, rater, AT + LATER)
    assert again == first
    assert again.token != first.token


def test_a_rater_rates_every_item_once_and_is_done(rater) -> None:
    made = study(7)
    seen = []
    for _ in range(7):
        assignment = lease(made, rater)
        seen.append(assignment.item_id)
        submit(assignment)
    assert len(set(seen)) == 7
    assert reason(made, rater) == "done"


def test_no_item_has_more_raters_than_asked_for() -> None:
    made = study(3, k=1)
    first, second = person("rater"), person("rater")
    held = [lease(made, first)]
    held.append(lease(made, second))
    assert held[0].item != held[1].item
    submit(held[0])
    submit(held[1])
    submit(lease(made, first))
    assert reason(made, first) == "done"
    assert reason(made, second) == "done"


def test_a_rater_waits_while_others_hold_the_rest() -> None:
    made = study(1, k=1)
    first, second = person("rater"), person("rater")
    held = lease(made, first)
    assert reason(made, second) == "wait"
    submit(held)
    assert reason(made, second) == "done"


def test_a_rater_is_done_although_others_still_rate_what_they_have_rated() -> None:
    made = study(1, k=2)
    first, second = person("rater"), person("rater")
    submit(lease(made, first))
    lease(made, second)
    assert reason(made, first) == "done"


def test_an_absent_raters_item_comes_back_when_it_is_needed() -> None:
    made = study(1, k=1)
    first, second = person("rater"), person("rater")
    held = lease(made, first)
    assert lease(made, second, AT + LATER).item == held.item
    assert reason(made, first, AT + LATER) == "wait"
    held.refresh_from_db()
    assert held.state == "expired"


def test_a_rater_who_comes_back_late_goes_on_with_the_same_item(rater) -> None:
    made = study(20)
    held = lease(made, rater)
    assert leases.sweep(at=AT + LATER) == 1
    again = lease(made, rater, AT + LATER)
    assert (again.pk, again.shown) == (held.pk, held.shown)
    assert again.token != held.token
    assert Item.objects.get(pk=held.item_id).places_left == made.k - 1


def test_sweeping_twice_gives_a_place_back_once(rater) -> None:
    made = study()
    held = lease(made, rater)
    assert [leases.sweep(at=AT + LATER), leases.sweep(at=AT + LATER)] == [1, 0]
    assert Item.objects.get(pk=held.item_id).places_left == made.k


def test_a_lease_that_has_not_run_out_is_not_swept(rater) -> None:
    lease(study(), rater)
    assert leases.sweep(at=AT) == 0


def test_a_skipped_item_goes_to_others_and_never_returns() -> None:
    made = study(2, k=1)
    first, second = person("rater"), person("rater")
    held = lease(made, first)
    submission.skip(assignment=held, token=held.token, at=AT)
    other = lease(made, first)
    assert other.item != held.item
    submit(other)
    assert reason(made, first) == "done"
    assert lease(made, second).item == held.item


def test_a_closed_study_has_nothing_to_rate(rater) -> None:
    made = study()
    held = lease(made, rater)
    studies.close(by=None, study=made, at=AT)
    assert reason(made, rater) == "closed"
    held.refresh_from_db()
    assert held.state == "expired"


def test_raters_begin_at_different_items() -> None:
    made = study(400, k=5)
    assert len({lease(made, person("rater")).item_id for _ in range(5)}) >= 3


def test_the_order_of_answers_is_stored_and_differs_between_items(rater) -> None:
    made = study(20)
    shown = set()
    for _ in range(20):
        assignment = lease(made, rater)
        shown.add(assignment.shown)
        submit(assignment)
    assert shown == {"0 1", "1 0"}


def test_a_value_lands_on_the_completion_that_was_shown(rater) -> None:
    made = study(6)
    for _ in range(6):
        assignment = lease(made, rater)
        sent = ratings(made)
        first_arm = assignment.item.answers.get(position=int(assignment.shown[0])).completion
        for each in sent:
            if each["criterion"] == "grounding":
                each["value"] = 5 if each["slot"] == "A" else 2
        submission.submit(
            assignment=assignment,
            rater=assignment.rater,
            token=assignment.token,
            key="key",
            ratings=sent,
            preference="A",
            at=AT,
        )
        fives = Rating.objects.filter(assignment=assignment, value=5, criterion__key="grounding")
        assert [rating.completion for rating in fives] == [first_arm]
        assert assignment.preferences.get().chosen == first_arm
        assert fives[0].completion_digest == first_arm.digest


def test_the_next_item_asks_little_of_the_database(rater, django_assert_num_queries) -> None:
    made = study(5)
    who = raters.of(rater)
    submit(lease(made, rater))
    Seat.objects.update(begin=0, walked=1)
    with django_assert_num_queries(10):  # seat, care, own, candidate; four writes in a savepoint
        allocation.next_assignment(study=made, rater=who, at=AT)


def test_items_beyond_a_count_that_a_purge_made_smaller_still_come(rater) -> None:
    made = study(4)
    Item.objects.filter(study=made, position__lt=3).delete()
    made.n_items = 1
    made.save(update_fields=["n_items"])
    assert lease(made, rater).item.position == 3
