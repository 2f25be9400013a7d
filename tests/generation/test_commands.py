"""Command lines: bound to this machine, and never more than was meant."""

from pathlib import Path

import pytest

from generation.commands import (
    CommandRefused,
    VllmOptions,
    environment,
    transformers_serve,
    vllm_serve,
)


def test_transformers_serve_is_the_program_beside_its_python() -> None:
    command = transformers_serve("/models/tiny", 8101, "/opt/serving/bin/python", device="cpu")
    place = ("--host", "127.0.0.1", "--port", "8101", "--device", "cpu")
    assert command == ("/opt/serving/bin/transformers", "serve", "/models/tiny", *place)


def test_vllm_serve_binds_here_and_leaves_sampling_to_us() -> None:
    command = vllm_serve("vllm serve", "Qwen/Qwen3-8B", 8101)
    assert command[:3] == ("vllm", "serve", "Qwen/Qwen3-8B")
    assert command[3:7] == ("--host", "127.0.0.1", "--port", "8101")
    assert command[7:] == ("--generation-config", "vllm")


def test_the_api_server_module_takes_the_model_as_an_option() -> None:
    module = "'/opt/my env/bin/python' -m vllm.entrypoints.openai.api_server"
    command = vllm_serve(module, "tiny", 8101)
    assert command[0] == "/opt/my env/bin/python"
    assert command[3:5] == ("--model", "tiny")


def test_options_and_adapters_are_spelled_out() -> None:
    options = VllmOptions(
        served_name="tiny",
        max_model_len=512,
        adapters={"kind": Path("/a/kind"), "brief": "/a/brief"},
        max_lora_rank=16,
        extra=("--enforce-eager",),
    )
    command = " ".join(vllm_serve("vllm serve", "m", 8101, options))
    assert "--served-model-name tiny --max-model-len 512" in command
    assert "--enable-lora --max-lora-rank 16 --lora-modules kind=/a/kind brief=/a/brief" in command
    assert command.endswith("--enforce-eager")


@pytest.mark.parametrize("name", ["--trust-remote-code", "", "-m", "a\x00b"])
def test_a_name_that_reads_like_an_option_is_refused(name: str) -> None:
    with pytest.raises(CommandRefused):
        transformers_serve(name, 1, "python")
    with pytest.raises(CommandRefused):
        vllm_serve("vllm serve", name, 1)
    for options in (VllmOptions(revision=name), VllmOptions(adapters={name: "/a"})):
        with pytest.raises(CommandRefused):
            vllm_serve("vllm serve", "m", 1, options)


def test_an_empty_vllm_command_is_refused() -> None:
    with pytest.raises(CommandRefused, match="VLLM_COMMAND"):
        vllm_serve(" ", "m", 1)


def test_a_server_learns_of_the_machine_but_not_of_the_site() -> None:
    ours = {
        "PATH": "/bin",
        "CUDA_VISIBLE_DEVICES": "0",
        "VLLM_COMMAND": "vllm serve",
        "SECRET_KEY": "x",
        "DATABASE_URL": "postgres://x",
    }
    told = environment({"HF_HUB_OFFLINE": "1"}, ours)
    assert told == {"PATH": "/bin", "CUDA_VISIBLE_DEVICES": "0", "HF_HUB_OFFLINE": "1"}
