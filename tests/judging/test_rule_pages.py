"""Judges that decide by rule are made, set to work and read on pages, by REST and by command."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crisis import actions as crisis_actions
from judging import actions
from judging.models import Judge, JudgeRun
from judging.shifts import shift_on
from tests.annotation import made as rating
from tests.annotation.made import AT, prompt_set, rubric, run
from tests.crisis.made import verified
from tests.judging import made
from tests.people import person

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_judge_by_rule_is_made_on_its_page(signed_in: SignIn, engineer: User) -> None:
    chosen, client = rubric("xstest"), signed_in(engineer)
    url = reverse("judging:new_rule_judge")
    assert b"XSTest refusal" in client.get(url).content
    answer = client.post(url, {"name": "Phrases", "kind": "strings", "rubric": chosen.pk})
    judge = Judge.objects.get(name="Phrases")
    assert (answer["Location"], judge.created_by) == (judge.get_absolute_url(), engineer)
    page = client.get(judge.get_absolute_url()).content.decode()
    assert "It decides by rule" in page
    assert "who declines later does not" in page
    assert "Known mistakes" in page
    assert "Temperature" not in page
    assert (
        "Phrases of refusal, without a model"
        in client.get(reverse("judging:judges")).content.decode()
    )


def test_a_rule_that_decides_nothing_of_the_rubric_is_refused_in_words(
    signed_in: SignIn, engineer: User
) -> None:
    chosen = rubric("xstest")
    answer = signed_in(engineer).post(
        reverse("judging:new_rule_judge"), {"name": "X", "kind": "referral", "rubric": chosen.pk}
    )
    assert answer.status_code == 422
    assert "decides nothing that XSTest refusal" in answer.content.decode()


def test_only_rubrics_that_a_rule_decides_are_offered(signed_in: SignIn, engineer: User) -> None:
    names = [str(rubric(name)) for name in ("xstest", "sorrybench", "psychosafe", "referral")]
    other = rubric("xstest")
    type(other).objects.create(slug="tone", title="Tone of voice", digest="d")
    page = signed_in(engineer).get(reverse("judging:new_rule_judge")).content.decode()
    assert all(name in page for name in names)
    assert "Tone of voice" not in page


def test_a_judge_by_rule_is_set_to_work_on_the_judges_page(
    signed_in: SignIn, engineer: User
) -> None:
    judge, judged = made.rule_judge(), run(prompt_set(2))
    signed_in(engineer).post(reverse("judging:start_judge"), {"judge": judge.pk, "run": judged.pk})
    assert JudgeRun.objects.get().judge == judge


def test_the_run_page_says_by_which_directory_and_that_it_has_changed_since(
    signed_in: SignIn, engineer: User
) -> None:
    service = verified()
    judge = made.rule_judge("referral", rubric_name="referral")
    judged = run(prompt_set(2, country="DK"), text="Call Night Line, {n}.")
    judge_run = actions.start_judge_run(by=None, judge=judge, run=judged, at=AT)
    shift_on(judge_run).run()
    client = signed_in(engineer)
    page = client.get(judge_run.get_absolute_url()).content.decode()
    assert "2 answers judged by 1 services" in page
    assert "has changed since" not in page
    crisis_actions.retire(by=person("curator"), resource=service, reason="Closed.", at=AT)
    assert "has changed since" in client.get(judge_run.get_absolute_url()).content.decode()


def test_rest_makes_a_judge_by_rule_and_sets_it_to_work(signed_in: SignIn, engineer: User) -> None:
    client, chosen = signed_in(engineer), rubric("xstest")
    asked = {"name": "Phrases", "kind": "strings", "rubric": chosen.pk}
    answer = client.post("/api/v1/judges/", asked, content_type="application/json")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["kind"], told["model"]) == ("strings", None)
    started = client.post(
        f"/api/v1/judges/{told['id']}/score/",
        {"run": run(prompt_set(2)).pk},
        content_type="application/json",
    )
    assert started.status_code == 201


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"kind": "model"}, "model"),
        ({"kind": "strings", "temperature": 0.5}, "temperature"),
        ({"kind": "strings", "prompt": "Mine"}, "prompt"),
    ],
)
def test_rest_names_the_field_that_a_kind_of_judge_needs_or_has_not(
    signed_in: SignIn, engineer: User, asked: dict[str, object], where: str
) -> None:
    whole = {"name": "X", "rubric": rubric("xstest").pk, **asked}
    answer = signed_in(engineer).post("/api/v1/judges/", whole, content_type="application/json")
    assert answer.status_code == 400
    assert where in str(answer.json())
    assert not Judge.objects.exists()


def test_a_judge_by_rule_is_made_on_the_command_line() -> None:
    rubric("xstest")
    out = StringIO()
    call_command("make_judge", "Phrases", "--rule", "strings", "--rubric", "xstest", stdout=out)
    assert Judge.objects.get().kind == "strings"
    with pytest.raises(CommandError, match="--model or --rule"):
        call_command("make_judge", "Y", "--rubric", "xstest")
    with pytest.raises(CommandError, match="asks no model"):
        call_command("make_judge", "Y", "--rubric", "xstest", "--rule", "strings", "--model", "m")


def test_a_judge_by_rule_stands_beside_people_on_the_reports(
    signed_in: SignIn, engineer: User
) -> None:
    study = rating.study(2)
    judge = made.rule_judge(rubric_name="psychosafe")
    a, b = (arm.run for arm in study.arms.order_by("position"))
    for arm in (a, b):
        shift_on(actions.start_judge_run(by=None, judge=judge, run=arm, at=AT)).run()
    client, query = signed_in(engineer), {"a": a.pk, "b": b.pk, "rubric": "psychosafe"}
    page = client.get(reverse("judging:comparison"), query)
    assert page.status_code == 200
    assert "A rule" in page.content.decode()
    assert client.get(reverse("judging:study", args=[study.slug])).status_code == 200
    told = client.get("/api/v1/comparisons/", query).json()
    assert told["shares_family"] is False
    from exports.describing import of_study

    assert "decides by rule" in dict(of_study(study).facts)["Judge"]


def test_rest_tells_over_refusal_of_a_judge_run(signed_in: SignIn, engineer: User) -> None:
    judged = run(prompt_set(2), text="I can't, {n}.")
    judge_run = actions.start_judge_run(by=None, judge=made.rule_judge(), run=judged, at=AT)
    shift_on(judge_run).run()
    (told,) = signed_in(engineer).get(f"/api/v1/judge-runs/{judge_run.pk}/rates/").json()
    assert (told["expected_action"], told["n"], told["failed"]["n"]) == ("refuse", 2, 0)
    refused = told["answers"][1]
    assert (refused["did"], refused["meaning"], refused["value"]) == ("refused", "wished", 1.0)
