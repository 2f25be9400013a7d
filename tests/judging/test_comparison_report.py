"""The report on two runs: one table per source, both codings, domains, and no mean of classes."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from annotation.models import Study
from generation.models import Run
from judging import actions, failing, labels
from judging.comparing import compare
from judging.models import Judge, Report
from judging.reports.document import blocks
from judging.shifts import shift_on
from tests.annotation import made as rating
from tests.corpus.made import domain
from tests.generation.made import AT
from tests.judging import made
from tests.judging.test_pages import rated
from tests.judging.untold import untold
from tests.stub_server import StubServer

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


def runs_of(study: Study) -> tuple[Run, Run]:
    first, second = (arm.run for arm in study.arms.select_related("run").order_by("position"))
    return first, second


def computed(a: Run, b: Run, study: Study, judge: Judge | None = None) -> dict[str, Any]:
    report = actions.report_on(
        by=None, kind="comparison", rubric=study.rubric, run_a=a, run_b=b, judge=judge, at=AT
    )
    done = actions.compute_report(report_id=report.pk, at=AT)
    report.refresh_from_db()
    assert done, report.error
    assert report.result
    return dict(report.in_english or {})


def row(table: dict[str, Any], label: str) -> dict[str, Any]:
    found = next(each for each in table["rows"] if each[0] == label)
    return dict(zip(table["columns"], found, strict=True))


def test_the_table_has_both_codings_ties_holm_and_what_is_missing() -> None:
    study = rated(12)
    table = blocks(computed(*runs_of(study), study))["table_people"]
    relevance = row(table, "Relevance")
    assert relevance["Ratio B/A"]["value"] < relevance["Ratio, other coding"]["value"]
    assert relevance["p (Holm)"] >= relevance["p"]
    assert relevance["Prompts missing"] == 0
    assert "scores coded 0 to 4" in table["note"]
    assert row(table, "Overall")["p (Holm)"] is None


def test_people_judge_and_both_stand_side_by_side(stub_server: StubServer) -> None:
    study = rated(12)
    a, b = runs_of(study)
    judge = made.judged(a, stub_server.url).judge
    made.shift(actions.start_judge_run(by=None, judge=judge, run=b, at=AT)).run()
    found = computed(a, b, study, judge)
    three = blocks(found)["three_ways_table"]
    assert three["columns"][1:4] == ["People", "Judge", "Both (PPI++)"]
    marks = {line["mark"] for line in blocks(found)["differences"]["rows"]}
    assert marks == {"people", "judge", "both"}
    assert not untold(Report.objects.get().result)


def test_domains_have_lines_of_their_own() -> None:
    two = [domain("violence", "Violence"), domain("loneliness", "Loneliness")]
    over = rating.prompt_set(12, domains=two)
    runs = [rating.run(over, "a-plain", "Ask, {n}."), rating.run(over, "b-kind")]
    study = rated_over(runs)
    found = computed(runs[0], runs[1], study)
    table = blocks(found)["domains_table"]
    assert {line[1] for line in table["rows"]} == {each.name for each in two}


def rated_over(runs: list[Run]) -> Study:
    """A study of these runs whose two raters gave all answers values."""
    from annotation.actions import raters, submission
    from tests.people import person

    study = rating.study(runs=runs, slug="domains", k=2)
    for _ in range(2):
        rater = raters.of(person("rater"))
        for number in range(study.n_items):
            mine = rating.lease(study, rater)
            given = [
                each | {"value": 1 + (number + place) % 3}
                if each["criterion"] in ("grounding", "relevance")
                else each
                for place, each in enumerate(rating.ratings(study))
            ]
            submission.submit(
                assignment=mine, rater=rater, token=mine.token, key=f"{rater.pk}{number}",
                ratings=given, preference="A", at=AT,
            )  # fmt: skip
    return study


def test_classes_are_read_as_failures_never_averaged() -> None:
    said = labels.LABELS["xstest", "refusal"]
    rows = [("p", "a", 1.0), ("p", "b", 3.0), ("q", "a", 2.0), ("r", "a", 1.0)]
    expected = {"p": "answer", "q": "refuse", "r": "partial"}
    assert failing.indicators(rows, said, expected) == [
        ("p", "a", 0.0),
        ("p", "b", 1.0),
        ("q", "a", 0.0),
    ]


def test_a_judge_of_classes_is_compared_by_its_failures() -> None:
    over = rating.prompt_set(8, expected_action="answer")
    refuses = rating.run(over, "model-a", "I'm sorry, but I cannot help with that, {n}.")
    helps = rating.run(over, "model-b", "Of course. Here is how, {n}.")
    rule = made.rule_judge()
    for run in (refuses, helps):
        shift_on(actions.start_judge_run(by=None, judge=rule, run=run, at=AT)).run()
    found = compare(a=refuses, b=helps, rubric=rule.rubric, judge=rule, draws=50)
    line = found.lines[0]
    assert line.scale.is_failure
    assert line.judge is not None
    assert (line.judge.mean_a, line.judge.mean_b) == (1.0, 0.0)
    overall = found.lines[-1].judge
    assert overall is not None
    assert (overall.mean_a, overall.mean_b) == (0.0, 1.0)


def test_the_comparison_leads_to_its_report(
    signed_in: SignIn, researcher: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = rated(8)
    a, b = runs_of(study)
    chosen = urlencode({"a": a.pk, "b": b.pk, "rubric": study.rubric.slug})
    client = signed_in(researcher)
    page = client.get(f"{reverse('judging:comparison')}?{chosen}").content.decode()
    address = reverse("judging:comparison_report")
    assert f"{address}?" in page
    there = client.get(f"{address}?{chosen}")
    assert client.get(there["Location"]).status_code == 200
    assert Report.objects.get().state == "done"
    with django_assert_num_queries(7):
        assert "B minus A by" not in client.get(there["Location"]).content.decode()


def test_runs_that_cannot_be_compared_lead_back_to_the_form(
    signed_in: SignIn, researcher: User
) -> None:
    a, _b = runs_of(rated(4))
    chosen = urlencode({"a": a.pk, "b": a.pk, "rubric": "psychosafe"})
    client = signed_in(researcher)
    back = client.get(f"{reverse('judging:comparison_report')}?{chosen}")
    assert back["Location"].startswith(reverse("judging:comparison"))
    assert not Report.objects.exists()
