"""A judge that asks one by one meets each criterion alone, in the clinicians' words."""

from typing import Any

import pytest

from gate.identity import new_id
from judging import actions
from judging.models import Judgement, Verdict
from tests import stub_server as stub
from tests.annotation.made import prompt_set, run
from tests.generation.made import AT
from tests.judging import made

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = {"declines", "grounding", "relevance", "references"}


def asked_about(body: dict[str, Any]) -> set[str]:
    schema = body["response_format"]["json_schema"]["schema"]
    return set(schema["properties"]["criteria"]["properties"])


def test_each_criterion_is_a_row_a_call_and_a_verdict(stub_server: Any) -> None:
    judge_run = made.judged(run(prompt_set(3)), stub_server.url, asks_one_by_one=True)
    assert Judgement.objects.filter(criterion__isnull=False).count() == 3 * 4
    assert [len(asked_about(body)) for body in stub_server.requests] == [1] * 12
    assert set().union(*map(asked_about, stub_server.requests)) == KEYS
    said = Verdict.objects.filter(judge=judge_run.judge)
    assert said.values("completion", "criterion").distinct().count() == said.count() == 12


def test_the_words_of_the_other_criteria_are_not_shown(stub_server: Any) -> None:
    made.judged(run(prompt_set(1)), stub_server.url, asks_one_by_one=True)
    for body in stub_server.requests:
        (key,) = asked_about(body)
        named = {
            other for other in KEYS if f"Criterion `{other}`" in body["messages"][0]["content"]
        }
        assert named == {key}


def test_the_words_shown_are_those_of_the_whole_rubric(stub_server: Any) -> None:
    judged = run(prompt_set(1))
    made.judged(judged, stub_server.url, name="whole")
    whole = stub_server.requests[0]["messages"][0]["content"]
    made.judged(judged, stub_server.url, name="single", asks_one_by_one=True)
    for body in stub_server.requests[1:]:
        text = body["messages"][0]["content"]
        criterion = text[text.index("Criterion `") : text.index("\n\nHow the material")]
        assert criterion in whole


def test_one_unreadable_criterion_leaves_the_others_scored(stub_server: Any) -> None:
    stub_server.script(*[stub.says("I would rather not say.")] * 3)
    judge_run = actions.start_judge_run(
        by=None,
        judge=made.judge(stub_server.url, asks_one_by_one=True),
        run=run(prompt_set(1)),
        at=AT,
    )
    client_of_one = {"limits": made.limits()}
    made.shift(judge_run, **client_of_one).run()
    assert Verdict.objects.count() == 4
    assert Verdict.objects.scored().exists()


def test_starting_again_adds_the_rows_of_new_answers_only(stub_server: Any) -> None:
    judged = run(prompt_set(3))
    late = judged.completions.order_by("pk").last()
    assert late
    late.delete()
    first = made.judged(judged, stub_server.url, asks_one_by_one=True)
    assert first.judgements.count() == 8
    late.pk = new_id()
    late.save(force_insert=True)
    again = actions.start_judge_run(by=None, judge=first.judge, run=judged, at=AT)
    assert (again.state, again.judgements.count()) == ("pending", 12)
    assert set(again.judgements.all().waiting().values_list("completion", flat=True)) == {late.pk}
