"""Whoever asks for the next item is looked after: on the server, over all studies and devices."""

from datetime import timedelta
from typing import Any

import pytest

from annotation.actions import allocation, care, drafts, raters, submission
from annotation.care import Break, Cap, Why
from annotation.models import Assignment, CareSetting, Exposure, Item, Rest
from corpus.models import Domain
from tests.annotation.made import AT, lease, prompt_set, ratings, reason, run, study

pytestmark = pytest.mark.django_db

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def domains() -> list[Domain]:
    return [
        Domain.objects.create(slug=slug, name=slug.title(), definition=slug, severity=severity)
        for slug, severity in (("grief", 1), ("harm", 3))
    ]


def made(n: int, *domains: Domain, slug: str = "spring", **fields):
    over = prompt_set(n, slug=f"set-{slug}", domains=domains)
    runs = [run(over, f"{slug}-plain", "Ask somebody, {n}."), run(over, f"{slug}-kind")]
    return study(runs=runs, slug=slug, **fields)


def submit(held: Assignment, at) -> None:
    submission.submit(
        assignment=Assignment.objects.to_work_on().get(pk=held.pk),
        rater=held.rater,
        token=held.token,
        key=held.pk,
        ratings=ratings(held.study),
        preference="A",
        at=at,
    )


def rate(of, rater, at, n: int = 1, *, each=SECOND, on_break=None) -> tuple[list[int], Any]:
    """Rates n items or until there is none: their severities, and the moment after."""
    seen = []
    for _ in range(n):
        found = allocation.next_assignment(study=of, rater=rater, at=at)
        if not isinstance(found, Assignment):
            return seen, at
        seen.append(found.item.severity)
        at += each
        submit(found, at)
    return seen, at


def test_an_item_is_entered_once_when_it_is_given_out(rater, domains) -> None:
    of = made(2, domains[1])
    held = lease(of, rater)
    lease(of, rater, AT + SECOND)
    entered = Exposure.objects.get()
    assert (entered.assignment, entered.domain, entered.severity) == (held, domains[1], 3)
    assert entered.began_at == AT


def test_time_is_counted_from_each_sign_of_life_and_long_silences_are_not(rater, domains) -> None:
    of = made(2, domains[0])
    held = lease(of, rater)
    for after in (30, 60, 60 + 1800):
        drafts.save(
            assignment=Assignment.objects.to_work_on().get(pk=held.pk),
            token=held.token,
            body={},
            at=AT + after * SECOND,
        )
    submit(held, AT + 1900 * SECOND)
    assert Exposure.objects.get().seconds == 60 + 40


def test_a_long_silence_over_an_item_was_a_break(rater, domains) -> None:
    of = made(2, domains[0])
    held = lease(of, rater)
    lease(of, rater, AT + 20 * MINUTE)
    assert held == Exposure.objects.get().assignment
    rest = Rest.objects.get()
    assert (rest.taken_at, rest.ended_at) == (AT, AT + 20 * MINUTE)


def test_drafts_of_every_second_are_told_to_the_ledger_now_and_then(
    rater, domains, django_assert_num_queries
) -> None:
    of = made(2, domains[0])
    held = Assignment.objects.to_work_on().get(pk=lease(of, rater).pk)
    drafts.save(assignment=held, token=held.token, body={}, at=AT + SECOND)
    with django_assert_num_queries(1):
        drafts.save(assignment=held, token=held.token, body={}, at=AT + 2 * SECOND)
    with django_assert_num_queries(2):
        drafts.save(assignment=held, token=held.token, body={}, at=AT + 7 * SECOND)


def test_a_break_is_offered_after_twenty_minutes_over_two_studies(rater, domains) -> None:
    mine = raters.of(rater)
    first, second = made(12, domains[0]), made(20, domains[0], slug="summer")
    _, at = rate(first, mine, AT, 10, each=MINUTE)
    seen, at = rate(second, mine, at, 20, each=MINUTE)
    assert len(seen) == 10
    found = allocation.next_assignment(study=first, rater=mine, at=at)
    assert found == allocation.Nothing(allocation.Reason.BREAK, Break(Why.MINUTES, 20, 5))
    assert Rest.objects.count() == 1


def test_a_break_is_a_prompt_and_the_rater_may_go_on(rater, domains) -> None:
    mine = raters.of(rater)
    of = made(30, domains[0])
    _, at = rate(of, mine, AT, 21, each=MINUTE)
    assert reason(of, mine, at) == "break"
    assert care.end_rest(rater=mine, at=at + SECOND)
    assert lease(of, mine, at + SECOND)
    rest = Rest.objects.get()
    assert (rest.taken_at, rest.ended_at) == (None, at + SECOND)


def test_whoever_comes_back_after_the_break_has_taken_it(rater, domains) -> None:
    mine = raters.of(rater)
    of = made(30, domains[0])
    _, at = rate(of, mine, AT, 21, each=MINUTE)
    reason(of, mine, at)
    lease(of, mine, at + 6 * MINUTE)
    rest = Rest.objects.get()
    assert (rest.taken_at, rest.ended_at) == (at, at + 6 * MINUTE)


def test_nobody_is_told_of_a_break_that_was_not_offered(rater, domains) -> None:
    assert not care.end_rest(rater=raters.of(rater), at=AT)


def test_a_cap_ends_the_day_and_going_on_does_not_lift_it(rater, domains) -> None:
    mine = raters.of(rater)
    CareSetting.objects.create(key="day_severe", number=4)
    of = made(12, domains[1])
    _, at = rate(of, mine, AT, 3)
    assert reason(of, mine, at) == "break"
    care.end_rest(rater=mine, at=at)
    _, at = rate(of, mine, at, 3)
    found = allocation.next_assignment(study=of, rater=mine, at=at)
    assert found.reason == "cap"
    assert isinstance(found.said, Cap)
    assert not care.end_rest(rater=mine, at=at)
    assert reason(of, mine, at + timedelta(hours=12)) == "cap"
    assert lease(of, mine, found.said.until)


def test_what_a_rater_holds_they_may_finish_under_a_cap(rater, domains) -> None:
    mine = raters.of(rater)
    CareSetting.objects.create(key="day_severe", number=3)
    of = made(12, domains[1])
    _, at = rate(of, mine, AT, 2)
    held = lease(of, mine, at)
    assert lease(of, mine, at + SECOND) == held
    submit(held, at + SECOND)
    assert reason(of, mine, at + SECOND) == "cap"


def test_a_milder_item_comes_after_three_severe_ones(rater, domains) -> None:
    grief, harm = domains
    of = made(75, grief, harm, harm)  # so many that milder ones are left, in whatever order
    seen, _ = rate(of, raters.of(rater), AT, 75)
    assert "3333" not in "".join(map(str, seen))
    assert seen.count(3) == 15  # the fifteenth offers a break


def test_nothing_that_was_passed_over_for_a_milder_item_is_lost(rater, domains) -> None:
    grief, harm = domains
    mine = raters.of(rater)
    of = made(20, grief, harm, harm, harm, harm)
    at, seen = AT, []
    for _ in range(10):
        some, at = rate(of, mine, at, 20)
        seen += some
        if not care.end_rest(rater=mine, at=at):
            break
    assert len(seen) == 20
    assert Item.objects.unseen_by(mine).count() == 0
    assert reason(of, mine, at) == "done"


def test_the_last_before_a_break_is_mild(rater, domains) -> None:
    of = made(40, *domains)
    seen, _ = rate(of, raters.of(rater), AT, 40, each=MINUTE)
    assert len(seen) == 20
    assert seen[-1] == 1


def test_care_is_asked_in_one_statement(rater, domains, django_assert_num_queries) -> None:
    mine = raters.of(rater)
    of = made(6, *domains)
    _, at = rate(of, mine, AT, 5)
    with django_assert_num_queries(1):
        day = care.today(mine, at)
        assert (day.said, len(day.exposures), day.hidden) == (None, 5, frozenset())
