"""The harness is called with what was chosen and with nothing that it would read otherwise."""

from dataclasses import replace
from pathlib import Path

import pytest

from generation.commands import CommandRefused
from training import harness
from training.harness import Call, Mode

CALL = Call(
    model="served/name",
    base_url="http://127.0.0.1:8101/v1",
    tasks=("gsm8k", "ifeval"),
    mode=Mode.CHAT,
    out=Path("/data/out"),
)


def words(**changes) -> list[str]:
    return list(harness.command("/venv/bin/python", replace(CALL, **changes)))


def option(said: list[str], name: str) -> str:
    return said[said.index(name) + 1]


def test_a_conversation_goes_to_the_chat_place_under_the_template() -> None:
    said = words()
    assert said[:4] == ["/venv/bin/python", "-m", "lm_eval", "run"]
    assert option(said, "--model") == "local-chat-completions"
    assert "base_url=http://127.0.0.1:8101/v1/chat/completions" in option(said, "--model_args")
    assert option(said, "--tasks") == "gsm8k,ifeval"
    assert "--apply_chat_template" in said and "--log_samples" in said
    assert "--limit" not in said


def test_plain_text_is_sent_as_the_task_words_it() -> None:
    said = words(mode=Mode.COMPLETION, tokenizer="/models/qwen", max_length=4096)
    assert option(said, "--model") == "local-completions"
    given = option(said, "--model_args").split(",")
    assert "base_url=http://127.0.0.1:8101/v1/completions" in given
    assert {"tokenizer=/models/qwen", "tokenizer_backend=huggingface", "max_length=4096"} <= {
        *given
    }
    assert "--apply_chat_template" not in said


def test_the_template_over_plain_text_is_a_mode_of_its_own() -> None:
    said = words(mode=Mode.TEMPLATE, tokenizer="/models/qwen")
    assert option(said, "--model") == "local-completions"
    assert "--apply_chat_template" in said


def test_limits_shots_folder_and_system_prompt_are_passed_on() -> None:
    said = words(limit=5, n_shots=0, task_folder=Path("/tasks"), system_prompt="--- Be kind.")
    assert option(said, "--limit") == "5" and option(said, "--num_fewshot") == "0"
    assert option(said, "--include_path") == "/tasks"
    assert option(said, "--system_instruction") == " --- Be kind."


@pytest.mark.parametrize("name", ["--model", "a,b", "a b", "../mmlu", "", "x" * 121])
def test_what_is_no_name_of_a_task_is_refused(name: str) -> None:
    with pytest.raises(CommandRefused):
        words(tasks=(name,))


@pytest.mark.parametrize("name", ["a,tokenizer=b", "a b", "--x", ""])
def test_a_model_whose_name_would_be_read_as_more_is_refused(name: str) -> None:
    with pytest.raises(CommandRefused):
        words(model=name)


def test_the_key_stands_in_the_environment_and_not_in_the_command() -> None:
    assert harness.environment("secret")["OPENAI_API_KEY"] == "secret"
    assert harness.environment("")["HF_DATASETS_OFFLINE"] == "1"
    assert not any("secret" in word for word in words())


def test_tasks_are_known_to_weigh_or_to_let_write_where_the_name_says_so() -> None:
    assert [harness.weighs(name) for name in ("mmlu", "mmlu_anatomy", "hellaswag")] == [True] * 3
    assert [harness.weighs(name) for name in ("gsm8k", "mmlu_generative")] == [False, False]
    assert harness.weighs("my_task") is None
