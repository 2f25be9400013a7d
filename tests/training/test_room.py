"""What a model needs is read from its files' heads and reckoned by the stated formula."""

from pathlib import Path

import pytest

from tests.training.made import model_folder, recipe
from training import room, weights
from training.config import Config, change, preset
from training.weights import NoModel, Weights


@pytest.fixture
def tiny(tmp_path: Path) -> Weights:
    return weights.read(model_folder(tmp_path / "model"))


def qwen(n_layers: int = 64) -> Weights:
    """About the size of the published base model: 27 billion parameters."""
    shapes = {f"layers.{n}.q_proj.weight": (5120, 5120) for n in range(n_layers)}
    return Weights(27_000_000_000, 54 * room.GB, shapes, n_layers, 5120, 17408, 248_320)


def test_parameters_and_shapes_are_read_without_the_weights(tiny: Weights):
    a_layer = 4 * 8 * 8 + 3 * 16 * 8 + 8
    assert tiny.n_params == 16 * 8 + 2 * a_layer
    assert (tiny.n_layers, tiny.hidden, tiny.inner, tiny.vocabulary) == (2, 8, 16, 16)


def test_an_adapter_has_two_thin_matrices_beside_each_projection(tiny: Weights):
    assert tiny.n_trained(["q_proj"], r=4) == 2 * 4 * (8 + 8)
    assert tiny.n_trained(["down_proj"], r=1) == 2 * (8 + 16)
    assert tiny.missing(["q_proj", "qkv_proj"]) == ["qkv_proj"]


def test_the_text_part_of_a_model_of_several_kinds_is_found(tmp_path: Path):
    folder = model_folder(tmp_path / "model")
    (folder / "config.json").write_text(
        '{"vision_config": {}, "text_config": {"hidden_size": 4, "num_hidden_layers": 1,'
        ' "vocab_size": 9}}'
    )
    assert weights.read(folder).hidden == 4


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "config.json").unlink(), "no config.json"),
        (lambda folder: (folder / "config.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "config.json").write_text("{}"), "says no hidden_size"),
        (lambda folder: (folder / "model.safetensors").unlink(), r"no \*.safetensors"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"\1"), "no whole safetensors"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "no tokenizer"),
    ],
)
def test_a_folder_that_holds_no_whole_model_is_refused(tmp_path: Path, spoil, words: str):
    folder = model_folder(tmp_path / "model")
    spoil(folder)
    with pytest.raises(NoModel, match=words):
        weights.read(folder)


def test_a_model_is_found_by_its_folder_or_in_the_hubs_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    kept = tmp_path / "hub/models--org--small"
    (kept / "snapshots/abc").mkdir(parents=True)
    (kept / "refs").mkdir()
    (kept / "refs/main").write_text("abc")
    assert weights.find("org/small") == kept / "snapshots/abc"
    assert weights.find("org/small", revision="abc") == kept / "snapshots/abc"
    assert weights.find(str(tmp_path)) == tmp_path
    with pytest.raises(NoModel, match="Nothing is downloaded"):
        weights.find("org/other")


def test_the_published_recipe_fits_where_it_was_made_and_not_on_a_small_gpu():
    needed = room.memory(qwen(), preset("published"), on_gpu=True).total
    assert 60 * room.GB < needed < 80 * room.GB


def test_each_part_of_the_need_grows_with_what_it_is_for(tiny: Weights):
    plain = room.memory(tiny, recipe(), on_gpu=True).parts
    assert plain["weights"] == 2 * tiny.n_params
    assert room.memory(tiny, recipe(), on_gpu=False).parts["weights"] == 4 * tiny.n_params
    assert room.memory(tiny, recipe(r=4), on_gpu=True).parts["adapter"] == 2 * plain["adapter"]
    longer = room.memory(tiny, recipe(max_length=128), on_gpu=True).parts["activations"]
    assert longer == 2 * plain["activations"]
    assert room.memory(qwen(), Config(), on_gpu=True, shards=4).parts["weights"] == 13.5 * room.GB


def test_dpo_needs_more_than_sft_as_it_has_two_conversations_a_row():
    both = [
        room.memory(qwen(), change(Config(), {"method": m}), on_gpu=True) for m in ("sft", "dpo")
    ]
    assert both[1].parts["activations"] > 2 * both[0].parts["activations"]


def test_disk_holds_three_checkpoints_the_adapter_and_the_rows(tiny: Weights):
    needed = room.disk(tiny, recipe(), n_bytes_rows=1000).parts
    assert needed["checkpoints"] == 9 * needed["adapter"]
    assert needed["rows"] == 4000


@pytest.mark.parametrize(
    ("n", "words"),
    [(12, "12 bytes"), (2_500, "2.5 kB"), (81_234_567, "81.2 MB"), (1_234 * room.GB, "1,234 GB")],
)
def test_amounts_are_said_for_people(n: int, words: str):
    assert room.amount(n) == words
