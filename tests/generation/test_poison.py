"""A prompt that kills its server is parked after three deaths; its neighbours are answered."""

from typing import Any

import pytest
from django.db.models import Q

from generation.chat import Pace, Patience
from generation.models import Completion, Run
from generation.queue import State
from generation.serving import CannotAsk, Place
from tests import stub_server as stub
from tests.generation import made

pytestmark = pytest.mark.django_db
DEADLY = "case 3 about"


def place_that_comes_back(url: str) -> Place:
    return Place(f"{url}/v1", allow_private=True, is_kept=True)


def ended(run: Run, **changes: Any) -> str:
    """Shift after shift, as the bell calls for them; a dead server is back after short waits."""
    patience = Patience(first_s=0.02, longest_s=0.05, budget_s=20.0)
    pace = Pace(patience=patience, drain_s=2.0, poll_s=0.02)
    for _ in range(10):
        state = made.shift(run, limits=made.limits(pace=pace), **changes).run()
        if state != "running":
            return state
    return "running"


def test_a_deadly_prompt_is_parked_alone_and_all_others_are_answered(stub_server: Any) -> None:
    stub_server.deadly = DEADLY
    run = made.run(stub_server.url, n=40)
    assert ended(run) == "done"
    assert run.completions.progress() == {"pending": 0, "running": 0, "done": 39, "failed": 1}
    parked = run.completions.get(state="failed")
    assert DEADLY in parked.prompt.last_turn and parked.attempts == 3
    assert "went away each of the 3 times" in parked.error
    assert stub_server.n_deaths == 3


def test_two_deadly_prompts_are_parked_and_nothing_else(stub_server: Any) -> None:
    stub_server.deadly = "case 1"  # 1 and 10 to 14
    run = made.run(stub_server.url, n=15)
    assert ended(run) == "done"
    assert run.completions.progress()["failed"] == 6
    assert not run.completions.filter(state="failed").exclude(attempts=3).exists()


def test_a_supervised_server_that_is_killed_by_a_prompt_is_waited_for(stub_server: Any) -> None:
    stub_server.deadly, stub_server.dead_s = DEADLY, 0.5
    run = made.run(stub_server.url, n=8)
    opened: list[int] = []

    def open_place(*_: Any) -> Place:
        opened.append(1)
        return place_that_comes_back(stub_server.url)

    assert ended(run, open_place=open_place) == "done"
    assert run.completions.progress()["failed"] == 1


def test_a_row_on_its_last_attempt_has_the_server_to_itself(stub_server: Any) -> None:
    stub_server.always(stub.slow(0.03))
    run = made.run(stub_server.url, n=12)
    suspects = run.completions.order_by("pk").values("pk")[:3]
    Completion.objects.filter(pk__in=list(suspects.values_list("pk", flat=True))).update(attempts=2)
    beside: list[int] = []

    def look() -> None:
        last = run.completions.filter(state=State.DONE).exclude(attempts=1).count()
        if last:
            beside.append(run.completions.in_hands().count())

    assert made.shift(run, on_row=look).run() == "done"
    # Looked at after each of the three was kept: nobody had anything else in hands.
    assert beside == [0, 0, 0]


def test_a_last_attempt_waits_until_nobody_holds_a_row() -> None:
    run = made.run(n=3)
    run.completions.update(attempts=2)
    rows = run.completions.all()
    (first,) = rows.claim_alone(worker="a", at=made.AT)
    assert first.attempts == 3 and rows.claim_alone(worker="b", at=made.AT) == []
    assert not rows.waiting_in_company().exists()
    rows.hand_back(worker="a", keys=[first.pk])
    assert len(rows.claim_alone(worker="b", at=made.AT)) == 1


def test_of_two_who_claim_alone_at_once_neither_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    run = made.run(n=2)
    rows = run.completions.all()
    claim = type(rows).claim

    def be_second(self: Any, *, worker: str, **rest: Any) -> Any:
        if worker == "slow":
            monkeypatch.undo()
            assert run.completions.claim(worker="quick", at=made.AT, limit=1)
        return claim(self, worker=worker, **rest)

    monkeypatch.setattr(type(rows), "claim", be_second)
    assert rows.claim_alone(worker="slow", at=made.AT) == []
    assert run.completions.filter(Q(claimed_by="slow") | Q(attempts__gt=1)).count() == 0


def test_a_server_that_fails_but_stays_up_is_asked_again_in_place(stub_server: Any) -> None:
    stub_server.script(stub.fails(500), stub.fails(502))
    run = made.run(stub_server.url, n=4)
    assert made.shift(run).run() == "done"
    assert set(run.completions.values_list("attempts", flat=True)) == {1}


def test_a_kept_server_that_refuses_everything_ends_the_run_with_the_reason(
    stub_server: Any,
) -> None:
    stub_server.always(stub.fails(404, "The model `tuned` does not exist."))
    run = made.run(stub_server.url, n=4)
    opened = {"open_place": lambda *_: place_that_comes_back(stub_server.url)}
    assert made.shift(run, **opened).run() == "failed"
    run.refresh_from_db()
    assert "does not exist" in run.last_error


def test_a_kept_server_that_never_answers_is_opened_three_times_and_then_given_up() -> None:
    run = made.run(n=2)
    opened: list[int] = []

    def open_place(*_: Any) -> Place:
        opened.append(1)
        return place_that_comes_back("http://127.0.0.1:9")

    assert made.shift(run, open_place=open_place).run() == "failed"
    assert len(opened) == 3
    assert set(run.completions.values_list("state", "attempts")) == {("pending", 0)}


def test_one_workers_trouble_is_not_the_runs_while_another_holds_rows(
    bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    run = made.run(n=4)
    assert made.answer_bell(run)
    run.completions.claim(worker="at work", at=made.AT, limit=2)

    def nowhere(*_: Any) -> Place:
        raise CannotAsk("No GPU is free here.")

    with django_capture_on_commit_callbacks(execute=True):
        assert made.shift(run, open_place=nowhere).run_and_ring() == "running"
    run.refresh_from_db()
    assert (run.state, run.last_error, bells) == ("running", "", [])
