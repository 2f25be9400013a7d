"""A worker attends a trainer: its progress, its end, its death, a stop, a lost worker."""

import os
import signal
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus import purging
from corpus.models import Source
from exports.actions import withdraw
from exports.models import Release
from generation.actions.servers import NoRoom, hold_gpus_for
from generation.models import LanguageModel, ServerGpu
from generation.processes import read_pid_file
from tests.people import person
from tests.training import made
from training import actions, fine_tuning, tasks
from training.fine_tuning import folder_of
from training.leashed import Leashed
from training.models import TrainingRun
from training.models.attended import silence
from training.purging import delete_rows

pytestmark = pytest.mark.django_db


def trainer_pid(run: TrainingRun) -> int:
    process = read_pid_file(folder_of(run) / "process.pid")
    assert process is not None
    return process.pid


def wait(condition: Any, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_run_is_trained_and_its_adapter_is_a_model_at_once(ground: Path):
    run = made.run(ground)
    assert made.work(run) == "done"
    assert (run.step, run.n_steps, run.checkpoint) == (6, 6, 6)
    assert run.result is not None and run.result.base == run.base
    assert run.result.adapter_digest == run.adapter_digest != ""
    assert Path(run.result.adapter_path) == folder_of(run).adapter
    assert run.facts["kinds"] == {"refuse": 3} and run.facts["n_rows"] == 3
    assert "needs" not in run.last_error and run.finished_at is not None


def test_the_loss_is_kept_by_step(ground: Path):
    run = made.run(ground)
    made.work(run)
    assert list(run.points.values_list("step", "loss"))[:3] == [(1, 2.0), (2, 1.0), (3, 2 / 3)]
    assert run.points.count() == 6


def test_afterwards_neither_rows_nor_checkpoints_are_left(ground: Path):
    run = made.run(ground)
    made.work(run)
    assert not (folder_of(run) / "train.jsonl").exists()
    assert not folder_of(run).checkpoints.exists()


def test_at_transformers_serve_base_and_adapter_are_asked_for_in_one_folder(ground: Path):
    base = made.base(made.model_folder(ground / "model"), kind="transformers")
    run = made.run(ground, base=base)
    assert made.work(run) == "done"
    assert run.result is not None
    joined = Path(run.result.served_name)
    assert {path.name for path in joined.iterdir()} >= {"model.safetensors", "adapter_config.json"}
    assert (joined / "model.safetensors").resolve() == ground / "model/model.safetensors"
    assert run.adapter_digest in run.result.revision


def test_a_trainer_that_is_killed_goes_on_from_its_checkpoint_to_as_many_steps(ground: Path):
    made.play(ground, dies_at=5)
    run = made.run(ground)
    assert made.work(run) == "pending"
    assert (run.step, run.checkpoint, run.attempts) == (5, 4, 0)
    assert made.work(run) == "done"
    assert (run.step, run.points.count()) == (6, 6)


def test_one_that_is_killed_again_and_again_without_coming_further_is_given_up(ground: Path):
    made.play(ground, always_dies_at=1)
    run = made.run(ground)
    states = [made.work(run) for _ in range(3)]
    assert states == ["pending", "pending", "failed"]
    assert "killed 3 times in a row" in run.last_error


def test_one_that_breaks_fails_with_its_reason_and_can_be_resumed(ground: Path):
    made.play(ground, breaks_at=3)
    run = made.run(ground)
    assert made.work(run) == "failed"
    assert run.last_error == "There is no such projection."
    made.play(ground)
    actions.resume_training(by=None, run=run, at=made.AT)
    assert made.work(run) == "done"
    assert run.step == 6


def test_a_stop_keeps_a_checkpoint_from_which_it_is_resumed(ground: Path):
    made.play(ground, waits_at=3)
    run = made.run(ground)

    def stop(seen: TrainingRun) -> None:
        if seen.step == 3 and not seen.cancel_requested_at:
            actions.cancel_training(by=None, run=seen, at=made.AT)

    assert made.work(run, on_look=stop) == "cancelled"
    assert run.checkpoint == 3
    made.play(ground)
    actions.resume_training(by=None, run=run, at=made.AT)
    assert made.work(run) == "done"
    assert run.points.count() == 6


def test_what_waits_is_cancelled_at_once(ground: Path):
    run = made.run(ground)
    actions.cancel_training(by=None, run=run, at=made.AT)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert made.work(run) == "cancelled"


def test_a_shift_that_is_over_rings_and_the_next_one_takes_the_trainer_over(
    ground: Path, bells: list[Any], django_capture_on_commit_callbacks: Any
):
    made.play(ground, waits_at=3)
    run = made.run(ground)
    with django_capture_on_commit_callbacks(execute=True):
        assert made.work(run, shift_s=0.0, rings=True) == "running"
    assert bells and bells[-1][:2] == ("training.tasks.train", run.pk)
    pid = trainer_pid(run)
    assert made.work(run, shift_s=0.0) == "running"
    assert trainer_pid(run) == pid
    actions.cancel_training(by=None, run=run, at=made.AT)
    assert made.work(run) == "cancelled"


def test_a_lost_worker_is_followed_by_another_who_finds_the_trainer_at_work(ground: Path):
    made.play(ground, waits_at=3)
    run = made.run(ground)
    made.work(run, shift_s=0.0)
    TrainingRun.objects.filter(pk=run.pk).update(claimed_by="dead")
    assert made.work(run) == "running"  # somebody else holds it
    later = TrainingRun.objects.get(pk=run.pk).lease_expires_at
    assert later is not None
    pid = trainer_pid(run)
    actions.sweep_training(at=later + timedelta(seconds=1))
    made.work(run, shift_s=0.0)
    assert trainer_pid(run) == pid
    folder_of(run).ask_to_stop()
    wait(lambda: folder_of(run).outcome())


def test_the_whole_group_of_a_killed_trainer_is_gone(ground: Path):
    made.play(ground, waits_at=3)
    run = made.run(ground)
    made.work(run, shift_s=0.0)
    os.killpg(trainer_pid(run), signal.SIGKILL)
    wait(lambda: not Leashed(folder_of(run).path).is_alive())
    made.play(ground)
    assert made.work(run) == "done"
    assert run.points.count() == 6


def test_one_that_was_lost_with_its_worker_too_often_is_not_started_again(ground: Path):
    run = made.run(ground)
    TrainingRun.objects.filter(pk=run.pk).update(attempts=3)
    assert made.work(run) == "failed"
    assert not (folder_of(run) / "process.pid").exists()


def test_another_host_does_not_take_a_run_whose_trainer_may_be_alive(ground: Path, settings: Any):
    run = made.run(ground)
    TrainingRun.objects.filter(pk=run.pk).update(host="there", seen_at=made.AT)
    soon, late = made.AT + timedelta(seconds=60), made.AT + silence() + timedelta(seconds=1)
    claim = TrainingRun.objects.all().claim
    assert not claim(run.pk, worker="w", host="here", at=soon)
    assert claim(run.pk, worker="w", host="here", at=late)


def test_a_run_to_be_stopped_whose_host_is_gone_ends_by_the_sweep(ground: Path):
    run = made.run(ground)
    TrainingRun.objects.filter(pk=run.pk).update(host="there", seen_at=made.AT)
    actions.cancel_training(by=None, run=run, at=made.AT)
    actions.sweep_training(at=made.AT + timedelta(seconds=60))
    assert TrainingRun.objects.get().state == "pending"
    actions.sweep_training(at=made.AT + silence() + timedelta(seconds=1))
    assert TrainingRun.objects.get().state == "cancelled"


def test_the_sweep_rings_for_what_waits(
    ground: Path, bells: list[Any], django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks(execute=True):
        run = made.run(ground)
    assert len(bells) == 1
    TrainingRun.objects.update(bell="")
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep_training(at=made.AT + timedelta(seconds=5)) == 0
        assert actions.sweep_training(at=made.AT + timedelta(seconds=40)) == 1
    assert bells[-1][1] == run.pk


def test_two_runs_never_hold_one_gpu(ground: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("training.machine.found_gpus", lambda: [0])
    monkeypatch.setattr("training.machine.free_memory", lambda gpus: 40_000_000_000)
    run = made.run(ground)
    hold_gpus_for("other", name="another run", host="here", gpus=[0], wanted=1)
    assert made.work(run) == "pending"
    assert "0 of 1 are free on here" in run.last_error
    assert not (folder_of(run) / "process.pid").exists()
    ServerGpu.objects.all().delete()
    assert made.work(run) == "done"
    assert not ServerGpu.objects.exists()


def test_a_gpu_that_a_training_run_holds_is_refused_to_others(ground: Path):
    assert hold_gpus_for("a", name="one", host="here", gpus=[0, 1], wanted=1) == [0]
    assert hold_gpus_for("a", name="one", host="here", gpus=[0, 1], wanted=1) == [0]
    assert hold_gpus_for("b", name="two", host="here", gpus=[0, 1], wanted=1) == [1]
    with pytest.raises(NoRoom):
        hold_gpus_for("c", name="three", host="here", gpus=[0, 1], wanted=1)


def test_a_release_that_is_withdrawn_meanwhile_stops_its_training(ground: Path):
    made.play(ground, waits_at=3)
    run = made.run(ground)

    def take_back(seen: TrainingRun) -> None:
        if seen.step == 3 and not seen.release.is_withdrawn:
            withdraw(by=None, release=seen.release, reason="Wrong number.", at=made.AT)

    assert made.work(run, on_look=take_back) == "failed"
    assert "was withdrawn: Wrong number." in run.last_error
    assert not (folder_of(run) / "train.jsonl").exists()


def test_an_adapter_that_cannot_be_registered_is_kept_and_said(ground: Path):
    run = made.run(ground)
    LanguageModel.objects.create(name=run.name)
    assert made.work(run) == "done"
    assert run.result is None and "could not be registered" in run.last_error
    assert folder_of(run).adapter.exists()


def test_waiting_here_starts_a_killed_trainer_again(ground: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fine_tuning, "LOOK_S", 0.02)
    made.play(ground, dies_at=5)
    run = made.run(ground, rings=False)
    seen: list[int] = []
    state = fine_tuning.wait_for(
        run, should_stop=lambda: False, on_look=lambda found: seen.append(found.step)
    )
    assert state == "done" and seen[-1] == 6


def test_the_message_is_answered_once(
    ground: Path,
    bells: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
):
    monkeypatch.setattr(fine_tuning, "LOOK_S", 0.02)
    with django_capture_on_commit_callbacks(execute=True):
        run = made.run(ground)
    _, pk, bell = bells[-1]
    tasks.train(pk, "forged")
    run.refresh_from_db()
    assert run.state == "pending"
    tasks.train(pk, bell)
    run.refresh_from_db()
    assert run.state == "done"


def test_a_purge_deletes_the_rows_that_a_trainer_was_given(ground: Path):
    run = made.run(ground)
    folder_of(run).begin()
    rows = folder_of(run) / "train.jsonl"
    rows.write_text("{}")
    source = Source.objects.create(name="A book")
    nobody = purging.Purge(source, by=person("curator"), reason="Asked for.", at=made.AT)
    delete_rows(nobody)
    assert rows.exists()
    loss = purging.Loss(pk=run.release_id, n_lost=1, n_all=3, goes=False)
    delete_rows(replace(nobody, losses={Release: [loss]}))
    assert not rows.exists()
