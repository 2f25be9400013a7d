"""Site and trainer read whole files alone: no torn line, torn checkpoint or old end is taken."""

import os
import time
from pathlib import Path

import pytest

from training.trainer import card, examples
from training.trainer.folder import SIGN, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.begin()
    return made


def checkpoint(folder: Folder, step: int) -> Path:
    place = folder.checkpoints / f"checkpoint-{step}"
    place.mkdir(parents=True)
    (place / "optimizer.pt").write_bytes(b"0123456789")
    return place


def test_a_checkpoint_counts_once_it_is_marked(folder: Folder):
    checkpoint(folder, 2)
    assert folder.last_whole() is None
    folder.mark_whole(2)
    assert folder.last_whole() == (2, folder.checkpoints / "checkpoint-2")


def test_the_newest_whole_one_is_the_last_by_number(folder: Folder):
    for step in (9, 10, 100):
        checkpoint(folder, step)
        folder.mark_whole(step)
    assert [step for step, _ in folder.whole_checkpoints()] == [9, 10, 100]


def test_a_file_that_is_shorter_than_it_was_makes_a_checkpoint_torn(folder: Folder):
    for step in (2, 4):
        checkpoint(folder, step)
        folder.mark_whole(step)
    (folder.checkpoints / "checkpoint-4" / "optimizer.pt").write_bytes(b"0123")
    assert folder.last_whole() == (2, folder.checkpoints / "checkpoint-2")
    folder.clear_torn()
    assert [place.name for place in folder.checkpoints.iterdir()] == ["checkpoint-2"]


def test_a_torn_line_is_not_read_and_does_not_spoil_the_next(folder: Folder):
    folder.report(step=1)
    with (folder / "progress.jsonl").open("ab") as file:
        file.write(b'{"step": 2, "lo')
    lines, offset = folder.progress()
    assert [line["step"] for line in lines] == [1]
    folder.report(step=3)
    assert [line["step"] for line in folder.progress(offset)[0]] == [3]


def test_the_trainer_stops_when_it_is_asked_or_nobody_attends_it(folder: Folder):
    assert folder.must_stop(60) == ""
    os.utime(folder / SIGN, (time.time() - 61,) * 2)
    assert folder.must_stop(60) == "unattended"
    folder.attend()
    assert folder.must_stop(60) == ""
    folder.ask_to_stop()
    assert folder.must_stop(60) == "asked"


def test_a_new_beginning_forgets_the_last_end(folder: Folder):
    folder.ask_to_stop()
    folder.write_json("outcome.json", {"state": "stopped"})
    folder.begin()
    assert folder.outcome() is None and folder.must_stop(60) == ""


def test_only_the_last_turn_is_the_response():
    turns = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        {"role": "user", "content": "c"},
        {"role": "assistant", "content": "d"},
    ]
    made = examples.example({"messages": turns, "domain": "x"}, "sft", 1)
    assert made == {"prompt": turns[:3], "completion": turns[3:]}


@pytest.mark.parametrize(
    ("row", "method", "words"),
    [
        ({}, "sft", "Row 7 has no list 'messages'"),
        ({"messages": [{"role": "user", "content": "a"}]}, "sft", "does not end with a response"),
        ({"messages": [{"role": "user"}]}, "sft", "no role or no content"),
        ({"prompt": [], "chosen": [], "rejected": []}, "dpo", "needs a prompt"),
    ],
)
def test_a_row_that_cannot_be_learnt_from_is_named(row, method: str, words: str):
    with pytest.raises(examples.BadRow, match=words):
        examples.example(row, method, 7)


def test_the_card_says_what_it_is_made_of_and_the_sums_cover_every_file(tmp_path: Path):
    (tmp_path / "adapter_model.safetensors").write_bytes(b"weights")
    job = {
        "config": {"method": "sft", "responses_only": True},
        "about": {
            **{"name": "tuned", "run": "r1", "base": "tiny", "base_folder": "/m/tiny"},
            **{"release": "Spring 1.0.0", "release_digest": "abc", "config_digest": "def"},
            "made_at": "2026-03-10",
        },
    }
    facts = {"n_rows": 20, "n_too_long": 1, "device": "cpu", "dtype": "float32"}
    facts |= {"n_processes": 1, "versions": {"torch": "2"}}
    card.write(tmp_path, job, {"steps": 15, "facts": facts})
    said = (tmp_path / "README.md").read_text()
    for words in ("Spring 1.0.0", "`abc`", "`def`", "Content warning", "Not a substitute for care"):
        assert words in said
    sums = dict(
        reversed(line.split("  ")) for line in (tmp_path / "SHA256SUMS").read_text().splitlines()
    )
    assert set(sums) == {"README.md", "adapter_model.safetensors"}
    assert sums["README.md"] == card.sha256(tmp_path / "README.md")
