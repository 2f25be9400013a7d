import json
from pathlib import Path
from typing import Any

import pytest

from corpus.models import Pair
from exports import bundle
from exports.models import Release
from tests.exports import made

pytestmark = pytest.mark.django_db


def split_release(**changes: Any) -> Release:
    """Four pairs: two to train on, one to validate and one to test with."""
    made.split_pairs("train", "train", "validation", "test")
    return made.release(0, **changes)


def test_each_split_is_a_file_and_says_so_in_its_rows(tmp_path: Path) -> None:
    files = bundle.write(split_release(), form="sft", to="jsonl", folder=tmp_path)
    assert [(file.name, file.split, file.n_rows) for file in files] == [
        ("sft-train.jsonl", "train", 2),
        ("sft-validation.jsonl", "validation", 1),
        ("sft-test.jsonl", "test", 1),
    ]
    for file in files:
        lines = (tmp_path / file.name).read_text().splitlines()
        assert {json.loads(line)["split"] for line in lines} == {file.split}


def test_one_split_is_written_alone(tmp_path: Path) -> None:
    release = split_release()
    (file,) = bundle.write(release, form="sft", to="jsonl", folder=tmp_path, split="train")
    assert file.name == "sft-train.jsonl" and file.n_rows == 2
    with pytest.raises(bundle.Unwilling, match=r"no rows of split 'held'.*train, validation, test"):
        bundle.write(release, form="sft", to="jsonl", folder=tmp_path, split="held")


def test_a_pair_that_moved_later_stays_where_the_release_froze_it(tmp_path: Path) -> None:
    release = split_release()
    Pair.objects.update(split="test")
    files = bundle.write(release, form="sft", to="jsonl", folder=tmp_path)
    assert [file.split for file in files] == ["train", "validation", "test"]


def test_what_the_corpus_had_no_split_for_is_never_in_the_training_file(tmp_path: Path) -> None:
    made.split_pairs("train", "")
    files = bundle.write(made.release(0), form="sft", to="jsonl", folder=tmp_path)
    assert [(file.split, file.n_rows) for file in files] == [("train", 1), ("unassigned", 1)]
