"""An engineer in the browser: from an endpoint to finished runs; stopping and taking up again."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from generation.models import Completion
from tests import axe
from tests.corpus.made import prompt_set
from tests.generation.made import limits
from tests.journeys.conftest import Worker
from tests.journeys.programs import MODEL, prepare
from tests.people import person
from tests.stub_server import StubServer, slow

pytestmark = [pytest.mark.django_db(transaction=True)]

N = 6
Enter = Callable[..., Page]


@pytest.fixture(autouse=True)
def spring(transactional_db: None) -> None:
    prompt_set(N, name="Spring prompts")


def register(page: Page, stub: StubServer) -> None:
    """An endpoint that answers, and its model."""
    page.goto("/")
    page.get_by_role("link", name="Register", exact=True).click()
    page.get_by_label("Name", exact=True).fill("The stub")
    page.get_by_label("Address").fill(stub.base_url)
    page.get_by_role("button", name="Add the endpoint").click()
    page.get_by_role("link", name="See whether it answers").click()
    expect(page.get_by_text("It answers, in")).to_be_visible()
    axe.assert_no_violations(page)
    page.get_by_label("Name at the endpoint").fill("stub-model")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("Answered in")).to_be_visible()
    page.get_by_role("link", name="See whether it answers").click()
    page.get_by_role("link", name="Register").first.click()
    expect(page.get_by_label("Name at the endpoint")).to_have_value("stub-model")
    page.get_by_role("button", name="Register the model").click()
    expect(page.get_by_role("heading", name="stub-model", level=1)).to_be_visible()


def start(page: Page, condition: str, model: str = MODEL) -> None:
    page.goto("/models/runs/new/")
    for label, choice in (
        ("Prompt set", "Spring prompts"),
        ("Model", model),
        ("Condition", condition),
    ):
        page.get_by_label(label, exact=True).select_option(label=choice)
    page.get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{model}, {condition}")


@pytest.mark.browser
def test_an_engineer_runs_a_model_under_two_conditions(
    enter: Enter, stub_server: StubServer, worker: Worker
) -> None:
    page = enter(person("engineer"))
    register(page, stub_server)
    page.get_by_role("link", name="Conditions").click()
    page.get_by_role("button", name="Add these two").click()
    expect(page.get_by_role("rowheader")).to_have_text(["baseline", "informed"])
    for condition in ("baseline", "informed"):
        start(page, condition, "stub-model")
        expect(page.locator("#progress .status")).to_have_text("Waiting")
        worker.work()
        # Nobody reloads: the page asks for itself.
        expect(page.locator("#progress .status")).to_have_text("Done")
        expect(page.get_by_text("Newest answers")).to_be_visible()
        axe.assert_no_violations(page)
    assert Completion.objects.filter(state="done").count() == 2 * N
    systems = {json.dumps(asked["messages"][0]) for asked in stub_server.requests[1:]}
    assert len(systems) == 2, "each condition asks with its own system prompt"


@pytest.mark.browser
def test_a_run_is_stopped_half_way_and_taken_up_again(
    enter: Enter, stub_server: StubServer, worker: Worker, settings: Any
) -> None:
    settings.REQUESTS_IN_FLIGHT = 1
    prepare(stub_server)
    page = enter(person("engineer"))
    start(page, "quartz")
    stub_server.always(slow(1.0))
    working = worker.start()
    expect(page.locator("#progress progress")).not_to_have_attribute("value", "0")
    page.get_by_role("button", name="Stop the run").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop the run").click()
    working.result(timeout=60)
    expect(page.locator("#progress .status")).to_have_text("Stopped")
    n_before = Completion.objects.filter(state="done").count()
    assert 0 < n_before < N
    stub_server.reset()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text(f"{N - n_before} answers are asked for again.")).to_be_visible()
    worker.work()
    expect(page.locator("#progress .status")).to_have_text("Done")
    assert len(stub_server.requests) == N - n_before
    assert set(Completion.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.browser
def test_a_run_says_what_is_wrong_when_nobody_answers(
    enter: Enter, stub_server: StubServer, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(stub_server)
    monkeypatch.setattr("generation.work.Limits", lambda: limits(n_tries=1))
    page = enter(person("engineer"))
    start(page, "basalt")
    stub_server.stop()
    worker.work()
    expect(page.locator("#progress .status")).to_have_text("Failed")
    expect(page.get_by_text("The model could not be asked.")).to_be_visible()
    axe.assert_no_violations(page)
