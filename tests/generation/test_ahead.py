"""A worker sends before it writes, and has the next rows in hand before it needs them."""

from collections import Counter
from typing import Any

import pytest

from generation import work
from generation.models import Run
from generation.queue import WorkQuerySet
from tests import stub_server as stub
from tests.generation import made

pytestmark = pytest.mark.django_db


def states(run: Run) -> Counter[str]:
    return Counter(run.completions.values_list("state", flat=True))


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each claim brought that came before they were needed."""
    brought: list[int] = []
    claim = work._Shift._claim_ahead

    def counted(shift: Any) -> list[Any]:
        found = claim(shift)
        brought.append(len(found))
        return found

    monkeypatch.setattr(work._Shift, "_claim_ahead", counted)
    return brought


def test_the_next_rows_are_claimed_before_they_are_needed(
    stub_server: Any, ahead: list[int]
) -> None:
    run = made.run(stub_server.url, n=100)  # 8 may be in flight
    assert made.shift(run).run() == "done"
    assert ahead[:7] == [8] * 7, "56 rows, while more than 32 wait beside them"
    assert sum(ahead) < 92 and states(run) == {"done": 100}
    assert len(stub_server.requests) == 100


def test_the_last_rows_are_left_to_whoever_is_free(stub_server: Any, ahead: list[int]) -> None:
    run = made.run(stub_server.url, n=40)
    assert made.shift(run).run() == "done"
    assert ahead and not any(ahead)


def test_where_nobody_else_may_ask_the_last_rows_are_claimed_ahead_too(
    stub_server: Any, ahead: list[int]
) -> None:
    made.endpoint(stub_server.url, max_in_flight=8)
    run = made.run(stub_server.url, n=40)
    assert made.shift(run).run() == "done"
    assert ahead == [8, 8, 8, 8, 0] and states(run) == {"done": 40}


def test_rows_claimed_ahead_go_back_unasked(stub_server: Any, ahead: list[int]) -> None:
    run = made.run(stub_server.url, n=100)
    written: list[int] = []
    shift = made.shift(run, on_row=lambda: written.append(1), should_stop=lambda: len(written) > 8)
    assert shift.run() == "running"
    assert sum(ahead) >= 8 and states(run)["running"] == 0
    assert not run.completions.exclude(state="done").exclude(attempts=0).exists()


def test_answers_that_end_a_run_together_are_not_each_followed_by_a_look_for_more(
    stub_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims: list[int] = []
    claim = WorkQuerySet.claim

    def counted(self: Any, **words: Any) -> list[Any]:
        claims.append(words["limit"])
        return claim(self, **words)

    monkeypatch.setattr(WorkQuerySet, "claim", counted)
    monkeypatch.setattr(work, "SOME_S", 0.5)
    stub_server.always(stub.slow(0.05))
    run = made.run(stub_server.url, n=8)
    assert made.shift(run).run() == "done"
    assert len(claims) <= 4
