"""A configuration is taken whole or refused with the field, what is allowed and what is near."""

import json

import pytest

from training import config
from training.config import BadConfig, Config


def refused(text: str) -> str:
    with pytest.raises(BadConfig) as caught:
        config.read(text, where="c.yaml")
    return str(caught.value)


def test_the_published_recipe_is_a_preset():
    made = config.preset("published")
    assert (made.r, made.alpha, made.learning_rate, made.schedule) == (1, 32, 1e-4, "cosine")
    assert (made.epochs, made.warmup_steps, made.weight_decay) == (5, 100, 0.01)
    assert (made.seed, made.max_length, made.batch_size, made.accumulation) == (3407, 4096, 4, 1)
    assert made.targets == config.LINEAR
    assert made.responses_only


def test_the_selective_preset_states_its_shares():
    made = config.preset("selective")
    assert made.shares == {"refuse": 0.6, "partial": 0.15, "answer": 0.25}
    assert sum(made.shares.values()) == pytest.approx(1)


@pytest.mark.parametrize("name", sorted(config.presets()))
def test_every_preset_is_a_configuration_that_reads_back_alike(name: str):
    made = config.preset(name)
    assert config.read(made.as_yaml()) == made


def test_a_file_says_what_differs_from_its_preset():
    made = config.read("preset: published\nr: 4\n")
    assert (made.r, made.alpha, made.epochs) == (4, 32, 5)


def test_json_and_yaml_say_the_same():
    said = {"r": 4, "learning_rate": 2e-5, "targets": ["q_proj"]}
    assert config.read(json.dumps(said)) == config.read(
        "r: 4\nlearning_rate: 2e-5\ntargets: [q_proj]"
    )


def test_equal_settings_have_an_equal_digest_however_they_are_written():
    one = config.read("r: 4\nlearning_rate: 1e-4")
    other = config.read("learning_rate: 0.0001\nr: 4.0")
    assert one.digest == other.digest
    assert one.digest != config.read("r: 5").digest


def test_an_unknown_field_is_refused_with_the_nearest_and_all_that_are_known():
    said = refused("learning_rat: 1")
    assert "c.yaml: the field 'learning_rat' is not known. Is 'learning_rate' meant?" in said
    assert "base_model, base_folder, r, alpha" in said


def test_an_unknown_preset_is_refused():
    assert "Is 'published' meant?" in refused("preset: publishd")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("r: 0", "'r' is 0; from 1 to 512"),
        ("r: 1.5", "'r' is a whole number, not 1.5"),
        ("r: many", "'r' is a number, not 'many'"),
        ("r: true", "'r' is a number, not True"),
        ("learning_rate: .nan", "c.yaml"),
        ("learning_rate: 5", "from 1e-08 to 1"),
        ("epochs: [1]", "'epochs' is a number"),
        ("method: kto", "the method 'kto' is not known"),
        ("schedule: cosin", "Is 'cosine' meant?"),
        ("targets: []", "names no projection"),
        ("targets: q_proj", "'targets' is a list of names"),
        ("targets: ['--q']", "no name of a projection"),
        ("targets: [q_proj, q_proj]", "twice"),
        ("responses_only: 1", "true or false"),
        ("method: dpo\nresponses_only: false", "stays true"),
        ("shares: {refuse: 0.5}", "add up to 0.5"),
        ("shares: {refus: 1}", "Is 'refuse' meant?"),
        ("base_model: 3", "'base_model' is text"),
        ("- r", "holds no fields"),
        ("preset: {}", "the preset '{}' is not known"),
        ("preset: [published]", "is not known"),
        ("method: []", "'method' is text"),
        ("r: [", "neither YAML nor JSON"),
        ("!!python/object/apply:os.getcwd []", "neither YAML nor JSON"),
        ("base_model: '\ud800'", "c.yaml"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, words: str):
    assert words in refused(text)


def test_an_empty_file_is_the_plain_configuration():
    assert config.read("") == Config()
