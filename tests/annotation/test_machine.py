"""Any order of asking, saving, sending, skipping, leaving, hiding, raising and closing keeps the
promises.
"""

import contextlib
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.test import TransactionTestCase
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from annotation import repeats
from annotation.actions import (
    allocation,
    drafts,
    leases,
    quota,
    raters,
    studies,
    submission,
    undoing,
)
from annotation.models import (
    Assignment,
    Item,
    OptOut,
    Preference,
    Rater,
    Rating,
    Repeat,
    RepeatPreference,
)
from corpus.models import Domain
from tests.annotation.made import AT, prompt_set, ratings, run, study
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)

who = st.integers(0, 2)
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "12"))  # a minute of work; 200 for a long look


class RatingRooms(RuleBasedStateMachine):
    """Three raters, a study of one to four items of two domains, some in the core, some again."""

    @initialize(
        n=st.integers(1, 4),
        k=st.integers(1, 2),
        core=st.integers(0, 1),
        again=st.sampled_from([True, True, False]),
    )
    def begin(self, n: int, k: int, core: int, again: bool) -> None:
        self.at = AT
        self.domains = [
            Domain.objects.create(slug=slug, name=slug, definition=slug) for slug in ("a", "b")
        ]
        over = prompt_set(n, domains=self.domains)
        runs = [run(over, "plain"), run(over, "kind")]
        self.study = study(runs=runs, k=k, n_core=core, repeat_percent=50 * again)
        self.people: list[Rater] = [raters.of(person("rater")) for _ in range(3)]
        self.hidden: list[set[str]] = [set(), set(), set()]
        self.screens: dict[int, Assignment] = {}  # what stands on each rater's screen
        self.sent: dict[str, str] = {}  # assignment -> the key it was taken with
        self.sent_at: dict[str, datetime] = {}
        self.said: dict[str, str] = {}  # assignment -> the preference that was sent
        self.kept: dict[str, str] = {}  # assignment -> the preference of its draft

    def teardown(self) -> None:
        TransactionTestCase("_fixture_teardown")._fixture_teardown()  # type: ignore[attr-defined]

    @rule(by=who)
    def ask(self, by: int) -> None:
        before = dict(Item.objects.values_list("pk", "taken"))
        found = allocation.next_assignment(study=self.study, rater=self.people[by], at=self.at)
        for item in Item.objects.all():  # who is let in finds a place that is wanted
            assert item.taken <= max(item.places, before[item.pk])
        if isinstance(found, Assignment):
            self.check_given(found, by)
        else:
            self.check_reason(found.reason, by)

    def check_given(self, found: Assignment, by: int) -> None:
        assert self.study.is_open
        assert found.pk not in self.sent
        assert Item.objects.get(pk=found.item_id).domain_id not in self.hidden[by]
        assert (found.draft or {}).get("preference") == self.kept.get(found.pk)
        if found.occasion == 2:
            first = Assignment.objects.get(item=found.item_id, rater=found.rater_id, occasion=1)
            assert first.shown != found.shown
            assert self.due(first) <= self.at
        self.screens[by] = found

    def due(self, first: Assignment) -> datetime:
        """When an item that was sent may come again; the end of time where it does not."""
        found = repeats.due_at(
            seed=self.study.seed,
            rater_id=first.rater_id,
            item_id=first.item_id,
            percent=self.study.repeat_percent,
            days=self.study.repeat_after_days,
            at=self.sent_at[first.pk],
        )
        return found or datetime.max.replace(tzinfo=UTC)

    def check_reason(self, reason: str, by: int) -> None:
        """`done` only when nothing is left for the rater, now or later."""
        mine = Assignment.objects.filter(rater=self.people[by])
        finished = mine.filter(state__in=Assignment.FINISHED)
        reachable = Item.objects.exclude(domain__in=self.hidden[by])
        left = reachable.exclude(pk__in=finished.values("item"))
        full = Assignment.objects.filter(state="submitted", occasion=1)
        wanted = [item for item in left if full.filter(item=item).count() < item.places]
        firsts = mine.filter(occasion=1, state="submitted", item__in=reachable)
        again = [
            self.due(first)
            for first in firsts
            if not mine.filter(item=first.item_id, occasion=2, state__in=Assignment.FINISHED)
        ]
        never = datetime.max.replace(tzinfo=UTC)
        coming = [due for due in again if due != never]
        if reason == "closed":
            assert not self.study.is_open
        elif reason == "done":
            assert not wanted
            assert not coming
        else:
            assert reason == "wait"
            assert wanted or coming
            assert not any(item.places_left for item in wanted)
            assert all(due > self.at for due in coming)

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
                self.sent_at.setdefault(screen.pk, self.at)
                self.said.setdefault(screen.pk, preference)

    @rule(by=who)
    def undo(self, by: int) -> None:
        """What was sent last stands on the screen again, as it was sent; nothing counts it."""
        mine = Assignment.objects.to_work_on().filter(pk__in=self.sent, rater=self.people[by])
        last = mine.order_by("finished_at").last()
        if last is None:
            return
        with contextlib.suppress(undoing.CannotUndo):
            self.screens[by] = undoing.undo(assignment=last, at=self.at)
            self.kept[last.pk] = self.said.pop(last.pk)
            del self.sent[last.pk], self.sent_at[last.pk]

    @rule(by=who)
    def rate_all(self, by: int) -> None:
        """Days of work in one step, so that repeats are reached."""
        for _ in range(4):
            self.screens.pop(by, None)
            self.ask(by)
            self.send(by, "A", "k")

    @rule(by=who)
    def skip(self, by: int) -> None:
        if screen := self.screens.get(by):
            with contextlib.suppress(submission.AlreadyFinished):
                submission.skip(assignment=screen, token=screen.token, at=self.at)

    @rule(k=st.integers(1, 3))
    def change_k(self, k: int) -> None:
        rows = Assignment.objects.order_by("pk").values_list("pk", "state", "token")
        before = list(rows)
        with contextlib.suppress(studies.NotNow):
            self.study = quota.change(by=None, study=self.study, k=k)
        assert list(rows) == before  # nothing that was rated or is being rated goes

    @rule(by=who, domain=st.integers(0, 1))
    def hide_or_show(self, by: int, domain: int) -> None:
        """As the rater's own page does it: what they hold of the domain goes back at once."""
        chosen = {"rater": self.people[by], "domain": self.domains[domain]}
        if OptOut.objects.filter(**chosen).exists():
            OptOut.objects.filter(**chosen).delete()
            self.hidden[by].discard(self.domains[domain].pk)
        else:
            OptOut.objects.create(**chosen)
            self.hidden[by].add(self.domains[domain].pk)

    @rule(by=who, then=st.sampled_from(["send", "skip", "leave"]))
    def come_back_days_later(self, by: int, then: str) -> None:
        """When something that was rated may be shown again."""
        self.at += timedelta(days=4)
        self.screens.pop(by, None)
        self.ask(by)
        if then == "send":
            self.send(by, "B", "k")
        elif then == "skip":
            self.skip(by)
        else:
            self.wait(61, sweeps=True)

    @rule(minutes=st.sampled_from([20, 61]), sweeps=st.booleans())
    def wait(self, minutes: int, sweeps: bool) -> None:
        self.at += timedelta(minutes=minutes)
        if sweeps:
            leases.sweep(at=self.at)

    @precondition(lambda self: self.at > AT + timedelta(days=20))
    @rule()
    def close(self) -> None:
        if self.study.is_open:
            studies.close(by=None, study=self.study, at=self.at)

    @invariant()
    def every_place_that_is_taken_is_held_once(self) -> None:
        for item in Item.objects.all():
            assert item.taken == item.assignments.holding_place().count()

    @invariant()
    def nothing_is_lost_or_twice(self) -> None:
        if not hasattr(self, "sent"):
            return
        submitted = Assignment.objects.filter(state="submitted")
        assert set(submitted.values_list("pk", flat=True)) == set(self.sent)
        first, again = (submitted.filter(occasion=occasion).count() for occasion in (1, 2))
        assert (Rating.objects.count(), Repeat.objects.count()) == (8 * first, 8 * again)
        assert (Preference.objects.count(), RepeatPreference.objects.count()) == (first, again)


def test_every_order_of_events_keeps_the_promises() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        RatingRooms,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            phases=[Phase.generate],  # a failure is short as it is, and shrinking takes minutes
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
