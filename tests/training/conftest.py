"""The ground of training runs: a folder of their own, a stand-in for the trainer, no messages."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Messages to the worker: (task, job, bell), in place of a broker."""
    sent: list[tuple[str, str, str]] = []
    monkeypatch.setattr("generation.bell._send", lambda *message: sent.append(message))
    return sent


@pytest.fixture
def ground(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, bells: list[Any]
) -> Path:
    """Where runs lie; this machine has no GPU, room for a small model, and a fake trainer."""
    from tests.training import made  # models, once Django is set up

    settings.TRAIN_DIR = tmp_path
    settings.TRAIN_PYTHON = str(made.python(tmp_path))
    settings.HOST_NAME = "here"
    monkeypatch.setattr("training.machine.found_gpus", lambda: [])
    monkeypatch.setattr("training.machine.free_ram", lambda: 4_000_000_000)
    return tmp_path
