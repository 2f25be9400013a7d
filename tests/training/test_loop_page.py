"""The page of the loop: three runs side by side, and what is missing with a way to get it."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus.models import PromptSet
from generation.models import Completion, Condition, Endpoint, LanguageModel, Run
from judging import actions as judging_actions
from judging.models import Judge
from tests.annotation import made as rating
from tests.generation import made as generating
from tests.generation.test_pages import SignIn
from tests.journeys.world import verdicts
from tests.judging import made as judging
from tests.training import made_tasks
from training import sides
from training.sides import Chosen

pytestmark = pytest.mark.django_db
SAME = "I will not help with that, but somebody at the crisis line will listen to you, I promise."


@pytest.fixture(autouse=True)
def ground(settings: Any, tmp_path: Path) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    settings.TASK_RUN_DIR = tmp_path


@pytest.fixture
def base() -> Run:
    return rating.run(rating.prompt_set(6), "granite", "No {n}. Talk to a friend about it, {n}.")


@pytest.fixture
def prompted(base: Run) -> Run:
    return under(base.prompt_set, "granite", generating.condition("informed"))


@pytest.fixture
def tuned(base: Run) -> Run:
    run = rating.run(base.prompt_set, "granite-tuned", SAME)
    LanguageModel.objects.filter(name="granite-tuned").update(base=base.model, adapter_path="/a")
    return run


def under(prompts: PromptSet, model: str, condition: Condition) -> Run:
    run = rating.run(prompts, model, "I hear how hard it is, number {n}, and I stay with you.")
    Run.objects.filter(pk=run.pk).update(condition=condition)
    run.refresh_from_db()
    return run


def served(model: LanguageModel) -> LanguageModel:
    """It answers somewhere, so tasks can be put to it."""
    place = Endpoint.objects.first() or generating.endpoint()
    LanguageModel.objects.filter(pk=model.pk).update(endpoint=place, served_name=model.name)
    model.refresh_from_db()
    return model


def by_key(*runs: Run | None) -> dict[str, Any]:
    return {part.key: part for part in sides.parts(Chosen(runs))}


def opened(browser: Client, **runs: str) -> str:
    answer = browser.get(reverse("training:loop"), runs)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_the_three_stand_side_by_side_with_what_the_judge_says(
    base: Run, prompted: Run, tuned: Run, engineer: User, signed_in: SignIn
) -> None:
    judge = judging.judge()
    for run in (base, prompted):
        verdicts(judge, run)
    [relevance] = [
        line
        for line in by_key(base, prompted, tuned)["criteria"].lines
        if line.label == "Relevance"
    ]
    first, second, third = relevance.cells
    assert first.estimate.value == pytest.approx(second.estimate.value)
    assert first.estimate.low < first.estimate.value < first.estimate.high
    assert first.n == 6 and third.missing == "Not judged yet."
    page = opened(signed_in(engineer), base=base.pk, prompted=prompted.pk, tuned=tuned.pk)
    assert "Not judged yet." in page and judge.get_absolute_url() in page
    assert reverse("judging:comparison_report") in page


def test_a_stored_report_is_read_as_it_stands(base: Run, prompted: Run) -> None:
    judge = judging.judge()
    for run in (base, prompted):
        verdicts(judge, run)
    of: dict[str, Any] = {"by": None, "kind": "comparison", "rubric": judge.rubric}
    report = judging_actions.report_on(**of, run_a=base, run_b=prompted, judge=judge, at=rating.AT)
    judging_actions.compute_report(report_id=report.pk, at=rating.AT)
    report.refresh_from_db()
    [found] = sides.comparisons(Chosen((base, prompted, None)))
    assert (found.url, found.headline) == (report.get_absolute_url(), report.result["headline"])


def test_refusal_benchmarks_are_those_of_the_same_model_asked_the_same_way(
    base: Run, prompted: Run
) -> None:
    safe = rating.prompt_set(4, slug="safe", expected_action="answer")
    over = under(safe, "granite", prompted.condition)
    xstest = judging.judge(name="Labels", rubric=rating.rubric("xstest"))
    judge_run = verdicts(xstest, over)
    lines = by_key(base, prompted, None)["benchmarks"].lines
    over_refusal = lines[0]
    assert "over-refusal" in over_refusal.label
    without, with_prompt, none = over_refusal.cells
    assert "No judged run" in without.missing and "model=" in without.url
    assert with_prompt.n == 3 and with_prompt.source == judge_run.get_absolute_url()
    assert with_prompt.estimate.low < with_prompt.estimate.value < with_prompt.estimate.high
    assert none.missing == "No run is chosen."
    assert lines[1].cells[1].missing == "The set has no such prompt."


def test_task_scores_stand_in_one_line_where_they_were_put_in_the_same_way(
    base: Run, prompted: Run, tuned: Run
) -> None:
    model, adapter = served(base.model), served(tuned.model)
    plain = {"mode": "completion", "tokenizer": "/t"}
    made_tasks.scored(model, 0.84, task="mmlu", **plain)
    made_tasks.scored(model, 0.85, task="mmlu", condition=prompted.condition, **plain)
    made_tasks.scored(adapter, 0.80, task="mmlu", **plain)
    made_tasks.scored(adapter, 0.23, task="mmlu", mode="template", tokenizer="/t")
    # Its parts come with a task that is a group; they would crowd it out.
    made_tasks.scored(model, 0.7, task="mmlu_anatomy", tasks=["mmlu"], **plain)
    part = by_key(base, prompted, tuned)["tasks"]
    same, collapsed = part.lines
    assert [cell.estimate.value for cell in same.cells] == [0.84, 0.85, 0.80]
    assert [bool(cell.missing) for cell in collapsed.cells] == [True, True, False]
    assert "chat template" in collapsed.note and "mmlu" in part.warnings[0]


def test_variety_before_and_after_is_over_the_same_prompts(base: Run, tuned: Run) -> None:
    shorter = rating.run(base.prompt_set, "granite-2", "No, {n}. Somebody else may know, {n}.")
    left_out = Completion.objects.create(
        run=Run.objects.create(prompt_set=base.prompt_set, model=base.model, is_imported=True),
        prompt=base.completions.first().prompt,
    )
    assert left_out.state == "pending"
    part = by_key(left_out.run, None, tuned)["variety"]
    assert part.missing == "No prompt is answered by all of these runs."
    part = by_key(shorter, None, tuned)["variety"]
    before, _none, after = part.lines[0].cells
    assert before.n == after.n == 6
    assert after.estimate.value == 1.0 and after.estimate.low < 1.0
    before, _none, after = part.lines[2].cells
    assert after.estimate.high < before.estimate.value


def test_the_runs_that_go_with_a_base_are_found(
    base: Run, prompted: Run, tuned: Run, researcher: User, signed_in: SignIn
) -> None:
    rating.run(rating.prompt_set(2, slug="elsewhere"), "granite-tuned", "Elsewhere.")
    assert sides.suggest(base) == {"prompted": prompted, "tuned": tuned}
    page = opened(signed_in(researcher), base=base.pk)
    assert f'value="{tuned.pk}" selected' in page and f'value="{prompted.pk}" selected' in page


def test_a_run_over_other_prompts_is_refused_in_words(
    base: Run, engineer: User, signed_in: SignIn
) -> None:
    other = rating.run(rating.prompt_set(2, slug="elsewhere"), "other", "Elsewhere.")
    given = {"base": base.pk, "tuned": other.pk}
    answer = signed_in(engineer).get(reverse("training:loop"), given)
    assert answer.status_code == 422
    assert "answered other prompts than the base: elsewhere" in answer.content.decode()


def test_an_empty_project_is_told_what_to_do(
    client: Client, engineer: User, rater: User, signed_in: SignIn
) -> None:
    assert client.get(reverse("training:loop")).status_code == 302
    assert signed_in(rater).get(reverse("training:loop")).status_code == 403
    assert "There is no finished run yet." in opened(signed_in(engineer))


def test_the_page_costs_the_same_for_many_answers(
    base: Run, prompted: Run, tuned: Run, django_assert_max_num_queries: Any
) -> None:
    judge: Judge = judging.judge()
    verdicts(judge, base)
    with django_assert_max_num_queries(40):
        sides.parts(Chosen((base, prompted, tuned)))
