"""A judge says in words how it asks, and its pages say what to mind before its figures are read."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from generation.models import LanguageModel
from judging import actions
from judging.models import Judge, Judgement
from tests import stub_server as stub
from tests.annotation import made as rating
from tests.annotation.made import prompt_set, run
from tests.generation.made import AT
from tests.judging import made

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


def form(seed: Judge, **changes: Any) -> dict[str, Any]:
    whole = {
        "name": "Panel",
        "model": seed.model_id,
        "rubric": seed.rubric_id,
        "temperature": "0.7",
        "max_tokens": "900",
        "replicates": "3",
        "asks_one_by_one": "on",
        "takes_expected_value": "on",
    }
    return whole | changes


def verdict(**values: Any) -> str:
    criteria = {k: {"evidence": "", "reasoning": "", "value": v} for k, v in values.items()}
    return json.dumps({"criteria": criteria})


def test_every_setting_of_the_form_is_kept_and_said_in_words(
    signed_in: SignIn, engineer: User
) -> None:
    client = signed_in(engineer)
    assert b"{fence}" in client.get(reverse("judging:new_judge")).content
    assert client.post(reverse("judging:new_judge"), form(made.judge())).status_code == 302
    judge = Judge.objects.get(name="Panel")
    assert (judge.asks_one_by_one, judge.replicates, judge.takes_expected_value) == (True, 3, True)
    page = client.get(judge.get_absolute_url()).content.decode()
    assert "each criterion in a call of its own" in page
    assert "comes before it 3 times, at temperature 0.7" in page
    assert "mean of the scale by the chances" in page


def test_the_shipped_prompt_sent_back_by_a_browser_is_the_shipped_prompt(
    signed_in: SignIn, engineer: User
) -> None:
    seed = made.judge()
    typed = seed.prompt.replace("\n", "\r\n")
    signed_in(engineer).post(reverse("judging:new_judge"), form(seed, prompt=typed))
    assert Judge.objects.get(name="Panel").prompt_digest == seed.prompt_digest


def test_a_prompt_without_a_place_is_refused_beside_its_field(
    signed_in: SignIn, engineer: User
) -> None:
    answer = signed_in(engineer).post(
        reverse("judging:new_judge"), form(made.judge(), prompt="{rubric} {fence}")
    )
    assert answer.status_code == 422
    assert "--- after --- is missing" in answer.content.decode()


def test_a_judge_of_the_same_family_is_warned_about_wherever_it_appears(
    stub_server: Any, signed_in: SignIn, engineer: User
) -> None:
    study = rating.study(2)
    LanguageModel.objects.update(family="akin")
    judge = made.judge(stub_server.url, rubric=study.rubric)
    LanguageModel.objects.update(family="akin")
    judge.refresh_from_db()
    a, b = (arm.run for arm in study.arms.order_by("position"))
    for arm in (a, b):
        started = actions.start_judge_run(by=None, judge=judge, run=arm, at=AT)
        made.shift(started).run()
    client, query = signed_in(engineer), {"a": a.pk, "b": b.pk, "rubric": "psychosafe"}
    warning = "is of the same family as"
    assert warning in client.get(started.get_absolute_url()).content.decode()
    assert warning in client.get(reverse("judging:comparison"), query).content.decode()
    assert client.get("/api/v1/comparisons/", query).json()["shares_family"] is True
    rows = client.get("/api/v1/verdicts/", {"judge": judge.pk}).json()["results"]
    assert {row["shares_family"] for row in rows} == {True}
    from exports.describing import of_study

    told = dict(of_study(study).facts)
    assert warning in told["Judge"]


def test_the_run_page_shows_what_was_left_unscored_by_criterion_and_condition(
    stub_server: Any, signed_in: SignIn, engineer: User
) -> None:
    over = prompt_set(2)
    judge = made.judge(stub_server.url)
    stub_server.always(stub.says(verdict(declines=1, grounding=2, references=0, relevance=None)))
    for name in ("model-a", "model-b"):
        started = actions.start_judge_run(by=None, judge=judge, run=run(over, name), at=AT)
        made.shift(started).run()
    page = signed_in(engineer).get(started.get_absolute_url()).content.decode()
    assert page.count("2 of 2 (100 %)") == 2
    assert page.count("0 of 2 (0 %)") == 6


def test_reasoning_that_came_though_it_was_off_is_kept_counted_and_warned_of(
    stub_server: Any, signed_in: SignIn, engineer: User
) -> None:
    text = verdict(declines=1, grounding=2, references=0, relevance=3)
    stub_server.always(stub.reasons(text, "Let me think."))
    judge_run = made.judged(run(prompt_set(2)), stub_server.url)
    kept = Judgement.objects.values_list("provenance__reasoning", flat=True)
    assert set(kept) == {"Let me think."}
    page = signed_in(engineer).get(judge_run.get_absolute_url()).content.decode()
    assert "the server sent reasoning beside 2 answers" in page


def test_a_poll_of_a_finished_run_asks_for_the_whole_page(
    stub_server: Any, signed_in: SignIn, engineer: User
) -> None:
    judge_run = made.judged(run(prompt_set(1)), stub_server.url)
    part = signed_in(engineer).get(judge_run.get_absolute_url(), headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true"
    assert "<h1>" not in part.content.decode()


def test_a_judge_is_made_on_the_command_line() -> None:
    seed, out = made.judge(), StringIO()
    call_command("make_judge", "Three times", "--model", seed.asked.name, "--rubric", "psychosafe",
                 "--replicates", "3", "--one-by-one", stdout=out)  # fmt: skip
    judge = Judge.objects.get(name="Three times")
    assert (judge.replicates, judge.asks_one_by_one) == (3, True)
    with pytest.raises(CommandError, match=r"There is no rubric 'none'\. Known: psychosafe"):
        call_command("make_judge", "X", "--model", seed.asked.name, "--rubric", "none")
    with pytest.raises(CommandError, match="called 'Three times' already"):
        call_command(
            "make_judge", "Three times", "--model", seed.asked.name, "--rubric", "psychosafe"
        )
