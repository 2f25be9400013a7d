"""Tasks that weigh given answers, at a real vLLM: as plain text, and within the chat template."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from generation.models import LanguageModel
from tests.generation import made as generating
from tests.services import servers
from training.models import TaskRun

pytestmark = [pytest.mark.vllm, pytest.mark.django_db]
TASK = """
task: tiny_pick
dataset_path: json
dataset_kwargs:
  data_files:
    test: {data}
test_split: test
output_type: multiple_choice
doc_to_text: "{{{{question}}}}"
doc_to_choice: ["friend", "stranger"]
doc_to_target: "{{{{label}}}}"
metric_list:
  - metric: acc
    aggregation: mean
    higher_is_better: true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tasks"
    folder.mkdir()
    data = folder / "pick.jsonl"
    rows = [{"question": f"Whom to call, {n}?", "label": n % 2} for n in range(6)]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "tiny_pick.yaml").write_text(TASK.format(data=data))
    return folder


def test_given_answers_are_weighed_and_the_mode_is_said(
    vllm_python: Path,
    serving_python: Path,
    make_tiny_model: Callable[[Path], Path],
    folder: Path,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    settings.TASK_RUN_DIR = tmp_path / "runs"
    settings.HARNESS_PYTHON = str(serving_python)
    (tmp_path / "hub" / "hub").mkdir(parents=True)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    weights = make_tiny_model(vllm_python)
    with servers.vllm(vllm_python, weights, max_num_seqs=8) as server:
        model = generating.model(server.base_url)
        LanguageModel.objects.filter(pk=model.pk).update(served_name=server.model)
        for mode in ("completion", "template"):
            said = StringIO()
            call_command(
                "run_tasks",
                **{"model": model.name, "tasks": "tiny_pick", "task_folder": folder},
                **{"mode": mode, "tokenizer": str(weights), "wait": True},
                stdout=StringIO(),
                stderr=said,
            )
            run = TaskRun.objects.get(mode=mode)
            [score] = run.scores.all()
            assert (score.n, score.weighs, score.note) == (6, True, "wilson")
            assert ("--mode completion" in said.getvalue()) == (mode == "template")
