"""A hundred kills at random moments: every row is there, each answered once, none twice."""

import random
from datetime import timedelta
from typing import Any

import pytest

from generation import actions
from generation.models import Completion
from generation.work import _Shift
from tests.generation import made

N_ROWS, N_KILLS = 60, 100


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it runs."""


@pytest.mark.django_db
def test_a_hundred_kills_leave_exactly_the_rows(
    stub_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAX_ATTEMPTS = 10_000
    rng = random.Random(20261121)
    run = made.run(stub_server.url, n=N_ROWS)
    rows = set(run.completions.values_list("pk", flat=True))
    written: dict[str, Any] = {}
    n_killed = 0
    with monkeypatch.context() as dying:
        dying.setattr(_Shift, "_hand_back", lambda self: None)
        while n_killed < N_KILLS:
            answers_left = rng.choice([0, 0, 0, 1, 1, 2])

            def die_midway() -> None:
                nonlocal answers_left
                if answers_left == 0:
                    raise Killed
                answers_left -= 1

            shift = made.shift(run, on_row=die_midway)
            try:
                if shift.run() == "done":
                    # All are in before the hundredth kill: begin again with another run.
                    run = made.run(prompts=run.prompt_set)
                    rows |= set(run.completions.values_list("pk", flat=True))
            except (Killed, BaseExceptionGroup):
                n_killed += 1
            done = Completion.objects.filter(state="done")
            now = dict(done.values_list("pk", "completed_at"))
            assert written.items() <= now.items()
            written = now
            actions.sweep(at=made.AT + timedelta(days=400 + n_killed))
    if run.state != "done":
        assert made.shift(run).run() == "done"
    assert set(Completion.objects.values_list("pk", flat=True)) == rows
    assert set(Completion.objects.values_list("state", flat=True)) == {"done"}
