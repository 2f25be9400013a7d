"""The real harness and the real Inspect ask a stub server, and what they find comes in.

The stub offers conversations alone, so the task lets the model write: tasks that weigh given
answers need log-probabilities of a text that is sent.
"""

import json
import math
import os
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from generation.models import Endpoint, LanguageModel, Run
from judging.models import Judge
from tests.annotation import made as rating
from tests.generation import made as generating
from tests.judging import made as judging
from tests.stub_server import StubServer, echo
from training.models import TaskRun

pytestmark = [pytest.mark.serving, pytest.mark.django_db]
TASK = """
task: tiny_words
dataset_path: json
dataset_kwargs:
  data_files:
    test: {data}
test_split: test
output_type: generate_until
doc_to_text: "{{{{question}}}}"
doc_to_target: "{{{{answer}}}}"
generation_kwargs:
  until: []
  max_gen_toks: 20
metric_list:
  - metric: exact_match
    aggregation: mean
    higher_is_better: true
filter_list:
  - name: whole
    filter:
      - function: take_first
  - name: number
    filter:
      - function: regex
        regex_pattern: "number (\\\\d+)"
      - function: take_first
"""


@pytest.fixture
def model(stub_server: StubServer, settings: Any, tmp_path: Path) -> LanguageModel:
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    settings.TASK_RUN_DIR = tmp_path / "runs"
    stub_server.always(echo())
    return generating.model(stub_server.url)


def test_a_harness_task_from_the_command_to_imported_answers(
    model: LanguageModel,
    stub_server: StubServer,
    serving_python: Path,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server says what it is asked: a third of the documents are answered with that."""
    settings.HARNESS_PYTHON = str(serving_python)
    cache = tmp_path / "hub"
    (cache / "hub").mkdir(parents=True)
    monkeypatch.setenv("HF_HOME", str(cache))
    prompts = rating.prompt_set(6)
    entries = [(each.external_id, each.prompt.last_turn) for each in prompts.entries.all()]
    folder = tmp_path / "tasks"
    folder.mkdir()
    data = folder / "words.jsonl"
    rows = [
        {"id": number, "question": asked, "answer": asked if number in "12" else "3"}
        for number, asked in entries
    ]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "tiny_words.yaml").write_text(TASK.format(data=data))
    call_command(
        "run_tasks",
        **{"model": model.name, "tasks": "tiny_words", "mode": "chat", "task_folder": folder},
        **{"wait": True, "stdout": StringIO(), "stderr": StringIO()},
    )
    run = TaskRun.objects.get()
    assert run.state == "done", run.last_error
    scores = {score.filter: score for score in run.scores.all()}
    assert (scores["whole"].value, scores["whole"].n) == (pytest.approx(2 / 6), 6)
    assert scores["number"].value == pytest.approx(1 / 6)
    assert scores["whole"].note == "wilson" and scores["whole"].weighs is False
    assert run.harness_version and {each["model"] for each in stub_server.requests} == {
        "stub-model"
    }

    [samples] = (Path(settings.TASK_RUN_DIR) / run.pk).rglob("samples_tiny_words_*.jsonl")
    call_command(
        "import_completions",
        str(samples),
        **{"set": prompts.slug, "model": "echo", "format": "lm-eval"},
        **{"stdout": StringIO(), "stderr": StringIO()},
    )
    answers = Run.objects.get(model__name="echo").completions
    assert sorted(answers.values_list("text", flat=True)) == sorted(asked for _, asked in entries)


def test_prompts_and_a_judge_as_a_task_of_inspect(
    model: LanguageModel, stub_server: StubServer, serving_python: Path, tmp_path: Path
) -> None:
    stub_server.reset()
    prompts = rating.prompt_set(3)
    judge: Judge = judging.judge(stub_server.url)
    generating.condition("informed", temperature=0.5, max_tokens=50)
    folder = tmp_path / "task"
    call_command(
        "export_inspect",
        **{"set": prompts.slug, "judge": judge.name, "condition": "informed", "out": folder},
        stdout=StringIO(),
    )
    log = evaluated(serving_python, folder, stub_server)

    scores = log["results"]["scores"]
    assert {each["name"] for each in scores} == {c.key for c in judge.rubric.criteria.all()}
    given = [each["scores"]["judge"]["value"] for each in log["samples"]]
    for each in scores:  # the stub leaves some open, as judges do
        values = [value[each["name"]] for value in given]
        scored = [value for value in values if value is not None and not math.isnan(value)]
        assert (each["scored_samples"], each["unscored_samples"]) == (len(scored), 3 - len(scored))
        mean = sum(scored) / len(scored) if scored else math.nan
        found = each["metrics"]["mean_of_scored"]["value"]
        assert found == pytest.approx(mean, nan_ok=True)
    asked = [each for each in stub_server.requests if "response_format" in each]
    answered = [each for each in stub_server.requests if "response_format" not in each]
    assert (len(asked), len(answered)) == (3, 3)
    assert asked[0]["response_format"]["json_schema"]["strict"] is True
    assert asked[0]["chat_template_kwargs"] == {"enable_thinking": False}
    assert answered[0]["messages"][0] == {"role": "system", "content": "Be kind."}
    assert answered[0]["temperature"] == 0.5

    call_command(
        "import_completions",
        str(next(folder.glob("logs/*.json"))),
        **{"set": prompts.slug, "model": "by-inspect", "format": "inspect"},
        **{"stdout": StringIO(), "stderr": StringIO()},
    )
    kept = Run.objects.get(model__name="by-inspect").completions
    assert kept.count() == log["results"]["completed_samples"] == 3


def evaluated(python: Path, folder: Path, stub_server: StubServer) -> dict[str, Any]:
    """The log of the whole task, run as its README says."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "HERE_BASE_URL": stub_server.base_url,
        "HERE_API_KEY": "none",
        "INSPECT_LOG_FORMAT": "json",
        "NO_COLOR": "1",
    }
    words = ["eval", "task.py", "--model", "openai-api/here/stub-model", "--display", "plain"]
    words += ["--model-role", "grader=openai-api/here/stub-judge", "--log-dir", "logs"]
    done = subprocess.run(
        [python.parent / "inspect", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [log] = folder.glob("logs/*.json")
    said: dict[str, Any] = json.loads(log.read_text())
    assert said["status"] == "success", said.get("error")
    assert Endpoint.objects.exists()
    return said
