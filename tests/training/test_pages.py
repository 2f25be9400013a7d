"""The pages, REST place and command of training runs, and who may use them."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from exports.actions import withdraw
from exports.models import Release
from tests.exports.made import release
from tests.training import made
from training import actions, fine_tuning
from training.models import TrainingRun

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
API = "/api/v1/training-runs/"


@pytest.fixture
def asked(ground: Path) -> dict[str, Any]:
    """What the form needs."""
    return {
        "release": release().pk,
        "base": made.base(made.model_folder(ground / "model")).pk,
        "config": "r: 2\nmax_length: 64\nsave_every: 2",
    }


def test_an_engineer_starts_a_run_and_sees_its_page(
    engineer: User, signed_in: SignIn, asked: dict[str, Any]
):
    answer = signed_in(engineer).post("/training/new/", asked, follow=True)
    run = TrainingRun.objects.get()
    assert answer.redirect_chain[-1][0] == run.get_absolute_url()
    assert b"Waiting" in answer.content and b"max_length: 64" in answer.content
    assert run.created_by == engineer


def test_a_recipe_that_cannot_be_meant_is_refused_beside_its_field(
    engineer: User, signed_in: SignIn, asked: dict[str, Any]
):
    answer = signed_in(engineer).post("/training/new/", asked | {"config": "rank: 2"})
    assert answer.status_code == 422
    assert b"the field &#x27;rank&#x27; is not known" in answer.content
    assert not TrainingRun.objects.exists()


def test_what_the_machine_cannot_do_is_said_on_the_page(
    engineer: User, signed_in: SignIn, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("training.machine.free_disk", lambda folder: 10)
    answer = signed_in(engineer).post("/training/new/", asked)
    assert answer.status_code == 422 and b"TRAIN_DIR" in answer.content


def test_the_form_starts_from_the_preset_that_was_chosen(
    engineer: User, signed_in: SignIn, asked: dict[str, Any]
):
    browser = signed_in(engineer)
    assert b"warmup_steps: 100" in browser.get("/training/new/").content
    assert b"method: dpo" in browser.get("/training/new/?preset=preferences").content


def test_without_a_release_the_form_says_what_is_missing(engineer: User, signed_in: SignIn):
    assert b"There is no release yet" in signed_in(engineer).get("/training/new/").content


def test_a_researcher_reads_and_does_not_start(
    researcher: User, signed_in: SignIn, ground: Path, asked: dict[str, Any]
):
    run = made.run(ground, of=Release.objects.get())
    browser = signed_in(researcher)
    assert browser.get("/training/").status_code == 200
    page = browser.get(run.get_absolute_url())
    assert page.status_code == 200 and b"Stop the run" not in page.content
    for path in ("/training/new/", f"/training/runs/{run.pk}/cancel/"):
        assert browser.post(path).status_code == 403


@pytest.mark.parametrize("path", ["/training/", "/training/new/"])
def test_strangers_sign_in_first_and_raters_see_nothing(
    path: str, client: Client, rater: User, signed_in: SignIn
):
    assert client.get(path).status_code == 302
    assert signed_in(rater).get(path).status_code == 403


def test_the_list_asks_as_much_for_many_runs_as_for_one(
    researcher: User, signed_in: SignIn, ground: Path, django_assert_max_num_queries: Any
):
    browser = signed_in(researcher)
    run = made.run(ground)
    for _ in range(3):
        made.run(ground, of=run.release)
    with django_assert_max_num_queries(5):
        page = browser.get("/training/")
    assert page.content.count(b"<tr>") == 5


def test_a_run_under_way_is_polled_and_its_loss_drawn(
    engineer: User, signed_in: SignIn, ground: Path
):
    run = made.run(ground)
    TrainingRun.objects.all().claim(run.pk, worker="w", host="here", at=made.AT)
    lines = [{"step": n, "total": 6, "loss": 2.0 / n} for n in (1, 2, 3)]
    actions.keep_progress(run=run, worker="w", lines=lines, log_tail="so far", at=made.AT)
    browser = signed_in(engineer)
    part = browser.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert b"<html" not in part.content and b"hx-trigger" in part.content
    assert b"3 of 6 steps" in part.content and b"<polyline" in part.content
    assert b"went from 2.000 at step 1 to 0.667 at step 3" in part.content
    assert "HX-Refresh" not in part.headers


def test_the_page_is_loaded_anew_when_the_run_has_ended(
    engineer: User, signed_in: SignIn, ground: Path
):
    run = made.run(ground)
    made.work(run)
    browser = signed_in(engineer)
    part = browser.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    page = browser.get(run.get_absolute_url())
    assert b"The adapter is the model" in page.content and b"hx-trigger" not in page.content


def test_an_engineer_stops_and_resumes(engineer: User, signed_in: SignIn, ground: Path):
    run = made.run(ground)
    browser = signed_in(engineer)
    browser.post(f"/training/runs/{run.pk}/cancel/")
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert b"Start again" in browser.get(run.get_absolute_url()).content
    browser.post(f"/training/runs/{run.pk}/resume/")
    run.refresh_from_db()
    assert run.state == "pending" and run.cancel_requested_at is None


def test_a_run_on_a_withdrawn_release_says_so(engineer: User, signed_in: SignIn, ground: Path):
    run = made.run(ground)
    made.work(run)
    withdraw(by=None, release=run.release, reason="Wrong number.", at=made.AT)
    page = signed_in(engineer).get(run.get_absolute_url()).content
    assert b"The release was withdrawn." in page and b"stop serving it" in page


def test_rest_starts_lists_and_stops(engineer: User, signed_in: SignIn, asked: dict[str, Any]):
    browser = signed_in(engineer)
    body = asked | {"preset": "published", "config": {"r": 2, "max_length": 64}}
    made_run = browser.post(API, body, content_type="application/json")
    assert made_run.status_code == 201, made_run.json()
    said = made_run.json()
    assert (said["settings"]["r"], said["settings"]["alpha"]) == (2, 32)
    assert said["state"] == "pending" and said["preset"] == "published"
    assert [each["id"] for each in browser.get(API).json()["results"]] == [said["id"]]
    assert browser.get(f"{API}{said['id']}/").json()["losses"] == []
    assert browser.post(f"{API}{said['id']}/cancel/").json()["state"] == "cancelled"
    assert browser.post(f"{API}{said['id']}/cancel/").status_code == 409
    assert browser.post(f"{API}{said['id']}/resume/").json()["state"] == "pending"


def test_rest_refuses_an_unknown_field_with_those_that_are_known(
    engineer: User, signed_in: SignIn, asked: dict[str, Any]
):
    body = asked | {"config": {"lr": 1}}
    answer = signed_in(engineer).post(API, body, content_type="application/json")
    assert answer.status_code == 422
    assert "the field 'lr' is not known" in answer.json()["detail"]
    assert not TrainingRun.objects.exists()


def test_rest_refuses_whoever_may_only_read(
    researcher: User, signed_in: SignIn, asked: dict[str, Any]
):
    answer = signed_in(researcher).post(API, asked, content_type="application/json")
    assert answer.status_code == 403


def test_the_command_trains_and_names_the_model(
    ground: Path, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fine_tuning, "LOOK_S", 0.02)
    (ground / "recipe.yaml").write_text("base_model: tiny\nr: 2\nmax_length: 64\nsave_every: 2")
    out = StringIO()
    call_command(
        *("train", "--release", "Refusals 1.0.0", "--config", str(ground / "recipe.yaml")),
        *("--name", "tuned-1", "--wait"),
        stdout=out,
    )
    assert "Done: 6 steps." in out.getvalue() and "--model tuned-1" in out.getvalue()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--release", "Nothing 1.0.0", "--preset", "published"], "There is no release"),
        (["--release", "Refusals 1.0.0", "--preset", "published"], "--model NAME"),
        (["--release", "Refusals 1.0.0", "--config", "/nowhere.yaml"], "cannot be read"),
        (
            ["--release", "Refusals 1.0.0", "--preset", "published", "--model", "other"],
            "no model called 'other'",
        ),
    ],
)
def test_the_command_refuses_in_words(asked: dict[str, Any], words: list[str], said: str):
    with pytest.raises(CommandError, match=said):
        call_command("train", *words)
    assert not TrainingRun.objects.exists()


def test_the_command_says_why_a_run_failed(
    ground: Path, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fine_tuning, "LOOK_S", 0.02)
    made.play(ground, breaks_at=2)
    with pytest.raises(CommandError, match="There is no such projection"):
        call_command(
            *("train", "--release", "Refusals 1.0.0", "--preset", "published"),
            *("--model", "tiny", "--wait"),
        )
