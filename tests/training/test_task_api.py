"""Benchmark tasks by program: REST and the command."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from generation.models import LanguageModel
from tests.generation import made as generating
from tests.generation.test_pages import SignIn
from tests.training import made_tasks as made
from training.models import TaskRun

pytestmark = pytest.mark.django_db
PLACE = "/api/v1/task-runs/"


@pytest.fixture(autouse=True)
def ground(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    settings.TASK_RUN_DIR = tmp_path / "runs"
    settings.TASK_DIR = tmp_path / "tasks"
    (settings.TASK_DIR / "ours").mkdir(parents=True)
    (settings.TASK_DIR / "ours" / "sums.yaml").write_text("task: sums\n")
    settings.HARNESS_PYTHON = str(made.stand_in(tmp_path / "harness"))
    monkeypatch.setattr("training.evaluating.LOOK_S", 0.01)
    return generating.model()


def post(browser: Client, body: dict[str, Any], place: str = PLACE) -> Any:
    return browser.post(place, json.dumps(body), content_type="application/json")


def test_a_program_puts_tasks_reads_scores_and_cancels(
    engineer: User, researcher: User, client: Client, signed_in: SignIn
) -> None:
    model = LanguageModel.objects.get()
    body = {"model": model.pk, "tasks": ["sums"], "mode": "chat", "folder": "ours", "limit": 2}
    assert post(client, body).status_code == 401
    assert post(signed_in(researcher), body).status_code == 403
    browser = signed_in(engineer)
    made_one = post(browser, body)
    assert made_one.status_code == 201, made_one.content
    run = TaskRun.objects.get()
    assert run.task_folder.endswith("/tasks/ours") and made_one.json()["state"] == "pending"
    found = browser.get(f"{PLACE}{made.scored(model, 0.5).pk}/").json()
    assert found["scores"][0]["value"] == 0.5 and found["tasks_in_doubt"] == []
    stopped = post(browser, {}, f"{PLACE}{run.pk}/cancel/")
    assert stopped.json()["state"] == "cancelled"
    assert post(browser, {}, f"{PLACE}{run.pk}/cancel/").status_code == 409


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"folder": "/etc"}, 400), ({"mode": "loud"}, 400), ({"tasks": ["a b"]}, 422)],
)
def test_what_is_wrong_is_refused(
    changes: dict[str, Any], status: int, engineer: User, signed_in: SignIn
) -> None:
    body = {"model": LanguageModel.objects.get().pk, "tasks": ["sums"], "mode": "chat"}
    assert post(signed_in(engineer), {**body, **changes}).status_code == status
    assert not TaskRun.objects.exists()


def test_the_command_attends_the_harness_and_shows_the_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = StringIO()
    given = {"model": "made-model", "tasks": "sums", "mode": "chat", "wait": True}
    call_command("run_tasks", **given, stdout=said, stderr=StringIO())
    assert "sums\tacc\tnone\t0.5000\t[0.0945, 0.9055]\tn=2" in said.getvalue()
    assert "Mode: Conversation. Harness 0.4.13." in said.getvalue()


def test_the_command_refuses_with_the_reason(tmp_path: Path, settings: Any) -> None:
    given = {"model": "made-model", "tasks": "mmlu", "mode": "chat"}
    with pytest.raises(CommandError, match="a conversation does not tell"):
        call_command("run_tasks", **given)
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("run_tasks", **given | {"tasks": "sums"}, task_folder=tmp_path / "none")
    settings.HARNESS_PYTHON = str(made.stand_in(tmp_path / "bad", before="echo Error: x; exit 2"))
    with pytest.raises(CommandError, match="The harness ended with 2: Error: x"):
        call_command("run_tasks", **given | {"tasks": "sums"}, wait=True, stdout=StringIO())
