"""A task run is worked on by one process, whoever attends it, and ends with scores or a reason."""

import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from generation.processes import read_pid_file
from generation.serving import CannotAsk, Place
from tests.training import made_tasks as made
from training import leash
from training.actions import tasks as actions
from training.leashed import Leashed, percent
from training.models import TaskRun

pytestmark = pytest.mark.django_db
LONG = "sleep 60"


@pytest.fixture(autouse=True)
def ground(settings: Any, tmp_path: Path) -> None:
    settings.TASK_RUN_DIR = tmp_path / "runs"
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    settings.HARNESS_PYTHON = str(made.stand_in(tmp_path / "harness"))


def slow(tmp_path: Path, settings: Any) -> None:
    settings.HARNESS_PYTHON = str(made.stand_in(tmp_path / "slow", before=LONG))


def test_the_scores_are_kept_with_their_intervals(tmp_path: Path) -> None:
    run = made.task_run()
    assert made.attendance(run).work() == "done"
    run.refresh_from_db()
    [score] = run.scores.all()
    assert (score.task, score.metric, score.value, score.n) == ("sums", "acc", 0.5, 2)
    assert score.low < 0.5 < score.high and score.note == "wilson" and score.weighs is False
    assert run.harness_version == "0.4.13" and run.finished_at and run.started_at
    assert "pretty_env_info" not in run.results
    assert percent(run.log_tail) == 100


def test_the_harness_is_told_the_key_by_its_environment_alone() -> None:
    run = made.task_run(limit=2)
    made.attendance(run).work()
    folder = made.attendance(run).program.folder
    told, env = (folder / "told.txt").read_text(), (folder / "env.txt").read_text()
    assert "base_url=http://127.0.0.1:9/v1/chat/completions" in told and "--limit 2" in told
    assert "secret" not in told and "OPENAI_API_KEY=secret" in env
    assert "SECRET_KEY" not in env and "DATABASE_URL" not in env


def test_an_address_that_is_not_allowed_is_not_given_to_the_harness(settings: Any) -> None:
    run = made.task_run()
    settings.ALLOW_PRIVATE_ENDPOINTS = False
    assert made.attendance(run).work() == "failed"
    run.refresh_from_db()
    assert "not allowed" in run.last_error
    assert not made.attendance(run).program.folder.exists()


def test_what_the_harness_says_last_is_the_reason_of_its_end(tmp_path: Path, settings: Any) -> None:
    says = "echo 'ValueError: Tasks not found: sums'; echo more; exit 3"
    settings.HARNESS_PYTHON = str(made.stand_in(tmp_path / "bad", before=says))
    run = made.task_run()
    assert made.attendance(run).work() == "failed"
    run.refresh_from_db()
    assert run.last_error == "The harness ended with 3: ValueError: Tasks not found: sums"
    assert "more" in run.log_tail


def test_a_missing_harness_or_server_is_said(settings: Any, tmp_path: Path) -> None:
    settings.HARNESS_PYTHON = str(tmp_path / "nowhere")
    run = made.task_run()
    assert made.attendance(run).work() == "failed"
    run.refresh_from_db()
    assert "HARNESS_PYTHON" in run.last_error

    def away(*_: object) -> Place:
        raise CannotAsk("It does not answer.")

    actions.take_up(by=None, run=run, at=made.AT, rings=False)
    assert made.attendance(run, open_place=away).work() == "failed"
    run.refresh_from_db()
    assert run.last_error == "It does not answer."


def test_a_run_that_is_cancelled_stops_with_all_it_started(tmp_path: Path, settings: Any) -> None:
    slow(tmp_path, settings)
    run = made.task_run()
    worker = made.attendance(run)

    def pause(seconds: float) -> None:
        if not TaskRun.objects.filter(cancel_requested_at__isnull=False).exists():
            actions.cancel_task_run(by=None, run=run, at=made.AT)

    worker.pause = pause
    assert worker.work() == "cancelled"
    assert not worker.program.is_alive()


def test_the_next_shift_takes_the_running_program_over(tmp_path: Path, settings: Any) -> None:
    slow(tmp_path, settings)
    run = made.task_run()
    first = made.attendance(run, shift_s=0.0)
    assert first.work() == "running"
    process = read_pid_file(first.program.pid_path)
    assert process is not None and process.is_running()
    run.refresh_from_db()
    assert run.attempts == 1

    def pause(seconds: float) -> None:
        actions.cancel_task_run(by=None, run=run, at=made.AT)

    assert made.attendance(run, pause=pause).work() == "cancelled"
    assert not process.group_is_running()
    run.refresh_from_db()
    assert run.attempts == 1


def test_a_worker_that_is_lost_loses_nothing(tmp_path: Path, settings: Any) -> None:
    """The program ends while nobody looks; the next worker finds what it found."""
    run = made.task_run()

    def dies(seconds: float) -> None:
        raise KeyboardInterrupt

    lost = made.attendance(run, pause=dies)
    with pytest.raises(KeyboardInterrupt):
        lost.work()
    while lost.program.is_alive():
        pass
    run.refresh_from_db()
    actions.sweep_task_runs(at=run.lease_expires_at + timedelta(seconds=1))
    settings.HARNESS_PYTHON = str(tmp_path / "nowhere")  # it is not started again
    assert made.attendance(run).work() == "done"
    assert run.scores.count() == 1


def test_a_program_that_was_killed_starts_again_a_few_times(tmp_path: Path, settings: Any) -> None:
    slow(tmp_path, settings)
    run = made.task_run()
    for n in range(1, settings.MAX_ATTEMPTS + 1):
        worker = made.attendance(run)

        def pause(seconds: float, worker=worker) -> None:
            os.killpg(read_pid_file(worker.program.pid_path).pid, signal.SIGKILL)

        worker.pause = pause
        assert worker.work() == "pending"
        run.refresh_from_db()
        assert run.attempts == n
    assert made.attendance(run).work() == "failed"


def test_two_workers_do_not_attend_the_same_run() -> None:
    run = made.task_run()
    assert TaskRun.objects.claim(run.pk, worker="one", host="here", at=made.AT)
    assert made.attendance(run).work() == "running"
    assert not run.scores.exists()


def test_a_program_that_nobody_attends_ends_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "alone"
    folder.mkdir()
    (folder / leash.ATTENDED).touch()
    os.utime(folder / leash.ATTENDED, (0, 0))
    assert leash.main([str(folder), "5", "sleep", "60"]) == leash.UNATTENDED
    assert Leashed(folder).exit_code() == leash.UNATTENDED
    assert leash.main([str(folder), "5", str(tmp_path / "nothing")]) == 127
