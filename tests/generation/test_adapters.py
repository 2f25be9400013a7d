"""Adapters in folders: rank, digest, and the rank that a server is started with."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.adapters import RANKS, NoAdapter, digest, rank, served_rank


def adapter(folder: Path, r: object = 1, weights: bytes = b"weights") -> Path:
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text(json.dumps({"r": r, "peft_type": "LORA"}))
    (folder / "adapter_model.safetensors").write_bytes(weights)
    return folder


def test_the_rank_is_read_from_the_configuration(tmp_path: Path) -> None:
    assert rank(adapter(tmp_path / "a", r=4)) == 4


@pytest.mark.parametrize("r", [0, -1, 513, "4", None, True, 1.5])
def test_a_rank_that_no_server_takes_is_refused(tmp_path: Path, r: object) -> None:
    with pytest.raises(NoAdapter, match="no rank"):
        rank(adapter(tmp_path / "a", r=r))


def test_a_folder_without_an_adapter_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NoAdapter, match=r"no adapter_config\.json"):
        rank(tmp_path)
    (tmp_path / "adapter_config.json").write_text("{")
    with pytest.raises(NoAdapter, match="cannot be read"):
        rank(tmp_path)
    (tmp_path / "adapter_config.json").write_text('{"r": 1}')
    with pytest.raises(NoAdapter, match="no weights"):
        digest(tmp_path)


def test_the_digest_changes_with_the_weights_and_with_the_configuration(tmp_path: Path) -> None:
    first = digest(adapter(tmp_path / "a"))
    assert first == digest(adapter(tmp_path / "same"))
    assert len({first, digest(adapter(tmp_path / "b", r=2)),
                digest(adapter(tmp_path / "c", weights=b"other"))}) == 3  # fmt: skip


@given(st.lists(st.integers(1, 512), max_size=6))
def test_a_server_takes_every_adapter_with_the_smallest_rank_that_fits(ranks: list[int]) -> None:
    chosen = served_rank(ranks)
    assert chosen in RANKS
    assert all(each <= chosen for each in ranks)
    assert not [each for each in RANKS if each < chosen and all(r <= each for r in ranks)]
