"""What cannot be trained is refused with its reason, and nothing is started."""

from pathlib import Path
from typing import Any

import pytest

from exports.actions import withdraw
from generation import actions as generation_actions
from generation.actions import NameTaken, Refusal
from generation.actions.servers import be_there
from tests.exports.made import release
from tests.training import made
from training import actions, data
from training.fine_tuning import folder_of
from training.models import TrainingRun

pytestmark = pytest.mark.django_db


def refused(ground: Path, **changes: Any) -> str:
    with pytest.raises(Refusal) as caught:
        made.run(ground, **changes)
    assert not TrainingRun.objects.exists()
    return str(caught.value)


def test_a_release_without_a_training_split_is_refused(ground: Path):
    without = release()
    moved = without.entries.all()
    assert set(moved.values_list("split", flat=True)) == {"train"}
    test_only = release(name="Held back", version="1.0.0", n=0)
    assert data.rows_for(test_only, made.recipe()).n_all == 3
    # The split is frozen with the release; none of this one's pairs stands in training.
    bare = type(without).objects.create(name="Bare", version="1.0.0", digest="d")
    assert "Bare 1.0.0 has no training split" in refused(ground, of=bare)


def test_a_withdrawn_release_is_refused(ground: Path):
    taken_back = withdraw(by=None, release=release(), reason="Wrong number.", at=made.AT)
    assert "was withdrawn" in refused(ground, of=taken_back)


def test_dpo_on_a_release_without_preferences_is_refused(ground: Path):
    said = refused(ground, config=made.recipe(method="dpo"))
    assert "preferences" in said or "Format 'dpo'" in said


def test_dpo_reads_the_preferences_of_the_training_split(ground: Path):
    run = made.run(ground, of=made.preferred(), config=made.recipe(method="dpo"))
    rows = data.rows_for(run.release, made.recipe(method="dpo"))
    assert rows.n_all == 4
    assert {turn["content"][:12] for row in rows.rows for turn in row["chosen"]} == {"Ask somebody"}
    assert {row["rejected"][-1]["content"] for row in rows.rows} == {"No."}


def test_a_share_of_what_the_release_has_not_is_refused(ground: Path):
    shares = {"refuse": 0.5, "answer": 0.5}
    assert "wants 50% of rows" in refused(ground, config=made.recipe(shares=shares))


def test_a_model_that_does_not_fit_is_refused_with_what_it_needs(
    ground: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("training.machine.free_ram", lambda: 500_000_000)
    said = refused(ground)
    assert "needs about 800 MB of memory (weights" in said
    assert "500 MB is free on this machine" in said and "batch_size" in said


def test_a_gpu_that_is_too_full_is_refused(ground: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("training.machine.found_gpus", lambda: [0])
    monkeypatch.setattr("training.machine.free_memory", lambda gpus: 1_000_000_000)
    assert "1 GB is free on each GPU" in refused(ground)


def test_a_full_disk_is_refused(ground: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("training.machine.free_disk", lambda folder: 1_000_000)
    said = refused(ground)
    assert "of disk" in said and "1 MB is free" in said and "TRAIN_DIR" in said


def test_a_missing_python_is_refused(ground: Path, settings: Any):
    settings.TRAIN_PYTHON = "/nowhere/python"
    assert "There is no /nowhere/python. Set TRAIN_PYTHON" in refused(ground)


def test_a_python_without_the_libraries_is_refused(ground: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FAKE_MISSING", "trl peft")
    assert "has no trl, peft" in refused(ground)


def test_a_python_that_cannot_be_run_is_refused(ground: Path, settings: Any):
    path = ground / "broken"
    path.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    path.chmod(0o755)
    settings.TRAIN_PYTHON = str(path)
    assert "cannot be run: no" in refused(ground)


def test_a_missing_model_folder_is_refused_and_nothing_is_fetched(ground: Path):
    assert "Nothing is downloaded here" in refused(ground, base=made.base(ground / "nowhere"))


def test_a_model_whose_folder_nobody_knows_is_refused(ground: Path):
    imported = generation_actions.register_model(by=None, name="imported")
    assert "say 'base_folder' in the recipe" in refused(ground, base=imported)


def test_projections_that_the_model_has_not_are_refused_with_those_it_has(ground: Path):
    said = refused(ground, config=made.recipe(targets=["q_proj", "qkv_proj"]))
    assert "no projection qkv_proj. It has: down_proj, gate_proj" in said


def test_an_adapter_is_no_base_model(ground: Path):
    base = made.base(made.model_folder(ground / "model"))
    tuned = generation_actions.register_model(
        by=None, name="tuned", base=base, served_name="tuned", adapter_path="/nowhere"
    )
    assert "Choose its base model, 'tiny'" in refused(ground, base=tuned)


def test_a_name_that_is_taken_or_no_name_is_refused(ground: Path):
    run = made.run(ground)
    asked: dict[str, Any] = {"of": run.release, "base": run.base}
    with pytest.raises(NameTaken):
        made.run(ground, name=run.name, **asked)
    with pytest.raises(Refusal, match="letters, digits"):
        made.run(ground, name="my adapter", **asked)
    assert made.run(ground, **asked).name == f"{run.name}-2"


def test_where_another_host_trains_its_worker_looks_before_it_starts_anything(
    ground: Path, monkeypatch: pytest.MonkeyPatch
):
    be_there(host="gpu-1", gpus=[0], at=made.AT)
    monkeypatch.setattr("training.machine.free_ram", lambda: 500_000_000)
    run = made.run(ground)
    assert made.work(run) == "failed"
    assert "needs about 800 MB of memory" in run.last_error
    assert not (folder_of(run) / "process.pid").exists()


def test_the_same_release_and_recipe_give_the_same_rows(ground: Path):
    run = made.run(ground)
    rows = data.rows_for(run.release, made.recipe())
    assert rows == data.rows_for(run.release, made.recipe())
    assert rows.rows[0]["messages"][-1]["role"] == "assistant"
    assert set(rows.rows[0]) == {"messages", "expected_action"}


def test_what_ended_cannot_be_cancelled_and_what_goes_on_not_resumed(ground: Path):
    run = made.run(ground)
    with pytest.raises(Refusal, match="Only what failed"):
        actions.resume_training(by=None, run=run, at=made.AT)
    made.work(run)
    with pytest.raises(Refusal, match="ended already"):
        actions.cancel_training(by=None, run=run, at=made.AT)
