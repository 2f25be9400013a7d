"""Where a model is asked: what is said when it cannot be, and servers that the worker starts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generation import actions
from generation.models import LanguageModel
from generation.processes import is_free, read_pid_file
from generation.serving import CannotAsk, open_place, own_spec
from tests.conftest import ROOT
from tests.generation import made

pytestmark = pytest.mark.django_db


def served_by(kind: str, served_name: str, **rest: Any) -> LanguageModel:
    place = actions.register_endpoint(by=None, name=f"Own {kind}", kind=kind)
    return actions.register_model(
        by=None, name="made-model", endpoint=place, served_name=served_name, **rest
    )


def command_of(model: LanguageModel) -> list[str]:
    return list(own_spec(model).command)


def test_vllm_is_started_for_the_model_and_its_revision(settings: Any) -> None:
    settings.VLLM_COMMAND = "/opt/vllm/bin/vllm serve"
    command = command_of(served_by("vllm", "org/qwen-9b", revision="abc", family="qwen"))
    assert command[:3] == ["/opt/vllm/bin/vllm", "serve", "org/qwen-9b"]
    assert command[command.index("--revision") + 1] == "abc"
    assert command[command.index("--reasoning-parser") + 1] == "qwen3"
    assert command[command.index("--host") + 1] == "127.0.0.1"


def test_a_folder_within_the_project_is_found_from_anywhere(settings: Any) -> None:
    assert str(ROOT / "tests") in command_of(served_by("transformers", "tests"))


def test_a_missing_program_is_said_with_the_setting_that_names_it(settings: Any) -> None:
    settings.SERVING_PYTHON = "/nowhere/bin/python"
    with pytest.raises(CannotAsk, match=r"no /nowhere/bin/python\. Set SERVING_PYTHON"):
        open_place(served_by("transformers", "tiny"))


def test_a_command_that_cannot_be_started_fails_the_run_and_keeps_its_rows(settings: Any) -> None:
    settings.VLLM_COMMAND = "/nowhere/vllm serve"
    served_by("vllm", "tiny")
    run = made.run(n=2)
    assert made.shift(run).run() == "failed"
    run.refresh_from_db()
    assert "'/nowhere/vllm' cannot be started" in run.last_error
    assert run.completions.waiting().count() == 2


def test_a_model_name_cannot_be_an_option(settings: Any) -> None:
    model = served_by("vllm", "tiny")
    LanguageModel.objects.update(served_name="--trust-remote-code")
    model.refresh_from_db()
    with pytest.raises(CannotAsk, match="reads like an option"):
        open_place(model)


def test_a_model_without_an_endpoint_cannot_be_asked() -> None:
    with pytest.raises(CannotAsk, match="has no endpoint"):
        open_place(actions.register_model(by=None, name="elsewhere"))


@pytest.mark.serving
def test_a_run_starts_its_server_and_stops_it_afterwards(
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    serving_python: Path,
    make_tiny_model: Callable[[Path], Path],
) -> None:
    weights = make_tiny_model(serving_python)
    settings.LOG_DIR = tmp_path
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub-home"))
    (tmp_path / "hub-home" / "hub").mkdir(parents=True)
    model = served_by("transformers", str(weights))
    made.condition(max_tokens=8)
    run = made.run(n=3)
    assert made.shift(run).run() == "done", run.last_error
    row = run.completions.first()
    assert row and row.n_completion_tokens and row.finish_reason in ("stop", "length")
    spec = own_spec(model)
    assert read_pid_file(spec.pid_path) is None and is_free(spec.port)
