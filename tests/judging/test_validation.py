"""A judge beside raters: what is hidden until it is frozen, what it may do, and when that ends."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from annotation.models import Rubric, Study
from generation.models import LanguageModel
from judging import actions, approving
from judging.holding_out import is_held_out
from judging.models import Approval, Judge, Report, Verdict
from judging.reports.document import blocks
from tests.generation.made import AT
from tests.judging import made
from tests.judging.test_pages import rated
from tests.judging.untold import untold
from tests.stub_server import StubServer

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def judged(
    stub_server: StubServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Study, Judge]]:
    """A study with three raters, and a judge that scored both its runs."""
    monkeypatch.setattr("judging.reports.replacing.DRAWS_OF_POWER", 20)
    study = rated(30, n_raters=3)
    a, b = (arm.run for arm in study.arms.select_related("run"))
    judge = made.judged(a, stub_server.url).judge
    made.shift(actions.start_judge_run(by=None, judge=judge, run=b, at=AT)).run()
    yield study, judge


def computed(study: Study, judge: Judge) -> Report:
    report = actions.report_on(
        by=None, kind="validation", rubric=study.rubric, study=study, judge=judge, at=AT
    )
    actions.ask_report_again(by=None, report=report, at=AT)
    done = actions.compute_report(report_id=report.pk, at=AT)
    report.refresh_from_db()
    assert done, report.error
    return report


def result(report: Report) -> dict[str, Any]:
    assert report.result
    return dict(report.in_english or {})


def approved(study: Study, judge: Judge) -> Approval:
    trial = actions.freeze_judge(by=None, judge=judge, study=study, at=AT)
    report = computed(study, judge)
    return actions.approve_judge(by=None, trial=trial, report=report, at=AT)


def n_answers(report: Report) -> int:
    return int(result(report)["lead"].rsplit(" on ", 1)[1].split()[0])


def n_judged(judge: Judge, prompts: set[str]) -> int:
    """Answers that the judge gave any value. The stub leaves one without, now and then."""
    said = Verdict.objects.filter(judge=judge, value__isnull=False, completion__prompt__in=prompts)
    return said.order_by().values("completion").distinct().count()


def test_held_out_labels_stay_hidden_until_the_judge_is_frozen(
    judged: tuple[Study, Judge],
) -> None:
    study, judge = judged
    prompts = set(study.items.values_list("prompt_id", flat=True))
    held = {prompt for prompt in prompts if is_held_out(prompt, seed=study.seed)}
    assert held < prompts
    before = computed(study, judge)
    assert n_answers(before) == n_judged(judge, prompts - held)
    assert "stay hidden" in " ".join(result(before)["warnings"])
    actions.freeze_judge(by=None, judge=judge, study=study, at=AT)
    after = computed(study, judge)
    assert n_answers(after) == n_judged(judge, held)
    assert after.input_digest != before.input_digest


def test_the_judge_stands_beside_every_rater_with_bias_and_an_answer_in_words(
    judged: tuple[Study, Judge],
) -> None:
    report = computed(*judged)
    assert not untold(report.result)
    found = result(report)
    beside = [row for row in blocks(found)["beside"]["rows"] if row["group"] == "Relevance"]
    assert [row["label"] for row in beside] == ["rater 1", "rater 2", "rater 3", "judge"]
    biases = {row[1].partition(":")[0] for row in blocks(found)["biases"]["rows"]}
    assert biases == {"all answers", "condition", "family", "length"}
    answers = {row[1].split(":")[0].split(".")[0] for row in blocks(found)["replacing"]["rows"]}
    assert answers <= {
        "The judge may stand in for one of these raters",
        "The judge may not stand in for one of these raters",
        "Not enough data",
    }
    assert found["headline"].startswith(judged[1].name)
    shares = blocks(found)["corrected_shares"]["rows"]
    assert {row[0] for row in shares} == {"Declines", "External references"}
    assert all(0 <= row[2]["value"] <= 1 for row in shares)
    assert all(row[3]["value"] is None or 0 <= row[3]["value"] <= 1 for row in shares)


def test_the_split_is_the_same_for_every_judge_and_keeps_prompts_whole() -> None:
    names = [f"p{number}" for number in range(2000)]
    held = [name for name in names if is_held_out(name, seed=7)]
    assert 0.46 < len(held) / len(names) < 0.54
    assert held == [name for name in names if is_held_out(name, seed=7)]
    assert held != [name for name in names if is_held_out(name, seed=8)]


def test_a_judge_that_is_not_frozen_cannot_be_approved(judged: tuple[Study, Judge]) -> None:
    study, judge = judged
    report = computed(study, judge)
    trial = actions.freeze_judge(by=None, judge=judge, study=study, at=AT)
    with pytest.raises(actions.NotPossible, match="held-out"):
        actions.approve_judge(by=None, trial=trial, report=report, at=AT)


def test_an_approval_ends_by_itself_when_the_model_behind_the_judge_changes(
    judged: tuple[Study, Judge],
) -> None:
    approval = approved(*judged)
    assert actions.sweep_approvals(at=AT) == 0
    LanguageModel.objects.filter(pk=approval.judge.model_id).update(revision="another")
    assert actions.sweep_approvals(at=AT) == 1
    approval.refresh_from_db()
    assert "its model is not what was approved" in approval.revoked_because
    assert "revoked" in approving.said_of(approval.judge)[0]


def test_an_approval_ends_by_itself_with_a_new_version_of_the_rubric(
    judged: tuple[Study, Judge],
) -> None:
    approval = approved(*judged)
    old = approval.judge.rubric
    Rubric.objects.create(slug=old.slug, version=old.version + 1, title=old.title, digest="x")
    assert actions.sweep_approvals(at=AT) == 1


def test_an_approval_ends_by_itself_when_the_anchors_move(
    judged: tuple[Study, Judge], monkeypatch: pytest.MonkeyPatch
) -> None:
    from judging.drift import Earlier, Standing

    approval = approved(*judged)
    Approval.objects.update(approved_at=AT - timedelta(days=3650))
    moved = Standing("Relevance", 5, 1.0, 1.0, (Earlier(AT, 5, 1.0, 1.0, True),))
    monkeypatch.setattr("judging.anchoring.standings", lambda judge_run: [moved])
    assert actions.sweep_approvals(at=AT) == 1
    approval.refresh_from_db()
    assert "Relevance" in approval.revoked_because


def test_freezing_approving_and_taking_back_are_for_their_roles(
    signed_in: SignIn, judged: tuple[Study, Judge], engineer: User, curator: User
) -> None:
    study, judge = judged
    place = [study.slug, judge.pk]
    freeze, approve = (
        reverse(f"judging:{name}", args=place) for name in ("freeze_judge", "approve_judge")
    )
    assert Client().post(freeze).status_code == 302
    assert signed_in(curator).post(freeze).status_code == 403
    shown = signed_in(engineer).post(freeze, follow=True)
    assert "Frozen." in shown.content.decode()
    assert signed_in(engineer).post(approve).status_code == 403
    shown = signed_in(curator).post(approve, {"note": "Good enough"}, follow=True)
    assert "is approved for this rubric" in shown.content.decode()
    revoke = reverse("judging:revoke_approval", args=[Approval.objects.get().pk])
    client = signed_in(curator)
    client.post(revoke, {"because": ""})
    assert Approval.objects.standing().exists()
    shown = client.post(revoke, {"because": "It favours long answers."}, follow=True)
    assert "It favours long answers." in shown.content.decode()


def test_the_list_of_judges_says_what_each_may_do(
    signed_in: SignIn,
    judged: tuple[Study, Judge],
    researcher: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    study, _judge = judged
    client = signed_in(researcher)
    with django_assert_num_queries(7):
        page = client.get(reverse("judging:validations", args=[study.slug])).content.decode()
    assert "is not approved for this rubric" in page


def test_rest_gives_reports_and_says_who_is_approved(
    signed_in: SignIn, judged: tuple[Study, Judge], researcher: User
) -> None:
    study, judge = judged
    client = signed_in(researcher)
    asked = {"kind": "validation", "study": study.pk, "judge": judge.pk}
    answer = client.post("/api/v1/reports/", asked, content_type="application/json")
    assert answer.status_code == 201, answer.content
    whole = client.get(f"/api/v1/reports/{answer.json()['id']}/").json()
    assert whole["is_fresh"]
    assert whole["result"]["sections"]
    listed = client.get("/api/v1/reports/?kind=validation").json()["results"]
    assert [each["id"] for each in listed] == [whole["id"]]
    assert client.get(f"/api/v1/judges/{judge.pk}/").json()["is_approved"] is False
    wrong = client.post(
        "/api/v1/reports/", {"kind": "study", "judge": judge.pk}, content_type="application/json"
    )
    assert wrong.status_code == 400
    again = client.post(f"/api/v1/reports/{whole['id']}/again/")
    assert again.json()["state"] == "pending"
