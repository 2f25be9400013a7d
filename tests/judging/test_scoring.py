"""A judge run asks about every answer once, keeps verdicts or reasons, and survives bad servers."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from generation.models import Completion
from judging import actions
from judging.models import Judge, Judgement, JudgeRun, Verdict
from tests import stub_server as stub
from tests.annotation.made import prompt_set, run
from tests.generation.made import AT
from tests.judging import made

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_answer_gets_a_verdict_on_every_criterion(stub_server: Any) -> None:
    judge_run = made.judged(run(prompt_set(5)), stub_server.url)
    assert Verdict.objects.filter(judge=judge_run.judge).count() == 5 * 4
    assert Verdict.objects.filter(value__isnull=False).exists()
    assert judge_run.judgements.all().progress()["done"] == 5


def test_the_judge_sees_no_run_model_or_condition(stub_server: Any) -> None:
    judged = run(prompt_set(2), name="secret-model-9000")
    made.judged(judged, stub_server.url)
    sent = str(stub_server.requests)
    for telling in (
        "secret-model-9000",
        judged.pk,
        *judged.completions.values_list("pk", flat=True),
    ):
        assert telling not in sent


def test_the_judge_is_sent_schema_seed_and_no_thinking(stub_server: Any) -> None:
    made.judged(run(prompt_set(1)), stub_server.url)
    body = stub_server.requests[0]
    assert body["response_format"]["type"] == "json_schema"
    assert body["chat_template_kwargs"] == {"enable_thinking": False}
    assert (body["seed"], body["temperature"]) == (0, 0.0)


def test_an_unreadable_judge_is_asked_twice_more_with_new_seeds_then_unscored(
    stub_server: Any,
) -> None:
    stub_server.always(stub.says("I would rather not say."))
    judge_run = made.judged(run(prompt_set(1)), stub_server.url)
    assert [body["seed"] for body in stub_server.requests] == [0, 1, 2]
    judgement = judge_run.judgements.get()
    assert (judgement.n_asks, judgement.raw) == (3, "I would rather not say.")
    reasons = set(Verdict.objects.values_list("value", "unscored_reason"))
    assert reasons == {
        (None, "The judge's answer holds no verdict: the server did not keep to the schema.")
    }


def test_a_judge_that_recovers_is_scored(stub_server: Any) -> None:
    stub_server.script(stub.says("hm"))
    judge_run = made.judged(run(prompt_set(1)), stub_server.url)
    judgement = judge_run.judgements.get()
    assert judgement.n_asks == 2
    assert "criteria" in judgement.raw


def test_broken_servers_lose_no_row_and_double_none(stub_server: Any) -> None:
    stub_server.script(
        stub.fails(500),
        stub.too_many(retry_after=0),
        stub.broken_json(),
        stub.drops(),
        stub.fails(400),
    )
    judged = run(prompt_set(12))
    judge_run = actions.start_judge_run(
        by=None, judge=made.judge(stub_server.url), run=judged, at=AT
    )
    made.shift(judge_run).run()
    counts = judge_run.judgements.all().progress()
    assert counts["done"] + counts["failed"] == 12
    assert Verdict.objects.count() == 4 * counts["done"]


def test_starting_twice_judges_once_and_new_answers_are_added(stub_server: Any) -> None:
    judged = run(prompt_set(2))
    first = made.judged(judged, stub_server.url)
    again = actions.start_judge_run(by=None, judge=first.judge, run=judged, at=AT)
    assert (again.pk, again.state) == (first.pk, "done")
    assert Judgement.objects.count() == 2


def test_a_late_worker_keeps_nothing(stub_server: Any) -> None:
    judge_run = actions.start_judge_run(
        by=None, judge=made.judge(stub_server.url), run=run(prompt_set(1)), at=AT
    )
    row = judge_run.judgements.all().claim(worker="slow", at=AT, limit=1)[0]
    Judgement.objects.sweep(at=AT.replace(hour=23))
    assert made.shift(judge_run).run() == "done"
    kept = actions.keep_verdicts(
        judgement=row,
        worker="slow",
        readings=[],
        criteria=[],
        raw="late",
        n_asks=1,
        provenance={},
        at=AT,
    )
    assert not kept
    assert Judgement.objects.get().raw != "late"


def test_a_run_without_answers_is_refused(stub_server: Any) -> None:
    empty = run(prompt_set(1))
    Completion.objects.all().delete()
    with pytest.raises(actions.NotPossible, match="nothing to judge"):
        actions.start_judge_run(by=None, judge=made.judge(stub_server.url), run=empty, at=AT)
    assert not JudgeRun.objects.exists()


@pytest.mark.parametrize("missing", ["{rubric}", "{fence}", "--- after ---"])
def test_a_prompt_without_its_places_is_refused(missing: str) -> None:
    whole = "{rubric} {fence} --- after ---"
    with pytest.raises(actions.NotPossible, match="It needs one"):
        made.judge(prompt=whole.replace(missing, ""))
    assert not Judge.objects.exists()


def test_a_verdict_cannot_be_changed(stub_server: Any) -> None:
    made.judged(run(prompt_set(1)), stub_server.url)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Verdict.objects.update(value=1)
