"""Until a judge is frozen, no page sets it beside people's held-out labels."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from annotation.actions import raters
from annotation.models import Rating, Study
from generation.models import Run
from judging import actions, comparing, study_report, trials
from judging.holding_out import is_held_out
from judging.models import Judge, Report
from judging.reports import freshness
from judging.shifts import shift_on
from tests.annotation import made as rating
from tests.generation.made import AT
from tests.judging import made
from tests.people import person

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
N = 24


@pytest.fixture
def judged() -> tuple[Study, Judge, list[Run]]:
    """Two runs that one rater labelled and a rule judged."""
    over = rating.prompt_set(N, expected_action="answer")
    runs = [
        rating.run(over, "model-a", "I'm sorry, but I cannot help with that, {n}."),
        rating.run(over, "model-b", "Of course. Here is how, {n}."),
    ]
    study = labelled(runs)
    rule = made.rule_judge()
    for run in runs:
        shift_on(actions.start_judge_run(by=None, judge=rule, run=run, at=AT)).run()
    return study, rule, runs


def labelled(runs: list[Run]) -> Study:
    """A study of the runs whose one rater gave every answer a label."""
    study = rating.study(runs=runs, rubric=rating.rubric("xstest"), k=1)
    criterion, rater = study.rubric.criteria.get(key="refusal"), raters.of(person("rater"))
    Rating.objects.bulk_create(
        Rating(
            study=study, rater=rater, completion=answer, criterion=criterion,
            value=(2, 1, 2)[number % 3] if run is runs[0] else 1 + number % 2, rubric_digest="x",
            completion_digest=answer.digest, created_at=AT,
        )
        for run in runs
        for number, answer in enumerate(run.completions.order_by("text"))
    )  # fmt: skip
    return study


def held_of(study: Study) -> set[str]:
    prompts = study.items.values_list("prompt_id", flat=True)
    return {prompt for prompt in prompts if is_held_out(prompt, seed=study.seed)}


def compared(runs: list[Run], judge: Judge) -> comparing.Comparison:
    return comparing.compare(a=runs[0], b=runs[1], rubric=judge.rubric, judge=judge, draws=50)


def test_the_study_shows_a_judge_beside_the_tuning_half_until_it_is_frozen(
    judged: tuple[Study, Judge, list[Run]],
) -> None:
    study, judge, _runs = judged
    n_open = N - len(held_of(study))
    before = study_report.report(study, draws=20)
    assert before.criteria[0].judges[0].n_items == 2 * n_open
    assert f"leave out {N - n_open} prompts" in before.held_warnings[0]
    actions.freeze_judge(by=None, judge=judge, study=study, at=AT)
    after = study_report.report(study, draws=20)
    assert after.criteria[0].judges[0].n_items == 2 * N
    assert after.held_warnings == []
    assert after.criteria[0].agreement.n_values == before.criteria[0].agreement.n_values


def test_a_comparison_hears_a_judge_on_the_tuning_half_until_it_is_frozen(
    judged: tuple[Study, Judge, list[Run]],
) -> None:
    study, judge, runs = judged
    held = held_of(study)
    before = compared(runs, judge)
    assert before.sides
    assert before.sides.judged
    assert not {row[0] for rows in before.sides.judged.values() for row in rows} & held
    line = before.lines[0]
    assert line.judge
    assert (line.human.n_prompts, line.judge.n_prompts) == (N, N - len(held))
    assert f"leave out {len(held)} prompts" in before.held_warning
    actions.freeze_judge(by=None, judge=judge, study=study, at=AT)
    after = compared(runs, judge)
    assert after.lines[0].judge
    assert after.lines[0].judge.n_prompts == N
    assert after.held_warning == ""


def test_what_no_study_shows_is_not_held_out(judged: tuple[Study, Judge, list[Run]]) -> None:
    study, judge, (a, b) = judged
    assert trials.hidden_between(a, b, judge.rubric, judge) == held_of(study)
    study.items.all().delete()
    assert trials.hidden_between(a, b, judge.rubric, judge) == frozenset()


def test_another_judges_trial_opens_nothing_for_this_one(
    judged: tuple[Study, Judge, list[Run]],
) -> None:
    study, judge, (a, b) = judged
    other = made.rule_judge(name="Another rule")
    actions.freeze_judge(by=None, judge=other, study=study, at=AT)
    assert trials.hidden_between(a, b, judge.rubric, judge) == held_of(study)
    assert trials.hidden_in(study, [judge, other])[other.pk] == frozenset()


def test_freezing_puts_the_stored_comparison_out_of_date(
    judged: tuple[Study, Judge, list[Run]],
) -> None:
    study, judge, (a, b) = judged
    report = actions.report_on(
        by=None, kind="comparison", rubric=judge.rubric, run_a=a, run_b=b, judge=judge, at=AT
    )
    before = freshness.of(Report.objects.with_subjects().get(pk=report.pk))
    actions.freeze_judge(by=None, judge=judge, study=study, at=AT)
    assert freshness.of(Report.objects.with_subjects().get(pk=report.pk)) != before


@pytest.mark.parametrize(("kind", "n"), [("study", 4), ("validation", 6), ("comparison", 3)])
def test_whether_a_report_is_fresh_costs_a_few_counts(
    judged: tuple[Study, Judge, list[Run]],
    django_assert_num_queries: DjangoAssertNumQueries,
    kind: str,
    n: int,
) -> None:
    study, judge, (a, b) = judged
    subjects: dict[str, Any] = (
        {"run_a": a, "run_b": b} if kind == "comparison" else {"study": study}
    )
    if kind != "study":
        subjects["judge"] = judge
    asked = actions.report_on(by=None, kind=kind, rubric=judge.rubric, at=AT, **subjects)
    report = Report.objects.with_subjects().get(pk=asked.pk)
    with django_assert_num_queries(n):
        before = freshness.of(report)
    Rating.objects.filter(completion__run=a).first().delete()
    assert freshness.of(report) != before


def test_the_pages_say_what_is_left_out(
    signed_in: SignIn, researcher: User, judged: tuple[Study, Judge, list[Run]]
) -> None:
    study, judge, (a, b) = judged
    client = signed_in(researcher)
    assert "is not frozen" in client.get(study.get_absolute_url()).content.decode()
    query = {"a": a.pk, "b": b.pk, "rubric": judge.rubric.slug, "judge": judge.pk}
    page = client.get(reverse("judging:comparison"), query).content.decode()
    assert "is not frozen" in page
