"""From ratings to findings: a judge beside people, two runs compared, files to take away."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from annotation.models import Study
from corpus.models import Version
from generation.models import Run
from judging import actions
from judging.models import Judge, JudgeRun, Verdict
from tests import axe
from tests.corpus.made import approved
from tests.journeys.conftest import Worker
from tests.journeys.programs import answered, open_study, rate_all
from tests.people import person
from tests.stub_server import StubServer, says

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
N = 8
CRITERIA = ("Declines to help", "Psychological grounding", "References to help", "Relevance")
Enter = Callable[..., Page]


@pytest.fixture
def study(live_server: Any, stub_server: StubServer, worker: Worker) -> dict[str, Any]:
    """A study of two runs that two people have rated."""
    made = open_study(answered(stub_server, worker, N))
    assert [rate_all(made["id"], leans=leans) for leans in (0, 1)] == [N, N]
    return made


def judge(page: Page) -> None:
    """Make a judge with the clinicians' rubric and have it score both runs."""
    page.goto("/studies/")
    page.get_by_role("link", name="Judges").click()
    page.get_by_role("link", name="New judge", exact=True).click()
    page.get_by_label("Name", exact=True).fill("Panel judge")
    page.get_by_label("Model").select_option(label="granite-7b")
    page.get_by_label("Rubric").select_option(index=1)
    page.get_by_role("button", name="Make the judge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Panel judge")


def score(page: Page, run: Run, worker: Worker) -> None:
    page.goto("/studies/judges/")
    page.get_by_label("Judge", exact=True).select_option(label="Panel judge")
    page.get_by_label("Run", exact=True).select_option(value=run.pk)
    page.get_by_role("button", name="Score the run").click()
    expect(page.locator("#progress")).to_contain_text(f"0 of {N}")
    worker.work()
    expect(page.locator("#progress")).to_contain_text(f"{N} of {N}")
    axe.assert_no_violations(page)


def test_a_judge_scores_both_runs_and_stands_beside_people(
    enter: Enter, study: dict[str, Any], stub_server: StubServer, worker: Worker
) -> None:
    engineer = enter(person("engineer"))
    judge(engineer)
    stub_server.script(*[says("I would rather not say.")] * 3)
    for run in Run.objects.order_by("created_at"):
        score(engineer, run, worker)
    judged, rated = Judge.objects.get(), Study.objects.get()
    actions.freeze_judge(by=None, judge=judged, study=rated, at=timezone.now())
    unscored = Verdict.objects.filter(value=None)
    assert all(unscored.values_list("unscored_reason", flat=True))
    assert Verdict.objects.count() == 2 * N * len(CRITERIA)

    page = enter(person("researcher"))
    page.goto("/studies/spring/")
    table = page.get_by_role("region", name="Agreement by criterion")
    expect(table.get_by_role("rowheader")).to_have_count(len(CRITERIA))
    expect(table.locator("svg .range").first).to_be_attached()
    expect(table.locator("svg .judge").first).to_be_attached()
    expect(page.get_by_text("2 raters, 16 answers, 128 ratings.")).to_be_visible()
    expect(page.get_by_text("95 % interval").first).to_be_visible()
    assert "Panel judge left" in page.content(), "unscored verdicts are counted"
    axe.assert_no_violations(page)

    page.get_by_role("link", name="Comparison").click()
    rows = page.get_by_role("region", name="Differences by criterion").locator("tbody tr")
    expect(rows).to_have_count(len(CRITERIA) + 1)
    expect(page.get_by_text("granite-7b, basalt").first).to_be_visible()
    expect(page.get_by_text("granite-7b, quartz").first).to_be_visible()
    expect(page.get_by_text("both (PPI++)").first).to_be_visible()
    axe.assert_no_violations(page)
    assert JudgeRun.objects.filter(state="done").count() == 2


def took(page: Page, link: str) -> str:
    """What a click on this link saves on the disk."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return Path(download.value.path()).read_text("utf-8")


def test_a_curator_makes_a_release_and_takes_its_files(enter: Enter, live_server: Any) -> None:
    author, reviewer = person("author"), person("reviewer")
    for number in range(3):
        said = [{"role": "user", "content": f"He laughed again, for the {number}th time."}]
        approved(author, reviewer, messages=said)
    page = enter(person("curator"))
    page.goto("/releases/")
    page.get_by_role("link", name="Make a release").first.click()
    expect(page.get_by_text("3 pairs would be in it")).to_be_visible()
    page.get_by_label("Name").fill("Spring")
    page.get_by_label("Version").fill("1.0.0")
    axe.assert_no_violations(page)
    page.get_by_role("button", name="Make the release").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Spring 1.0.0")
    axe.assert_no_violations(page)
    lines = [json.loads(line) for line in took(page, "JSONL of sft").splitlines()]
    assert len(lines) == 3
    responses = set(Version.objects.values_list("response", flat=True))
    assert {line["messages"][-1]["content"] for line in lines} == responses


def test_a_curator_takes_the_preferences_and_ratings_of_a_study(
    enter: Enter, study: dict[str, Any]
) -> None:
    page = enter(person("curator"))
    page.goto("/studies/spring/")
    page.get_by_role("link", name="Download").click()
    axe.assert_no_violations(page)
    rows = list(csv.DictReader(io.StringIO(took(page, "CSV of ratings"))))
    assert len(rows) == 2 * 2 * N * 4
    preferences = [json.loads(line) for line in took(page, "JSONL of dpo").splitlines()]
    assert all(row["chosen"] != row["rejected"] for row in preferences)
    people = {row["rater"] for row in rows}
    assert len(people) == 2
    assert not any("Rater" in name or "@" in name for name in people), "raters go by pseudonyms"
