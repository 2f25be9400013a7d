"""A judge run is stopped, taken up again and retried as a run is."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from judging import actions
from judging.models import JudgeRun
from tests import stub_server as stub
from tests.annotation import made as rating
from tests.generation.made import AT
from tests.generation.test_pages import SignIn
from tests.judging import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_failed(stub_server: Any) -> JudgeRun:
    """A judge run over three answers, of which one could not be asked about."""
    stub_server.script(stub.fails(400, "The context is too long."))
    run = rating.run(rating.prompt_set(3))
    judge_run = actions.start_judge_run(
        by=None, judge=made.judge(stub_server.url), run=run, at=AT, rings=False
    )
    made.shift(judge_run).run()
    judge_run.refresh_from_db()
    assert judge_run.judgements.progress() == {"pending": 0, "running": 0, "done": 2, "failed": 1}
    return judge_run


def test_the_page_asks_again_where_it_failed(
    one_failed: JudgeRun, client: Client, engineer: User, researcher: User, signed_in: SignIn
) -> None:
    path = reverse("judging:retry_judge_run", args=[one_failed.pk])
    assert client.post(path).status_code == 302
    assert signed_in(researcher).post(path).status_code == 403
    browser = signed_in(engineer)
    page = browser.get(one_failed.get_absolute_url()).content.decode()
    assert path in page and reverse("judging:resume_judge_run", args=[one_failed.pk]) not in page
    assert "1 answer is asked for again." in browser.post(path, follow=True).content.decode()
    assert made.shift(one_failed).run() == "done"
    assert one_failed.judgements.progress()["done"] == 3


def test_a_program_reads_cancels_and_retries(
    one_failed: JudgeRun, engineer: User, researcher: User, signed_in: SignIn
) -> None:
    place = f"/api/v1/judge-runs/{one_failed.pk}/"
    assert signed_in(researcher).get(place).json()["progress"]["failed"] == 1
    assert signed_in(researcher).post(f"{place}retry/").status_code == 403
    browser = signed_in(engineer)
    assert browser.post(f"{place}cancel/").status_code == 409
    assert browser.post(f"{place}retry/").json()["state"] == "pending"
    assert browser.post(f"{place}cancel/").json()["state"] == "cancelled"
    assert browser.post(f"{place}resume/").json()["state"] == "pending"
    listed = browser.get("/api/v1/judge-runs/", {"run": one_failed.run_id}).json()["results"]
    assert [each["id"] for each in listed] == [one_failed.pk]


def test_a_command_retries_a_judge_run(one_failed: JudgeRun, capsys: Any, bells: Any) -> None:
    call_command("resume", one_failed.pk, "--failed")
    assert "1 rows wait" in capsys.readouterr().out
