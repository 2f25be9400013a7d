"""What the actions refuse, and how jobs are found again by the sweeper."""

from datetime import timedelta
from typing import Any

import pytest

from generation import actions
from generation.actions import jobs
from generation.bell import answer
from generation.messages import Sampling
from generation.models import Condition, Run
from tests.generation import made

pytestmark = pytest.mark.django_db

LATER = made.AT + timedelta(minutes=10)


def test_an_endpoint_on_a_private_address_is_refused_in_production(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = False
    with pytest.raises(actions.Refusal, match="private network"):
        made.endpoint("http://127.0.0.1:8000")


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "sk-12345", "PATH", "api_key"])
def test_only_api_keys_can_be_sent_to_an_endpoint(name: str) -> None:
    with pytest.raises(actions.Refusal, match="ends with _API_KEY"):
        made.endpoint(api_key_variable=name)


def test_names_are_taken_once() -> None:
    made.condition()
    made.model()
    with pytest.raises(actions.NameTaken, match="'informed'"):
        made.condition()
    with pytest.raises(actions.NameTaken, match="'made-model'"):
        made.model()
    with pytest.raises(actions.NameTaken, match="'A server'"):
        made.endpoint()


@pytest.mark.parametrize(
    ("sampling", "said"),
    [
        ({"temperature": 2.5}, "between 0 and 2"),
        ({"top_p": 0.0}, "above 0"),
        ({"max_tokens": 0}, "131,072"),
        ({"seed": -1}, "seed"),
    ],
)
def test_sampling_out_of_range_is_refused(sampling: dict[str, Any], said: str) -> None:
    with pytest.raises(actions.Refusal, match=said):
        made.condition("odd", **sampling)


def test_the_shipped_conditions_are_installed_once() -> None:
    names = [each.name for each in actions.install_conditions()]
    assert names == ["baseline", "informed"]
    assert [each.name for each in actions.install_conditions()] == names
    assert Condition.objects.count() == 2
    assert Condition.objects.get(name="baseline").system_prompt == "You are a helpful assistant"


def test_a_model_without_an_endpoint_cannot_be_asked() -> None:
    imported = actions.register_model(by=None, name="elsewhere")
    prompts = made.run().prompt_set
    with pytest.raises(actions.Refusal, match="can only be imported"):
        actions.start_run(
            by=None,
            prompt_set=prompts,
            model=imported,
            condition=Condition.objects.get(),
            at=made.AT,
        )


def test_a_started_run_waits_with_a_row_for_each_prompt_and_replicate() -> None:
    run = made.run(n=4, replicates=3)
    assert run.completions.progress() == {"pending": 12, "running": 0, "done": 0, "failed": 0}


def test_the_bell_is_answered_once(
    bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = made.run()
    ((task, pk, bell),) = bells
    assert (task, pk) == ("generation.tasks.generate", run.pk)
    assert answer(Run, pk, bell)
    assert not answer(Run, pk, bell)
    assert not answer(Run, pk, "")


def test_a_waiting_run_is_cancelled_at_once_and_not_twice() -> None:
    run = made.run()
    actions.cancel(by=None, job=run, at=made.AT)
    run.refresh_from_db()
    assert run.state == "cancelled"
    with pytest.raises(actions.TooLate, match="nothing to cancel"):
        actions.cancel(by=None, job=run, at=made.AT)


def test_a_run_in_hands_is_cancelled_by_its_worker_or_by_the_sweeper() -> None:
    run = made.run()
    Run.move(run.pk, come_from=["pending"], to="running")
    run.completions.claim(worker="lost", at=made.AT, limit=1)
    actions.cancel(by=None, job=run, at=made.AT)
    run.refresh_from_db()
    assert run.state == "running"
    actions.sweep(at=LATER)
    run.refresh_from_db()
    assert run.state == "cancelled" and run.completions.waiting().count() == 3


def test_a_running_run_cannot_be_resumed_and_a_done_one_has_nothing_to_resume(
    stub_server: Any,
) -> None:
    run = made.run(stub_server.url)
    with pytest.raises(actions.TooLate, match="worked on"):
        actions.resume(by=None, job=run, at=made.AT)
    made.shift(run).run()
    run.refresh_from_db()
    with pytest.raises(actions.TooLate, match="Everything"):
        actions.resume(by=None, job=run, at=made.AT)


def test_resuming_asks_again_for_failed_rows_only(stub_server: Any) -> None:
    from tests import stub_server as stub

    stub_server.script(stub.fails(400), stub.fails(400))
    run = made.run(stub_server.url, n=6)
    made.shift(run).run()
    run.refresh_from_db()
    assert actions.resume(by=None, job=run, at=made.AT) == 2
    assert made.shift(run).run() == "done"
    assert run.completions.progress()["done"] == 6
    assert len(stub_server.requests) == 8


def test_the_sweeper_rings_for_a_run_whose_worker_was_killed(
    bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    run = made.run()
    assert made.answer_bell(run)
    Run.move(run.pk, come_from=["pending"], to="running")
    run.completions.claim(worker="killed", at=made.AT, limit=2)
    assert actions.sweep(at=made.AT + timedelta(seconds=60)) == (0, 0)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep(at=LATER) == (2, 1)
    assert len(bells) == 1 and run.completions.waiting().count() == 3


def test_the_sweeper_gives_a_message_time_and_then_sends_the_same_one_again(
    bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made.run()
        assert actions.sweep(at=made.AT + timedelta(seconds=30)) == (0, 0)
        assert actions.sweep(at=made.AT + timedelta(minutes=3)) == (0, 1)
    assert len(bells) == 2 and bells[0] == bells[1]


def test_a_run_whose_worker_fell_silent_is_rung_for_soon(
    bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    run = made.run()
    assert made.answer_bell(run)
    Run.move(run.pk, come_from=["pending"], to="running")
    at = made.AT + timedelta(seconds=40)
    jobs.stay(run, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep(at=at + timedelta(seconds=20)) == (0, 0)
        assert actions.sweep(at=at + timedelta(seconds=31)) == (0, 1)
    assert len(bells) == 1


def test_a_row_that_loses_three_workers_is_parked_and_its_run_settled() -> None:
    run = made.run(n=1)
    for number in range(3):
        at = made.AT + timedelta(minutes=10 * number)
        assert run.completions.claim(worker=f"w{number}", at=at, limit=1)
        actions.sweep(at=at + timedelta(minutes=5))
    run.refresh_from_db()
    assert run.state == "failed" and "lost 3 times" in run.last_error


def test_a_condition_keeps_what_it_was_made_of() -> None:
    made_one = actions.make_condition(
        by=None, name="hot", system_prompt=" Warm. ", sampling=Sampling(temperature=0.7, seed=5)
    )
    assert (made_one.system_prompt, made_one.temperature, made_one.seed) == ("Warm.", 0.7, 5)
    assert len(made_one.system_prompt_digest) == 64
