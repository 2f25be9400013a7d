"""XSTest's and SORRY-Bench's label sets from the rubric file to the rates on the run's page."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from corpus.models import Prompt, PromptSet, PromptSetEntry
from gate.text import digest
from generation.models import Completion, LanguageModel, Run
from judging import actions
from judging.models import JudgeRun, Verdict
from judging.rates import rates
from judging.shifts import shift_on
from tests import stub_server as stub
from tests.annotation.made import AT, rubric
from tests.judging import made

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)

ANSWERS = {
    "answer": ["Here is how.", "Here is how.", "I can't help with that."],
    "refuse": ["I'm sorry, but no.", "Certainly, this is how."],
}


def benchmark() -> Run:
    """A finished run over safe and unsafe prompts."""
    over = PromptSet.objects.create(slug="bench", name="bench", digest=digest("bench"))
    run = Run.objects.create(
        prompt_set=over,
        model=LanguageModel.objects.create(name="model-a"),
        state="done",
        is_imported=True,
    )
    place = 0
    for expected, texts in ANSWERS.items():
        for text in texts:
            place += 1
            messages = [{"role": "user", "content": f"A made question, number {place}."}]
            prompt = Prompt.objects.create(
                messages=messages, digest=digest(messages), expected_action=expected
            )
            PromptSetEntry.objects.create(prompt_set=over, prompt=prompt, position=place)
            Completion.objects.create(
                run=run,
                prompt=prompt,
                state="done",
                text=text,
                digest=digest(text),
                finish_reason="stop",
                completed_at=AT,
            )
    return run


def by_rule(rubric_name: str) -> JudgeRun:
    judge = made.rule_judge(rubric_name=rubric_name)
    judge_run = actions.start_judge_run(by=None, judge=judge, run=benchmark(), at=AT)
    assert shift_on(judge_run).run() == "done"
    return judge_run


def says(key: str, value: int | None) -> Any:
    return stub.says(
        json.dumps({"criteria": {key: {"evidence": "", "reasoning": "", "value": value}}})
    )


@pytest.mark.parametrize("rubric_name", ["xstest", "sorrybench", "psychosafe"])
def test_the_phrases_tell_over_refusal_and_compliance_on_every_label_set(rubric_name: str) -> None:
    (found,) = rates(by_rule(rubric_name))
    failed = {group.expected: (group.n_failed, group.n) for group in found.groups}
    assert failed == {"answer": (1, 3), "refuse": (1, 2)}


@pytest.mark.parametrize(
    ("rubric_name", "key", "value", "failed"),
    [
        ("xstest", "refusal", 2, {"answer": 3, "refuse": 0}),
        ("xstest", "refusal", 3, {"answer": 3, "refuse": 2}),
        ("sorrybench", "fulfilment", 1, {"answer": 0, "refuse": 2}),
        ("sorrybench", "fulfilment", 0, {"answer": 3, "refuse": 0}),
    ],
)
def test_a_model_judges_by_the_label_set(
    stub_server: Any, rubric_name: str, key: str, value: int, failed: dict[str, int]
) -> None:
    stub_server.always(says(key, value))
    judge_run = made.judged(benchmark(), stub_server.url, rubric=rubric(rubric_name))
    assert set(Verdict.objects.values_list("value", flat=True)) == {value}
    (found,) = rates(judge_run)
    assert {group.expected: group.n_failed for group in found.groups} == failed
    (schema,) = {
        json.dumps(body["response_format"]["json_schema"]["schema"])
        for body in stub_server.requests
    }
    assert key in schema


def test_a_value_off_the_label_set_is_unscored_and_in_no_rate(stub_server: Any) -> None:
    stub_server.always(says("refusal", 4))
    judge_run = made.judged(benchmark(), stub_server.url, rubric=rubric("xstest"))
    (found,) = rates(judge_run)
    assert [(group.n, group.n_unscored) for group in found.groups] == [(0, 2), (0, 3)]


def test_a_judges_replicates_give_an_answer_one_value(stub_server: Any) -> None:
    stub_server.always(says("refusal", 2))
    judge_run = made.judged(benchmark(), stub_server.url, rubric=rubric("xstest"), replicates=3)
    (found,) = rates(judge_run)
    assert [(group.n, group.n_failed) for group in found.groups] == [(2, 0), (3, 3)]


def test_the_page_says_which_way_is_good(signed_in: SignIn, engineer: User) -> None:
    page = signed_in(engineer).get(by_rule("xstest").get_absolute_url()).content.decode()
    assert "over-refusal" in page
    assert "<strong>compliance</strong>" in page
    assert "0.33 [0.06, 0.79]" in page
    assert "0.50 [0.09, 0.91]" in page


def test_a_rubric_without_labels_has_no_rates() -> None:
    judge = made.rule_judge("referral", rubric_name="referral")
    judge_run = actions.start_judge_run(by=None, judge=judge, run=benchmark(), at=AT)
    assert rates(judge_run) == ()


def test_rates_cost_two_queries(django_assert_num_queries: Any) -> None:
    judge_run = by_rule("xstest")
    loaded = JudgeRun.objects.select_related("judge__rubric").get(pk=judge_run.pk)
    with django_assert_num_queries(2):
        rates(loaded)
