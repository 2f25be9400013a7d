"""The pages of benchmark tasks: put, watched, read beside the base model, taken away."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from generation.models import LanguageModel
from tests.generation import made as generating
from tests.generation.test_pages import SignIn
from tests.training import made_tasks as made
from training import beside
from training.actions import tasks as actions
from training.models import TaskRun

pytestmark = pytest.mark.django_db
NEW = reverse("training:new_task_run")


@pytest.fixture(autouse=True)
def ground(settings: Any, tmp_path: Path) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    settings.TASK_RUN_DIR = tmp_path / "runs"
    settings.TASK_DIR = tmp_path / "tasks"
    own = settings.TASK_DIR / "ours"
    own.mkdir(parents=True)
    (own / "pick.yaml").write_text("task: pick\noutput_type: multiple_choice\n")


def adapter(of: LanguageModel) -> LanguageModel:
    return LanguageModel.objects.create(
        name="tuned", base=of, adapter_path="/a", served_name="t", endpoint=of.endpoint
    )


def asked(**changes: Any) -> dict[str, Any]:
    model = LanguageModel.objects.first() or generating.model()
    return {"model": model.pk, "shipped": ["gsm8k"], "mode": "chat", **changes}


def test_only_engineers_put_tasks(
    client: Client, engineer: User, researcher: User, signed_in: SignIn
) -> None:
    given = asked(more="arc_easy, arc_easy", limit=5)
    assert client.post(NEW, given).status_code == 302 and not TaskRun.objects.exists()
    assert signed_in(researcher).post(NEW, given).status_code == 403
    answer = signed_in(engineer).post(NEW, given)
    run = TaskRun.objects.get()
    assert answer.url == run.get_absolute_url()
    assert (run.tasks, run.limit, run.created_by) == (["gsm8k", "arc_easy"], 5, engineer)
    assert run.bell


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"shipped": []}, "Name 1 to 50 tasks; these are 0."),
        ({"more": "--model"}, "is no name of a task"),
        ({"shipped": ["mmlu"]}, "how likely each given answer is, and a conversation does not"),
        ({"shipped": ["mmlu"], "mode": "completion"}, "needs the model&#x27;s tokenizer"),
        ({"more": "pick", "folder": "ours"}, "pick: the model is asked how likely"),
        ({"mode": "template"}, "comes with the model&#x27;s tokenizer"),
        ({"folder": "../etc"}, "Select a valid choice"),
        ({"limit": 0}, "greater than or equal to 1"),
    ],
)
def test_what_could_not_work_is_refused_before_it_starts(
    given: dict[str, Any], said: str, engineer: User, signed_in: SignIn
) -> None:
    answer = signed_in(engineer).post(NEW, asked(**given))
    assert answer.status_code == 422 and not TaskRun.objects.exists()
    assert said in answer.content.decode()


def test_a_served_models_tokenizer_is_known() -> None:
    place = generating.actions.register_endpoint(by=None, name="Own", kind="vllm")
    model = generating.actions.register_model(
        by=None, name="own", endpoint=place, served_name="weights"
    )
    assert made.task_run(model, tasks=["mmlu"], mode="completion").tokenizer == "weights"


def test_scores_stand_beside_the_base_models(engineer: User, signed_in: SignIn) -> None:
    base = generating.model()
    other = made.scored(base, 0.9, 0.5)
    made.scored(base, 0.2, limit=3)  # of another size
    made.scored(base, 0.1, condition=generating.condition())  # under a system prompt
    run = made.scored(adapter(base), 0.6, 0.5)
    assert beside.reference(TaskRun.objects.with_names().get(pk=run.pk)) == other
    page = signed_in(engineer).get(run.get_absolute_url()).content.decode()
    assert "0.60 [0.50, 0.69]" in page and "0.90 [0.83, 0.94]" in page
    assert "lower" in page and "not told apart" in page
    assert "Conversation" in page and "chance" not in page


def test_a_template_over_given_answers_is_warned_of(engineer: User, signed_in: SignIn) -> None:
    run = made.scored(generating.model(), 0.23, task="mmlu", mode="template", tokenizer="/t")
    page = signed_in(engineer).get(run.get_absolute_url()).content.decode()
    assert "Their figures can fall to chance for that reason alone." in page
    assert "Plain text within the chat template" in page


def test_a_running_one_is_watched_and_stopped(
    engineer: User, researcher: User, client: Client, signed_in: SignIn
) -> None:
    run = made.task_run()
    TaskRun.objects.claim(run.pk, worker="w", host="here", at=made.AT)
    TaskRun.objects.filter(pk=run.pk).update(log_tail="Requesting API:  45%|###| 9/20")
    browser, stop = signed_in(engineer), reverse("training:cancel_task_run", args=[run.pk])
    part = browser.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert "45 % of the requests" in part.content.decode() and "<h1>" not in part.content.decode()
    assert client.post(stop).status_code == 302
    assert signed_in(researcher).post(stop).status_code == 403
    assert "It is being stopped." in browser.post(stop, follow=True).content.decode()
    run.refresh_from_db()
    assert run.state == "running" and run.cancel_requested_at
    assert "is stopping" in browser.get(run.get_absolute_url()).content.decode()


def test_what_waits_is_stopped_at_once_and_can_begin_again(
    engineer: User, signed_in: SignIn
) -> None:
    run, browser = made.task_run(), signed_in(engineer)
    browser.post(reverse("training:cancel_task_run", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == "cancelled" and run.finished_at
    again = reverse("training:again_task_run", args=[run.pk])
    assert again in browser.get(run.get_absolute_url()).content.decode()
    browser.post(again)
    run.refresh_from_db()
    assert run.state == "pending" and run.finished_at is None
    assert "Only what failed" in browser.post(again, follow=True).content.decode()


def test_samples_are_taken_away_by_their_name_alone(
    tmp_path: Path, settings: Any, researcher: User, signed_in: SignIn
) -> None:
    run, browser = made.done(tmp_path, settings), signed_in(researcher)
    page = browser.get(run.get_absolute_url()).content.decode()
    address = reverse("training:task_samples", args=[run.pk, "samples_sums_2026.jsonl"])
    assert address in page
    assert b"".join(browser.get(address).streaming_content).count(b"\n") == 2
    for name in ("results_2026.json", "told.txt", "..%2Ftold.txt"):
        assert browser.get(address.replace("samples_sums_2026.jsonl", name)).status_code == 404


def test_the_list_costs_one_query_more_than_its_frame(
    engineer: User, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    model = generating.model()
    for _ in range(3):
        made.task_run(model)
    browser = signed_in(engineer)
    with django_assert_max_num_queries(5):
        page = browser.get(reverse("training:task_runs")).content.decode()
    assert page.count("made-model") == 3


def test_lost_rows_wait_again_and_are_rung_for(settings: Any) -> None:
    run = made.task_run()
    TaskRun.objects.claim(run.pk, worker="w", host="here", at=made.AT)
    later = made.AT + timedelta(seconds=settings.LEASE_SECONDS + 1)
    assert actions.sweep_task_runs(at=later) == 1
    run.refresh_from_db()
    assert (run.state, run.rung_at) == ("pending", later)
    assert actions.sweep_task_runs(at=later) == 0
