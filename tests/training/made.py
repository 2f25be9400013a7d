"""Made training runs: a release with a training split, a model, a stand-in for its trainer."""

import json
import struct
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from annotation.actions import studies
from corpus.models import Prompt, PromptSet, PromptSetEntry
from exports.models import Release
from gate.text import digest
from generation import actions as generation_actions
from generation.models import LanguageModel
from tests.annotation.made import run as answered
from tests.exports.made import pairs, rated, release
from training import actions, config
from training.config import Config
from training.fine_tuning import Attendance
from training.models import TrainingRun

AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
RATED = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
FAKE = Path(__file__).parent / "fake_trainer.py"
SIZES = {"hidden_size": 8, "num_hidden_layers": 2, "vocab_size": 16, "intermediate_size": 16}


def model_folder(folder: Path, **changes: Any) -> Path:
    """A folder with the heads of a model: two layers with the projections of a Qwen."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(SIZES | changes))
    (folder / "tokenizer.json").write_text("{}")
    shapes: dict[str, list[int]] = {"model.embed_tokens.weight": [16, 8]}
    for layer in range(2):
        at = f"model.layers.{layer}"
        for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
            shapes[f"{at}.self_attn.{name}.weight"] = [8, 8]
        for name in ("gate_proj", "up_proj"):
            shapes[f"{at}.mlp.{name}.weight"] = [16, 8]
        shapes[f"{at}.mlp.down_proj.weight"] = [8, 16]
        shapes[f"{at}.norm.weight"] = [8]
    head = {name: {"dtype": "F32", "shape": of} for name, of in shapes.items()}
    raw = json.dumps(head | {"__metadata__": {"format": "pt"}}).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(raw)) + raw)
    return folder


def base(folder: Path, *, name: str = "tiny", kind: str = "vllm") -> LanguageModel:
    """A registered model whose weights lie in `folder`."""
    endpoint = generation_actions.register_endpoint(by=None, name=f"Here {kind}", kind=kind)
    return generation_actions.register_model(
        by=None, name=name, endpoint=endpoint, served_name=str(folder)
    )


def python(folder: Path, **script: Any) -> Path:
    """A program that stands in for TRAIN_PYTHON; `script` says what its trainer does."""
    path = folder / "train-python"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} {FAKE} "$@"\n')
    path.chmod(0o755)
    play(folder, **script)
    return path


def play(folder: Path, **script: Any) -> None:
    (folder / "script.json").write_text(json.dumps({"steps": 6, **script}))


def recipe(**changes: Any) -> Config:
    return config.change(Config(), {"r": 2, "max_length": 64, "save_every": 2, **changes})


def run(folder: Path, *, of: Release | None = None, **changes: Any) -> TrainingRun:
    """A run that waits for a worker."""
    asked = {"by": None, "config": recipe(), "at": AT, **changes}
    if "base" not in asked:
        known = LanguageModel.objects.filter(name="tiny").first()
        asked["base"] = known or base(model_folder(folder / "model"))
    return actions.start_training(release=of or release(), **asked)


def work(run: TrainingRun, **changes: Any) -> str:
    """A worker's shift without its long waits; the run's state afterwards."""
    asked = {"pause": lambda seconds: time.sleep(0.02), "rings": False, **changes}
    state = Attendance(TrainingRun.objects.get(pk=run.pk), **asked).work()
    run.refresh_from_db()
    return state


def under_way(release: Release, base: LanguageModel, *, at: datetime) -> TrainingRun:
    """A run at its third step, in a worker's hands; no trainer is there."""
    run = actions.start_training(
        by=None, release=release, base=base, config=recipe(), at=at, rings=False
    )
    assert TrainingRun.objects.all().claim(run.pk, worker="w", host="gpu-1", at=at)
    lines = [{"step": n, "total": 6, "loss": 2.0 / n, "rate": 0.1} for n in (1, 2, 3)]
    assert actions.keep_progress(run=run, worker="w", lines=lines, log_tail="Step 3", at=at)
    return run


def preferred(n: int = 4) -> Release:
    """A release with a study in it: two raters prefer the first of two answers to each prompt."""
    pairs(n, at=RATED - timedelta(days=3))
    prompts = list(Prompt.objects.filter(versions__status="approved").order_by("pk").distinct())
    over = prompt_set_of(prompts)
    runs = [answered(over, "kind", "Ask somebody, {n}."), answered(over, "plain", "No.")]
    study = rated([dict.fromkeys(range(n), "first")] * 2, runs=runs, n=n)
    closed = studies.close(by=None, study=study, at=RATED)
    return release(0, studies=[closed.slug], at=RATED)


def prompt_set_of(prompts: Sequence[Prompt]) -> PromptSet:
    made = PromptSet.objects.create(slug="own", name="own", digest=digest("own"))
    PromptSetEntry.objects.bulk_create(
        PromptSetEntry(prompt_set=made, prompt=prompt, position=place)
        for place, prompt in enumerate(prompts, start=1)
    )
    return made
