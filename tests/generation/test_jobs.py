"""Stopping, taking up again and retrying: of runs here, and of judge runs by the same code."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from generation import actions
from generation.actions import jobs
from generation.models import Run
from tests import stub_server as stub
from tests.generation import made
from tests.generation.test_actions import LATER
from tests.generation.test_pages import SignIn

pytestmark = pytest.mark.django_db
TOO_LONG = stub.fails(400, "The context is too long.")


def two_failed(stub_server: Any, n: int = 6) -> Run:
    """A run that is done, but for two rows that failed."""
    stub_server.script(TOO_LONG, TOO_LONG)
    return made.answered(n, url=stub_server.url)


def test_a_retry_asks_again_where_it_failed_and_nowhere_else(
    stub_server: Any, bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    run = two_failed(stub_server)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.retry(by=None, job=run, at=LATER) == 2
    run.refresh_from_db()
    assert (run.state, run.finished_at, len(bells)) == ("pending", None, 1)
    assert made.shift(run).run() == "done"
    assert run.completions.progress()["done"] == 6
    assert len(stub_server.requests) == 8


def test_where_nothing_failed_there_is_nothing_to_retry(stub_server: Any) -> None:
    run = made.answered(2, url=stub_server.url)
    with pytest.raises(actions.TooLate, match="Nothing in here has failed"):
        actions.retry(by=None, job=run, at=LATER)
    run.refresh_from_db()
    assert run.state == "done"


def test_failed_rows_of_a_run_at_work_wait_again_without_a_second_bell(
    stub_server: Any, bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    stub_server.script(TOO_LONG)
    run = made.run(stub_server.url, n=4)
    asked: list[int] = []

    def retry_midway() -> None:
        asked.append(1)
        if len(asked) == 3:
            assert actions.retry(by=None, job=run, at=LATER) == 1

    with django_capture_on_commit_callbacks(execute=True):
        assert made.shift(run, on_row=retry_midway).run() == "done"
    assert run.completions.progress()["done"] == 4 and not bells


def test_what_was_never_asked_is_not_retried_but_resumed(stub_server: Any) -> None:
    stub_server.script(TOO_LONG)
    run = made.run(stub_server.url, n=160)

    def cancel_midway() -> None:
        if run.completions.progress()["done"] == 10:
            actions.cancel(by=None, job=run, at=made.AT)
            with pytest.raises(actions.TooLate, match="being stopped"):
                actions.retry(by=None, job=run, at=made.AT)

    assert made.shift(run, on_row=cancel_midway).run() == "cancelled"
    left = run.completions.progress()["pending"]
    with pytest.raises(actions.TooLate, match=f"{left} were never asked. Resume"):
        actions.retry(by=None, job=run, at=LATER)
    assert run.completions.progress()["failed"] == 1
    assert actions.resume(by=None, job=run, at=LATER) == left + 1


def test_a_run_is_not_called_cancelled_while_another_worker_holds_rows(stub_server: Any) -> None:
    run = made.run(stub_server.url, n=12)
    run.completions.claim(worker="other", at=made.AT, limit=2)

    def cancel_midway() -> None:
        if run.completions.progress()["done"] == 1:
            actions.cancel(by=None, job=run, at=made.AT)

    assert made.shift(run, on_row=cancel_midway).run_and_ring() == "running"
    run.refresh_from_db()
    assert run.state == "running" and run.finished_at is None
    held = list(run.completions.in_hands().values_list("pk", flat=True))
    run.completions.hand_back(worker="other", keys=held)
    assert jobs.settle(run, run.completions.all(), at=LATER) == "cancelled"


def test_who_comes_to_a_run_that_is_being_stopped_opens_nothing_and_rings_for_nobody(
    bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    run = made.run(n=4)
    jobs.begin(run, at=made.AT)
    run.completions.claim(worker="other", at=made.AT, limit=1)
    actions.cancel(by=None, job=run, at=made.AT)

    def open_place(*_: Any) -> Any:
        raise AssertionError("A server was started for nothing.")

    with django_capture_on_commit_callbacks(execute=True):
        assert made.shift(run, open_place=open_place).run_and_ring() == "running"
    assert bells == []


def test_what_is_retried_while_a_worker_settles_keeps_the_run_open(stub_server: Any) -> None:
    stub_server.script(TOO_LONG)
    run = made.run(stub_server.url, n=2)
    shift = made.shift(run)
    settle = jobs.settle

    def late_retry(job: Any, rows: Any, **rest: Any) -> str:
        actions.retry(by=None, job=Run.objects.get(pk=run.pk), at=LATER)
        return settle(job, rows, **rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "settle", late_retry)
        assert shift.run() == "running"
    assert made.shift(run).run() == "done" and run.completions.progress()["done"] == 2


def test_the_button_stands_where_rows_failed_and_asks_for_them_again(
    engineer: User, researcher: User, client: Client, signed_in: SignIn, stub_server: Any
) -> None:
    run = two_failed(stub_server)
    path = reverse("generation:retry_run", args=[run.pk])
    assert client.post(path).status_code == 302
    assert signed_in(researcher).post(path).status_code == 403
    assert path not in signed_in(researcher).get(run.get_absolute_url()).content.decode()
    browser = signed_in(engineer)
    assert path in browser.get(run.get_absolute_url()).content.decode()
    assert "2 answers are asked for again." in browser.post(path, follow=True).content.decode()
    assert run.completions.progress()["failed"] == 0
    page = browser.post(path, follow=True).content.decode()
    assert "Nothing in here has failed." in page and f'action="{path}"' not in page


def test_a_program_retries_what_failed(
    engineer: User, researcher: User, signed_in: SignIn, stub_server: Any
) -> None:
    run = two_failed(stub_server)
    path = f"/api/v1/runs/{run.pk}/retry/"
    assert signed_in(researcher).post(path).status_code == 403
    answer = signed_in(engineer).post(path)
    assert answer.status_code == 200 and answer.json()["progress"]["pending"] == 2
    assert signed_in(engineer).post(path).status_code == 409


def test_a_command_retries_what_failed_alone(stub_server: Any, bells: Any, capsys: Any) -> None:
    run = two_failed(stub_server)
    call_command("resume", run.pk, "--failed")
    assert "2 rows wait" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Nothing in here has failed"):
        call_command("resume", run.pk, "--failed")
