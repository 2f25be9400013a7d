import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import datasets
import pyarrow.parquet as pq
import pytest
from pyarrow import Table

from corpus.reading import BadFile, Material, Problems, Row, folders
from corpus.reading.material import sniff, splits

TRAIN = [{"prompt": f"Train {n}", "label": n % 2} for n in range(250)]
TEST = [{"prompt": f"Test {n}", "label": n % 2} for n in range(10)]
FEATURES = datasets.Features(
    {"prompt": datasets.Value("string"), "label": datasets.ClassLabel(names=["safe", "unsafe"])}
)


def dataset(rows: list[dict[str, Any]]) -> datasets.Dataset:
    return datasets.Dataset.from_list(rows, features=FEATURES)


def zipped(folder: Path, below: str = "") -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, below + path.relative_to(folder).as_posix())
    made.seek(0)
    return made


def packed(files: dict[str, str | bytes]) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    made.seek(0)
    return made


def read(place: Any, split: str = "") -> list[Row]:
    problems = Problems()
    rows = list(Material(place, "dataset", split).rows(problems))
    problems.raise_if_any()
    return rows


def refusal(place: Any, split: str = "") -> str:
    with pytest.raises(BadFile) as caught:
        read(place, split)
    return str(caught.value)


# What `save_to_disk` writes


def test_a_saved_data_set_is_read_with_its_label_names(tmp_path: Path) -> None:
    dataset(TRAIN).save_to_disk(tmp_path / "made", num_shards=2)
    for place in (tmp_path / "made", zipped(tmp_path / "made"), zipped(tmp_path / "made", "x/")):
        assert sniff(place) == "dataset"
        rows = read(place)
        assert [row.values["prompt"] for row in rows] == [row["prompt"] for row in TRAIN]
        assert [row.values["label"] for row in rows[:2]] == ["safe", "unsafe"]
        assert [row.number for row in rows] == list(range(1, 251))


def test_of_several_splits_one_must_be_chosen(tmp_path: Path) -> None:
    made = datasets.DatasetDict(train=dataset(TRAIN), test=dataset(TEST))
    made.save_to_disk(tmp_path / "made")
    assert splits(zipped(tmp_path / "made", "made/"), Problems()) == ["test", "train"]
    assert len(read(tmp_path / "made", "test")) == 10
    assert "Choose one of: test, train" in refusal(tmp_path / "made")
    assert "no split 'dev'" in refusal(tmp_path / "made", "dev")


# What the hub has


def parquet(rows: list[dict[str, Any]]) -> bytes:
    made = io.BytesIO()
    pq.write_table(Table.from_pylist(rows), made)
    return made.getvalue()


def test_file_names_say_the_split(tmp_path: Path) -> None:
    files = {
        "README.md": "A made set.",
        "data/train-00000-of-00002.parquet": parquet(TRAIN[:200]),
        "data/train-00001-of-00002.parquet": parquet(TRAIN[200:]),
        "data/val.jsonl": "{}",  # one kind of file is read: not a mixture
        "data/test-00000-of-00001.parquet": parquet(TEST),
    }
    assert splits(packed(files), Problems()) == ["test", "train"]
    assert [row.values for row in read(packed(files), "train")] == TRAIN


def test_lines_and_tables_are_read_as_well() -> None:
    lines = packed({"train.jsonl": "\n".join(map(json.dumps, TEST))})
    assert [row.values for row in read(lines)] == TEST
    table = packed({"data.csv": "prompt,label\na,safe\n"})
    assert read(table)[0].values == {"prompt": "a", "label": "safe"}


CARD = """---
license: cc-by-4.0
configs:
- config_name: hard
  default: true
  data_files:
  - split: train
    path: "hard/*.jsonl"
- config_name: toxic
  data_files: toxic.jsonl
---
# Made
"""


def test_the_cards_configurations_are_splits_of_their_own() -> None:
    rows = "\n".join(map(json.dumps, TEST))
    files = {"README.md": CARD, "hard/a.jsonl": rows, "hard/b.jsonl": rows, "toxic.jsonl": rows}
    assert splits(packed(files), Problems()) == ["hard/train", "toxic/train"]
    assert len(read(packed(files), "hard/train")) == 20


def test_a_problem_names_the_file_and_its_row() -> None:
    files = {"train-0.jsonl": '{"a": 1}\n{"a": 2}', "train-1.jsonl": '{"a": 3}\nno'}
    said = refusal(packed(files))
    assert said.startswith("Row 4: train-1.jsonl, row 2: The line is not JSON")


def test_a_card_that_is_no_yaml_is_refused() -> None:
    files = {"README.md": "---\nconfigs: [\n---\n", "a.jsonl": "{}"}
    assert "README.md" in refusal(packed(files))


def test_a_folder_without_data_says_what_it_has() -> None:
    assert "It has: notes.txt" in refusal(packed({"notes.txt": "x"}))


def test_a_saved_selection_is_refused() -> None:
    state = {"_data_files": [{"filename": "a.arrow"}], "_indices_data_files": [{"filename": "b"}]}
    assert "flatten_indices" in refusal(packed({"state.json": json.dumps(state)}))


# What must not happen


@pytest.mark.parametrize(
    "name", ["../evil.jsonl", "/etc/evil.jsonl", "a/../../evil.jsonl", "c:\\evil.jsonl"]
)
def test_a_member_outside_the_zip_is_refused(name: str) -> None:
    assert "outside itself" in refusal(packed({"a.jsonl": "{}", name: "{}"}))


def test_a_state_that_points_outside_reads_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.arrow").write_bytes(b"x")
    state = {"_data_files": [{"filename": "../secret.arrow"}]}
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "state.json").write_text(json.dumps(state))
    assert "names a file that is not there" in refusal(tmp_path / "made")
    assert "names a file that is not there" in refusal(zipped(tmp_path / "made"))


def test_nothing_is_unpacked_onto_the_disk(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read(packed({"train.jsonl": "\n".join(map(json.dumps, TRAIN * 200))}))
    assert os.listdir(tmp_path) == []


def test_a_zip_that_unpacks_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_UNPACKED", 1_000_000)
    assert "unpacks to 3 MB" in refusal(packed({"a.jsonl": "x" * 3_000_000}))


def test_a_member_that_is_longer_than_it_says_is_refused() -> None:
    data = bytearray(packed({"a.jsonl": b'{"a": 1}\n' * 10_000}).getvalue())
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = (20).to_bytes(4, "little")
    assert "cannot be unpacked" in refusal(io.BytesIO(bytes(data)))


def test_too_many_members_and_a_password_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_MEMBERS", 3)
    assert "more than 3 files" in refusal(packed({f"{n}.csv": "a\n1" for n in range(5)}))
    data = bytearray(packed({"a.csv": "a\n1"}).getvalue())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal(io.BytesIO(bytes(data)))


def test_a_file_that_is_no_zip_is_refused() -> None:
    assert "cannot be opened" in refusal(io.BytesIO(b"PK\x03\x04 nothing"))
