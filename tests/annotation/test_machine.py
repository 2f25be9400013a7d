"""Any order of asking, saving, sending, skipping, leaving and closing keeps the promises."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import TransactionTestCase
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from annotation.actions import allocation, drafts, leases, raters, studies, submission
from annotation.models import Assignment, Item, Preference, Rater, Rating
from tests.annotation.made import AT, ratings, study
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)

who = st.integers(0, 2)


class RatingRooms(RuleBasedStateMachine):
    """Three raters, a study of one to three items with one or two places each."""

    @initialize(n=st.integers(1, 3), k=st.integers(1, 2))
    def begin(self, n: int, k: int) -> None:
        self.at = AT
        self.study = study(n, k=k)
        self.people: list[Rater] = [raters.of(person("rater")) for _ in range(3)]
        self.screens: dict[int, Assignment] = {}  # what stands on each rater's screen
        self.sent: dict[str, str] = {}  # assignment -> the key it was taken with
        self.kept: dict[str, str] = {}  # assignment -> the preference of its draft

    def teardown(self) -> None:
        TransactionTestCase("_fixture_teardown")._fixture_teardown()  # type: ignore[attr-defined]

    @rule(by=who)
    def ask(self, by: int) -> None:
        found = allocation.next_assignment(study=self.study, rater=self.people[by], at=self.at)
        if isinstance(found, Assignment):
            assert self.study.is_open
            assert found.pk not in self.sent
            assert (found.draft or {}).get("preference") == self.kept.get(found.pk)
            self.screens[by] = found
        else:
            self.check_reason(found.reason, self.people[by])

    def check_reason(self, reason: str, rater: Rater) -> None:
        """`done` only when nothing is left for the rater, now or later."""
        finished = Assignment.objects.filter(
            rater=rater, state__in=Assignment.FINISHED
        ).values_list("item_id", flat=True)
        left = Item.objects.exclude(pk__in=finished)
        full = Assignment.objects.filter(state="submitted")
        open_items = [i for i in left if full.filter(item=i).count() < self.study.k]
        if reason == "closed":
            assert not self.study.is_open
        elif reason == "done":
            assert not open_items
        else:
            assert open_items
            assert not any(item.places_left for item in open_items)

    @rule(by=who, preference=st.sampled_from(["A", "equal"]))
    def save(self, by: int, preference: str) -> None:
        if screen := self.screens.get(by):
            body = {"preference": preference}
            with contextlib.suppress(drafts.LeaseLost):
                drafts.save(assignment=screen, token=screen.token, body=body, at=self.at)
            now = Assignment.objects.get(pk=screen.pk)
            if now.draft:
                self.kept[screen.pk] = now.draft["preference"]

    @rule(by=who, preference=st.sampled_from(["A", "B"]), key=st.sampled_from(["k", "l"]))
    def send(self, by: int, preference: str, key: str) -> None:
        if screen := self.screens.get(by):
            loaded = Assignment.objects.to_work_on().get(pk=screen.pk)
            try:
                submission.submit(
                    assignment=loaded,
                    rater=self.people[by],
                    token=screen.token,
                    key=key,
                    ratings=ratings(self.study),
                    preference=preference,
                    at=self.at,
                )
            except drafts.LeaseLost:
                self.kept[screen.pk] = preference
                assert Assignment.objects.get(pk=screen.pk).draft["preference"] == preference
            except (submission.AlreadyFinished, submission.KeyReused):
                assert loaded.state in Assignment.FINISHED
            else:
                if screen.pk not in self.sent:
                    assert loaded.token == screen.token
                    assert loaded.lease_expires_at > self.at
                assert self.sent.setdefault(screen.pk, key) == key

    @rule(by=who)
    def skip(self, by: int) -> None:
        if screen := self.screens.get(by):
            with contextlib.suppress(submission.AlreadyFinished):
                submission.skip(assignment=screen, token=screen.token, at=self.at)

    @rule(minutes=st.sampled_from([20, 61]), sweeps=st.booleans())
    def wait(self, minutes: int, sweeps: bool) -> None:
        self.at += timedelta(minutes=minutes)
        if sweeps:
            leases.sweep(at=self.at)

    @precondition(lambda self: self.at > AT + timedelta(hours=3))
    @rule()
    def close(self) -> None:
        if self.study.is_open:
            studies.close(by=None, study=self.study, at=self.at)

    @invariant()
    def every_place_is_free_or_held_once(self) -> None:
        for item in Item.objects.all() if hasattr(self, "study") else []:
            held = item.assignments.filter(state__in=Assignment.HOLDS_PLACE).count()
            assert item.places_left + held == self.study.k

    @invariant()
    def nothing_is_lost_or_twice(self) -> None:
        sent: Any = getattr(self, "sent", {})
        assert Rating.objects.count() == 8 * len(sent)
        assert Preference.objects.count() == len(sent)
        submitted = Assignment.objects.filter(state="submitted")
        assert set(submitted.values_list("pk", flat=True)) == set(sent)


def test_every_order_of_events_keeps_the_promises() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        RatingRooms,
        settings=settings(
            max_examples=40,
            stateful_step_count=20,
            phases=[Phase.generate],  # a failure is short as it is, and shrinking takes minutes
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
