"""The report pages: the finding first, judges beside people, nothing for raters."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from annotation.actions import raters, submission
from annotation.models import Study
from judging.models import Judge, JudgeRun
from tests.annotation import made as rating
from tests.judging import made
from tests.people import person

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


def rated(n: int = 12, n_raters: int = 2) -> Study:
    """A study whose raters gave the second arm higher values."""
    study = rating.study(n, k=n_raters)
    second = study.arms.get(position=1).run
    for _ in range(n_raters):
        rater = raters.of(person("rater"))
        for number in range(n):
            mine = rating.lease(study, rater)
            # Raters meet the items in orders of their own; what they give belongs to the item.
            odd = mine.item.position % 2
            texts = dict(mine.item.answers.values_list("position", "completion__run_id"))
            better = {
                slot: texts[int(p)] == second.pk
                for slot, p in zip("AB", mine.shown.split(), strict=True)
            }
            given = [
                row | {"value": 1 if row["criterion"] in ("declines", "references") else 4 - odd}
                if better[row["slot"]]
                else row
                | {"value": 1 + odd if row["criterion"] in ("grounding", "relevance") else odd}
                for row in rating.ratings(study)
            ]
            submission.submit(
                assignment=mine, rater=rater, token=mine.token, key=f"k{rater.pk}{number}",
                ratings=given, preference="A" if better["A"] else "B", at=rating.AT,
            )  # fmt: skip
    return study


@pytest.mark.parametrize("name", ["studies", "comparison", "judges", "new_judge"])
def test_raters_and_strangers_see_no_report(signed_in: SignIn, rater: User, name: str) -> None:
    address = reverse(f"judging:{name}")
    assert Client().get(address).status_code == 302
    assert signed_in(rater).get(address).status_code == 403


def test_the_study_page_says_the_finding_first(signed_in: SignIn, researcher: User) -> None:
    study = rated()
    page = signed_in(researcher).get(study.get_absolute_url()).content.decode()
    assert "<h1>Raters agree on" in page
    assert page.index("<h1>") < page.index("<svg") < page.index("All figures")


def test_an_unrated_study_explains_itself(signed_in: SignIn, researcher: User) -> None:
    page = signed_in(researcher).get(rating.study(2).get_absolute_url()).content.decode()
    assert "Nobody has rated yet" in page


def test_the_study_page_costs_the_same_however_many_ratings(
    signed_in: SignIn, researcher: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(researcher)
    small, large = rating.study(2, slug="small"), rated(14)
    for study in (small, large):
        with django_assert_num_queries(14):
            client.get(study.get_absolute_url())


def test_a_judge_stands_beside_the_raters(
    signed_in: SignIn, researcher: User, stub_server: Any
) -> None:
    study = rated()
    judge = made.judge(stub_server.url, rubric=study.rubric)
    for arm in study.arms.all():
        started = made.actions.start_judge_run(by=None, judge=judge, run=arm.run, at=made.AT)
        made.shift(started).run()
    made.actions.freeze_judge(by=None, judge=judge, study=study, at=made.AT)
    client = signed_in(researcher)
    assert "judge" in client.get(study.get_absolute_url()).content.decode().split("<svg")[1]
    a, b = (arm.run.pk for arm in study.arms.order_by("position"))
    page = client.get(reverse("judging:comparison"), {"a": a, "b": b, "rubric": "psychosafe"})
    text = page.content.decode()
    assert "People rate B above A overall." in text
    assert "Judge: A judge." in text


def test_two_runs_over_different_prompts_are_refused_in_words(
    signed_in: SignIn, researcher: User
) -> None:
    one, other = rating.study(2, slug="one"), rating.study(2, slug="other")
    runs = [study.arms.first().run.pk for study in (one, other)]  # type: ignore[union-attr]
    page = signed_in(researcher).get(
        reverse("judging:comparison"), {"a": runs[0], "b": runs[1], "rubric": "psychosafe"}
    )
    assert page.status_code == 422
    assert "different prompt sets" in page.content.decode()


def test_an_engineer_makes_a_judge_and_sets_it_to_work(
    signed_in: SignIn, engineer: User, bells: list[tuple[str, str, str]]
) -> None:
    seed = made.judge(name="seed")
    client = signed_in(engineer)
    form = {
        "name": "Panel",
        "model": seed.model_id,
        "rubric": seed.rubric_id,
        "temperature": "0",
        "max_tokens": "900",
    }
    assert client.post(reverse("judging:new_judge"), form).status_code == 302
    judge = Judge.objects.get(name="Panel")
    run = rating.run(rating.prompt_set(3))
    answer = client.post(reverse("judging:start_judge"), {"judge": judge.pk, "run": run.pk})
    judge_run = JudgeRun.objects.get()
    assert answer.url == judge_run.get_absolute_url()
    assert [message[:2] for message in bells] == [("judging.tasks.judge", judge_run.pk)]
    assert "0 of 3" in client.get(judge_run.get_absolute_url()).content.decode()
    client.post(reverse("judging:cancel_judge_run", args=[judge_run.pk]))
    assert JudgeRun.objects.get().state == "cancelled"
    client.post(reverse("judging:resume_judge_run", args=[judge_run.pk]))
    assert JudgeRun.objects.get().state == "pending"


def test_a_researcher_cannot_start_judges(signed_in: SignIn, researcher: User) -> None:
    client = signed_in(researcher)
    assert client.post(reverse("judging:start_judge"), {}).status_code == 403
    assert client.post(reverse("judging:new_judge"), {}).status_code == 403


def test_the_api_gives_the_comparison_and_refuses_unknown_parameters(
    signed_in: SignIn, researcher: User
) -> None:
    study = rated(4)
    a, b = (arm.run.pk for arm in study.arms.order_by("position"))
    client = signed_in(researcher)
    agreement = client.get(f"/api/v1/studies/{study.pk}/agreement/").json()
    assert agreement["criteria"][0]["criterion"] == "declines"
    query = {"a": a, "b": b, "rubric": "psychosafe"}
    found = client.get("/api/v1/comparisons/", query).json()
    assert [row["criterion"] for row in found["lines"]][-1] == "overall"
    assert found["lines"][-1]["human"]["difference"]["value"] > 0
    assert client.get("/api/v1/comparisons/", query | {"x": "1"}).status_code == 400
    assert client.get("/api/v1/comparisons/", {"a": a, "b": "no", "rubric": "x"}).status_code == 400
