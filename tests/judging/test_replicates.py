"""A judge that is asked several times counts as one judge, by the mean of what it said."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.actions import raters, submission
from annotation.models import Criterion
from exports.sources import ratings as exported
from judging import actions, ratings
from judging.comparing import compare
from judging.models import Judgement, JudgeRun, Verdict
from judging.study_report import report
from tests import stub_server as stub
from tests.annotation import made as rating
from tests.annotation.made import prompt_set, rubric, run
from tests.generation.made import AT
from tests.judging import made
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)


def says(**values: Any) -> stub.Behaviour:
    criteria = {k: {"evidence": "", "reasoning": "", "value": v} for k, v in values.items()}
    return stub.says(json.dumps({"criteria": criteria}))


def every(value: int, yes: int = 1) -> stub.Behaviour:
    return says(declines=yes, grounding=value, relevance=value, references=yes)


def asked(url: str, judged: Any, *, replicates: int = 3, **rest: Any) -> JudgeRun:
    """One request at a time, so that a script of answers is met in the order of the rows."""
    judge = made.judge(url, replicates=replicates, **rest)
    judge_run = actions.start_judge_run(by=None, judge=judge, run=judged, at=AT)
    made.shift(judge_run).run()
    return judge_run


def test_each_replicate_is_a_row_with_a_seed_of_its_own(stub_server: Any) -> None:
    stub_server.script(stub.says("hm"))
    judge_run = asked(stub_server.url, run(prompt_set(2)))
    assert judge_run.judgements.count() == 6
    seeds = sorted(body["seed"] for body in stub_server.requests)
    assert len(seeds) == 7
    assert {0, 3, 6} < set(seeds)
    assert len(set(seeds)) == 4, "the one that was asked again got a seed that no other had"
    kept = Judgement.objects.values_list("provenance__seed", flat=True)
    assert len(set(kept)) == 3 or len(set(kept)) == 4


def test_the_judges_value_is_the_mean_over_its_replicates(stub_server: Any) -> None:
    stub_server.script(every(1), every(2), every(5))
    judge_run = asked(stub_server.url, run(prompt_set(1)))
    relevance = Criterion.objects.get(key="relevance")
    (line,) = Verdict.objects.filter(judge=judge_run.judge, criterion=relevance).per_answer()
    assert line["score"] == pytest.approx(8 / 3)
    assert (line["n_replicates"], line["n_scored"]) == (3, 3)


def test_a_replicate_without_a_value_leaves_the_others_mean(stub_server: Any) -> None:
    stub_server.script(every(2), says(declines=1, grounding=2, relevance=None, references=1))
    stub_server.always(every(4))
    judge_run = asked(stub_server.url, run(prompt_set(1)))
    relevance = Verdict.objects.filter(judge=judge_run.judge, criterion__key="relevance")
    (line,) = relevance.per_answer()
    assert (line["score"], line["n_replicates"], line["n_scored"]) == (3.0, 3, 2)
    assert not relevance.left_out().exists()


def test_names_are_settled_by_most_votes_not_by_a_mean(stub_server: Any) -> None:
    names = rubric("xstest")
    key = names.criteria.get().key
    for value in (1, 3, 3):
        stub_server.script(says(**{key: value}))
    judge_run = asked(stub_server.url, run(prompt_set(1)), rubric=names)
    answers = list(judge_run.run.completions.values_list("pk", flat=True))
    found = ratings.judge_values(names.criteria.get(), answers, judge_run.judge_id)
    assert found == {answers[0]: 3.0}


def test_three_replicates_do_not_triple_n(stub_server: Any) -> None:
    study = rating.study(3, k=1)
    rater = raters.of(person("rater"))
    for _ in range(3):
        mine = rating.lease(study, rater)
        submission.submit(
            assignment=mine, rater=rater, token=mine.token, key=mine.pk,
            ratings=rating.ratings(study), preference="A", at=rating.AT,
        )  # fmt: skip
    judge = made.judge(stub_server.url, rubric=study.rubric, replicates=3)
    for arm in study.arms.all():
        made.shift(actions.start_judge_run(by=None, judge=judge, run=arm.run, at=AT)).run()
    assert Verdict.objects.count() == 3 * 2 * 4 * 3
    actions.freeze_judge(by=None, judge=judge, study=study, at=AT)
    for line in report(study, draws=50).criteria:
        (beside,) = line.judges
        assert beside.n_items + beside.n_unscored <= 6
        if line.criterion.level == "ordinal":  # names may be tied, and then nobody is heard
            assert beside.n_items + beside.n_unscored == 6
    a, b = (arm.run for arm in study.arms.order_by("position"))
    for compared in compare(a=a, b=b, rubric=study.rubric, draws=50).lines:
        assert compared.judge
        assert compared.judge.n_prompts <= 3
    columns = [column.name for column in exported.lines.COLUMNS]
    lines = [dict(zip(columns, row, strict=True)) for row in exported.rows(study)]
    spoken = [line for line in lines if line["rater_kind"] == "judge"]
    assert len(spoken) == 2 * 3 * 4
    assert {line["n_replicates"] for line in spoken} == {3}


def test_the_exported_value_of_replicates_is_their_mean(stub_server: Any) -> None:
    stub_server.script(every(1), every(2), every(5))
    stub_server.always(every(3))
    study = rating.study(1)
    judge = made.judge(stub_server.url, rubric=study.rubric, replicates=3)
    first = study.arms.order_by("position")[0].run
    made.shift(actions.start_judge_run(by=None, judge=judge, run=first, at=AT)).run()
    columns = [column.name for column in exported.lines.COLUMNS]
    lines = [dict(zip(columns, row, strict=True)) for row in exported.rows(study)]
    values = {line["criterion"]: line["value"] for line in lines}
    assert values["relevance"] == pytest.approx(8 / 3)
    assert values["declines"] == 1


def test_the_api_tells_replicates_apart(stub_server: Any, signed_in: Any, researcher: User) -> None:
    judge_run = asked(stub_server.url, run(prompt_set(1)), replicates=2)
    client: Client = signed_in(researcher)
    rows = client.get("/api/v1/verdicts/", {"judge": judge_run.judge_id}).json()["results"]
    assert sorted(row["replicate"] for row in rows) == [1] * 4 + [2] * 4
    assert {row["expected_value"] for row in rows} == {None}
    assert {row["shares_family"] for row in rows} == {False}


def test_more_replicates_than_a_judge_is_asked_are_refused() -> None:
    with pytest.raises(actions.NotPossible, match="1 to 20 times, not 21"):
        made.judge(replicates=21)


def test_the_page_counts_answers_and_replicates(
    stub_server: Any, signed_in: Any, engineer: User
) -> None:
    judge_run = asked(stub_server.url, run(prompt_set(2)), replicates=2)
    page = signed_in(engineer).get(reverse("judging:judge_run", args=[judge_run.pk]))
    assert "2 answers" in page.content.decode()
