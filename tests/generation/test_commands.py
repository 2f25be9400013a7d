"""Runs from the command line."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from generation import actions
from generation.models import Run
from generation.work import Limits
from tests import stub_server as stub
from tests.generation import made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    quick: Limits = made.limits()
    monkeypatch.setattr("generation.work.Limits", lambda: quick)


def generate(url: str, **options: Any) -> None:
    named = {"set": made.prompt_set(6).slug, "model": made.model(url).name}
    call_command("generate", **{**named, "condition": made.condition().name, **options})


def test_waiting_works_here_and_rings_for_nobody(
    stub_server: Any, bells: list[Any], django_capture_on_commit_callbacks: Any, capsys: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        generate(stub_server.url, wait=True, replicates=2)
    run = Run.objects.get()
    assert run.state == "done" and run.completions.progress()["done"] == 12
    assert not bells
    said = capsys.readouterr().out
    assert run.pk in said and "Done: 12 answered, 0 failed." in said


def test_without_waiting_a_worker_is_woken(
    stub_server: Any, bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        generate(stub_server.url)
    assert [pk for _, pk, _ in bells] == [Run.objects.get().pk]
    assert Run.objects.get().state == "pending" and not stub_server.requests


def test_waiting_for_a_server_that_is_down_ends_with_the_reason() -> None:
    with pytest.raises(CommandError, match=r"cannot be reached.*\n.*6 wait: resume"):
        generate("http://127.0.0.1:9", wait=True)


def test_answers_that_failed_are_counted(stub_server: Any, capsys: Any) -> None:
    stub_server.script(stub.fails(400))
    generate(stub_server.url, wait=True)
    assert "Done: 5 answered, 1 failed." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"set": "x"}, "no prompt set called 'x'. Known are: made-prompts."),
        ({"model": "x"}, "no model called 'x'. Known are: made-model."),
        ({"condition": "x"}, "no condition called 'x'. Known are: informed."),
        ({"replicates": 0}, "1 to 100 times"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(
    option: dict[str, Any], said: str, stub_server: Any
) -> None:
    with pytest.raises(CommandError) as refused:
        generate(stub_server.url, **option)
    assert said in str(refused.value) and not Run.objects.exists()


def test_a_stopped_wait_leaves_a_run_that_can_be_resumed(stub_server: Any) -> None:
    from generation.answering import wait_for

    run = made.run(stub_server.url, n=30)
    answers: list[int] = []
    state = wait_for(run, should_stop=lambda: len(answers) >= 5, on_row=lambda: answers.append(1))
    assert state == "cancelled"
    counts = run.completions.progress()
    assert counts["done"] == len(answers) < 30 and counts["running"] == 0


def test_a_run_is_resumed_by_its_id(bells: list[Any], capsys: Any) -> None:
    run = made.run(n=2)
    actions.cancel(by=None, job=run, at=made.AT)
    call_command("resume", run.pk)
    assert "2 rows wait" in capsys.readouterr().out
    for name, said in (
        (run.pk, "worked on already"),
        ("nobody", "no run or judge run with the id"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("resume", name)
