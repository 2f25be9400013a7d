"""The pages and REST places of runs side by side: the finding first, place told, nothing hidden."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generation.models import LanguageModel
from judging.models import Judge, Matchup
from tests import stub_server as stub
from tests.annotation.made import prompt_set, run
from tests.judging import made

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)
COMPARING = {"name": "Pairs", "temperature": "0", "max_tokens": "900", "replicates": "1"}


def says(choice: str) -> stub.Behaviour:
    return stub.says(json.dumps({"reasoning": "It stays with them.", "choice": choice}))


def runs(n: int = 3) -> list[Any]:
    over = prompt_set(n)
    return [run(over, "model-a", "Ask somebody, {n}."), run(over, "model-b")]


def test_an_engineer_makes_a_judge_and_puts_two_runs_side_by_side(
    signed_in: SignIn, engineer: User, bells: list[tuple[str, str, str]]
) -> None:
    seed, (a, b), client = made.judge(name="seed"), runs(), signed_in(engineer)
    address = reverse("judging:new_comparing_judge")
    assert b"{fence}" in client.get(address).content
    form = COMPARING | {"model": seed.model_id, "rubric": seed.rubric_id}
    assert client.post(address, form).status_code == 302
    judge = Judge.objects.get(name="Pairs")
    assert judge.kind == "side_by_side"
    assert "chosen in both orders" in client.get(judge.get_absolute_url()).content.decode()
    chosen = {"judge": judge.pk, "run_a": a.pk, "run_b": b.pk}
    answer = client.post(reverse("judging:start_matchup"), chosen)
    matchup = Matchup.objects.get()
    assert answer.url == matchup.get_absolute_url()
    assert [message[:2] for message in bells] == [("judging.tasks.match", matchup.pk)]
    page = client.get(matchup.get_absolute_url()).content.decode()
    assert "The judge is comparing" in page
    assert "0 of 6" in page
    assert "every 2s" in page
    for act, state in (("cancel", "cancelled"), ("resume", "pending")):
        client.post(reverse(f"judging:{act}_matchup", args=[matchup.pk]))
        assert Matchup.objects.get().state == state


def test_a_prompt_without_a_place_is_refused_beside_its_field(
    signed_in: SignIn, engineer: User
) -> None:
    seed = made.judge(name="seed")
    form = COMPARING | {"model": seed.model_id, "rubric": seed.rubric_id, "prompt": "{rubric}"}
    answer = signed_in(engineer).post(reverse("judging:new_comparing_judge"), form)
    assert answer.status_code == 422
    assert "{fence} is missing" in answer.content.decode()
    assert not Judge.objects.filter(name="Pairs").exists()


def test_a_refusal_is_told_on_the_page(signed_in: SignIn, engineer: User) -> None:
    a, _ = runs(1)
    judge, client = made.judge(name="Pairs", compares=True), signed_in(engineer)
    for form, words in (
        ({"judge": judge.pk, "run_a": a.pk, "run_b": a.pk}, "the same run"),
        ({}, "Choose a judge and two runs"),
    ):
        page = client.post(reverse("judging:start_matchup"), form, follow=True)
        assert words in page.content.decode()
    assert not Matchup.objects.exists()


def test_the_page_says_the_finding_first_and_what_place_does(
    stub_server: Any, signed_in: SignIn, researcher: User
) -> None:
    stub_server.always(says("first"))
    matchup = made.matched(stub_server.url, n=8)
    page = signed_in(researcher).get(matchup.get_absolute_url()).content.decode()
    assert "<h1>Too few pairs were won to tell A and B apart.</h1>" in page
    assert "The judge leans to the answer that stands first" in page
    assert "0 % (95 %: 0 % to 32 %) of 8 pairs" in page
    assert "100 % (95 %: 81 % to 100 %) of 16 choices" in page
    assert "every 2s" not in page


def test_a_poll_is_the_progress_alone_and_asks_for_the_page_at_the_end(
    stub_server: Any, signed_in: SignIn, engineer: User
) -> None:
    matchup, client = made.matchup(stub_server.url), signed_in(engineer)
    poll = {"HX-Request": "true"}
    part = client.get(matchup.get_absolute_url(), headers=poll)
    assert b'id="progress"' in part.content
    assert b"<h1>" not in part.content
    assert "HX-Refresh" not in part
    made.match_shift(matchup).run()
    assert client.get(matchup.get_absolute_url(), headers=poll)["HX-Refresh"] == "true"


def test_the_pages_cost_the_same_however_many_pairs(
    stub_server: Any,
    signed_in: SignIn,
    researcher: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client, poll = signed_in(researcher), {"HX-Request": "true"}
    small = made.matched(stub_server.url, n=2)
    over = prompt_set(9, slug="other")
    large = made.actions.start_matchup(
        by=None,
        judge=small.judge,
        run_a=run(over, "model-a", "Ask, {n}."),
        run_b=run(over, "model-b"),
        at=made.AT,
    )
    made.match_shift(large).run()
    for matchup in (small, large):
        with django_assert_num_queries(8):
            client.get(matchup.get_absolute_url())
        with django_assert_num_queries(6):
            client.get(matchup.get_absolute_url(), headers=poll)
    with django_assert_num_queries(5):
        client.get(reverse("judging:matchups"))


def test_a_judge_of_the_family_of_one_side_is_warned_of(
    stub_server: Any, signed_in: SignIn, engineer: User
) -> None:
    matchup, client = made.matched(stub_server.url, n=1), signed_in(engineer)
    names = [matchup.judge.asked.name, matchup.run_b.model.name]
    LanguageModel.objects.filter(name__in=names).update(family="akin")
    page = client.get(matchup.get_absolute_url()).content.decode()
    assert "is of the same family as model-b" in page
    assert client.get(f"/api/v1/matchups/{matchup.pk}/").json()["shares_family"] is True


def test_what_was_left_open_is_counted_with_its_reason(
    stub_server: Any, signed_in: SignIn, researcher: User
) -> None:
    stub_server.always(stub.says("<b>The first.</b>"))
    matchup = made.matched(stub_server.url, n=1)
    page = signed_in(researcher).get(matchup.get_absolute_url()).content.decode()
    assert "2 times: The judge&#x27;s answer holds no verdict" in page


def test_a_program_starts_reads_stops_and_resumes(
    stub_server: Any, signed_in: SignIn, engineer: User
) -> None:
    (a, b), client = runs(2), signed_in(engineer)
    judge = made.judge(stub_server.url, name="Pairs", compares=True)
    scores = made.judge(stub_server.url, name="Scores")
    place, body = "/api/v1/matchups/", {"judge": judge.pk, "run_a": a.pk, "run_b": b.pk}

    def post(address: str, **sent: Any) -> Any:
        return client.post(address, sent, content_type="application/json")

    started = post(place, **body)
    assert started.status_code == 201
    matchup = Matchup.objects.get(pk=started.json()["id"])
    assert started.json()["progress"]["pending"] == 4
    assert post(place, **body | {"judge": scores.pk}).status_code == 400
    assert post(place, **body | {"run_b": a.pk}).status_code == 409
    assert post(f"{place}{matchup.pk}/cancel/").json()["state"] == "cancelled"
    assert post(f"{place}{matchup.pk}/resume/").json()["state"] == "pending"
    stub_server.always(says("both_unacceptable"))
    made.match_shift(matchup).run()
    found = client.get(f"{place}{matchup.pk}/").json()
    assert found["findings"]["all"]["both_unacceptable"] == 2
    assert found["findings"]["first_chosen"] == {
        "n": 0, "value": None, "low": None, "high": None, "reason": "there is nothing to count",
    }  # fmt: skip
    duels = client.get("/api/v1/duels/", {"matchup": matchup.pk}).json()["results"]
    assert sorted(row["is_swapped"] for row in duels) == [False, False, True, True]
    assert client.get(place, {"judge": judge.pk}).json()["results"][0]["id"] == matchup.pk
    assert client.get(place, {"x": "1"}).status_code == 400


def test_raters_and_strangers_see_nothing_of_it(signed_in: SignIn, rater: User) -> None:
    matchup = made.matchup(n=1)
    for address in (reverse("judging:matchups"), matchup.get_absolute_url()):
        assert Client().get(address).status_code == 302
        assert signed_in(rater).get(address).status_code == 403


def test_a_researcher_reads_and_starts_nothing(signed_in: SignIn, researcher: User) -> None:
    matchup, client = made.matchup(n=1), signed_in(researcher)
    assert client.get(matchup.get_absolute_url()).status_code == 200
    for name in ("start_matchup", "new_comparing_judge"):
        assert client.post(reverse(f"judging:{name}"), {}).status_code == 403
    for act in ("cancel", "resume", "retry"):
        address = reverse(f"judging:{act}_matchup", args=[matchup.pk])
        assert client.post(address).status_code == 403
