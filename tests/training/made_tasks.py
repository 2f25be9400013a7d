"""Made task runs, and a program that stands in for the harness."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agreement import wilson
from generation.models import LanguageModel
from generation.serving import Place
from tests.generation import made
from training.actions import tasks as actions
from training.evaluating import Attendance
from training.models import TaskRun
from training.results import Results, Score

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
RESULTS = {
    "results": {"sums": {"alias": "sums", "acc,none": 0.5, "acc_stderr,none": 0.5}},
    "configs": {"sums": {"output_type": "generate_until"}},
    "n-shot": {"sums": 0},
    "n-samples": {"sums": {"original": 2, "effective": 2}},
    "versions": {"sums": 1.0},
    "lm_eval_version": "0.4.13",
    "pretty_env_info": "all about the machine",
}
SAMPLES = [{"doc_id": n, "filter": "none", "metrics": ["acc"], "acc": float(n)} for n in range(2)]
# It has the harness's own name, and is told the same.
PROGRAM = """#!/bin/sh
echo "$*" > told.txt
env > env.txt
{before}
while [ "$1" != "--output_path" ]; do shift; done
mkdir -p "$2/model"
cp {folder}/results.json "$2/model/results_2026.json"
cp {folder}/samples.jsonl "$2/model/samples_sums_2026.jsonl"
echo "Requesting API: 100%|####| 2/2"
"""


def stand_in(folder: Path, *, before: str = "", results: dict[str, Any] | None = None) -> Path:
    """A program that finds what it is given; `before` is what it does first."""
    folder.mkdir(exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results or RESULTS))
    (folder / "samples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in SAMPLES))
    program = folder / "python"
    program.write_text(PROGRAM.format(before=before, folder=folder))
    program.chmod(0o755)
    return program


def task_run(model: LanguageModel | None = None, **rest: Any) -> TaskRun:
    given = {"tasks": ["sums"], "mode": "chat", "at": AT, "by": None, **rest}
    model = model or LanguageModel.objects.first() or made.model()
    return actions.start_task_run(model=model, **given)


def scored(model: LanguageModel, *values: float, task: str = "sums", **rest: Any) -> TaskRun:
    """A finished task run with these shares of 100 documents, one for each filter."""
    run = task_run(model, rings=False, **{"tasks": [task], **rest})
    assert TaskRun.objects.claim(run.pk, worker="w", host="here", at=AT)
    scores = [
        Score(
            task,
            "acc",
            f"filter-{n}" if n else "none",
            value,
            *wilson.bounds(value, 100),
            100,
            "wilson",
        )
        for n, value in enumerate(values)
    ]
    found = Results(
        "0.4.13", tuple(scores), {task: task == "mmlu"}, {task: 0}, {task: "1.0"}, Path(), ()
    )
    assert actions.keep_results(run=run, found=found, said={}, worker="w", at=AT)
    run.refresh_from_db()
    return run


def place(*_: object) -> Place:
    return Place("http://127.0.0.1:9", api_key="secret", allow_private=True)


def attendance(run: TaskRun, **changes: Any) -> Attendance:
    """A worker's shift on the run, with short looks and no message for the next one."""
    fresh = TaskRun.objects.with_names().get(pk=run.pk)
    given = {"pause": lambda seconds: time.sleep(0.01), "open_place": place, "rings": False}
    return Attendance(**{"run": fresh, **given, **changes})


def done(folder: Path, settings: Any, model: LanguageModel | None = None, **rest: Any) -> TaskRun:
    """A task run with scores."""
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    settings.HARNESS_PYTHON = str(stand_in(folder / "harness", results=rest.pop("results", None)))
    run = task_run(model, **rest)
    assert attendance(run).work() == "done", run.last_error
    run.refresh_from_db()
    return run
