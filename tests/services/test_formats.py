"""Files of a release in the hands of the programs that they are written for."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exports import bundle
from tests.exports.test_loading import rated_release

pytestmark = [pytest.mark.serving, pytest.mark.django_db]


def test_trl_trains_a_step_on_each_format_and_croissant_is_valid(
    tmp_path: Path,
    serving_python: Path,
    make_tiny_model: Callable[[Path], Path],
    settings: Any,
) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    release = rated_release()
    tables = [
        *(("jsonl", form) for form in ("sft", "prompt_completion", "dpo", "kto", "ratings")),
        ("parquet", "soft_labels"),
        ("csv", "dpo"),
        ("jsonl", "llama_factory_dpo"),
    ]
    written = [
        file
        for to, form in tables
        for file in bundle.write(
            release, form=form, to=to, folder=tmp_path / (form if to == "jsonl" else f"{form}-{to}")
        )
    ]
    bundle.write(release, form="argilla", to="json", folder=tmp_path / "argilla")
    program = Path(__file__).with_name("one_step.py")
    ended = subprocess.run(
        [serving_python, program, make_tiny_model(serving_python), tmp_path],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ended.returncode == 0, ended.stderr[-3_000:]
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["steps"] == dict.fromkeys(["sft", "prompt_completion", "dpo", "kto"], 1)
    assert told["warnings"] == [] and told["records"] == sum(file.n_rows for file in written)
