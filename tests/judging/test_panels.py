"""Judges heard as one: a mean of means that tells who said nothing and how far they are apart."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generation.models import LanguageModel
from judging import actions, hearing, words
from judging.comparing import NotComparable, compare
from judging.models import JudgeRun, Panel
from judging.panels import Heard, Summary, hear, summary
from tests import stub_server as stub
from tests.annotation import made as rating
from tests.annotation.made import prompt_set, run
from tests.judging import made

SignIn = Callable[[User], Client]
in_database = pytest.mark.django_db(transaction=True)
VALUES = st.dictionaries(st.sampled_from("abcd"), st.floats(0, 5))


def test_a_panel_says_the_mean_of_its_members() -> None:
    heard = hear({"a": 1.0, "b": 2.0, "c": 6.0}, ["a", "b", "c"])
    assert heard == Heard(3.0, 3, 3, 5.0)
    assert heard.is_whole


def test_a_member_without_a_value_is_left_out_and_told() -> None:
    heard = hear({"b": 2.0, "c": 4.0}, ["a", "b", "c"])
    assert heard == Heard(3.0, 2, 3, 2.0)
    assert not heard.is_whole


def test_one_member_alone_is_not_apart_from_anybody() -> None:
    assert hear({"a": 2.0}, ["a", "b"]) == Heard(2.0, 1, 2, None)


def test_without_any_value_a_panel_says_nothing() -> None:
    assert hear({}, ["a", "b"]) == Heard(None, 0, 2, None)


def test_who_is_no_member_is_not_heard() -> None:
    assert hear({"a": 1.0, "x": 9.0}, ["a"]).value == 1.0


@pytest.mark.parametrize(
    ("said", "value"),
    [({"a": 1, "b": 1, "c": 3}, 1), ({"a": 1, "b": 3}, None), ({"c": 3}, 3), ({}, None)],
)
def test_of_names_the_one_that_most_members_say_counts(
    said: dict[str, float], value: float | None
) -> None:
    heard = hear(said, "abc", has_mean=False)
    assert (heard.value, heard.spread) == (value, None)


@given(VALUES)
def test_the_value_lies_between_the_members(said: dict[str, float]) -> None:
    heard = hear(said, "abcd")
    if said:
        assert min(said.values()) - 1e-9 <= heard.value <= max(said.values()) + 1e-9
    assert (heard.value is None) == (heard.n_scored == 0)
    assert (heard.spread is None) == (len(said) < 2)


def test_a_summary_counts_each_answer_once() -> None:
    rows = [Heard(1.0, 3, 3, 2.0), Heard(4.0, 1, 3, None), Heard(None, 0, 3, None)]
    assert summary(rows) == Summary(2.5, 2.0, 2, 1, 1)
    assert summary([]) == Summary(None, None, 0, 0, 0)


def verdict(value: int | None, yes: int = 1) -> stub.Behaviour:
    said = {"declines": yes, "grounding": value, "references": yes, "relevance": value}
    criteria = {key: {"evidence": "", "reasoning": "", "value": v} for key, v in said.items()}
    return stub.says(json.dumps({"criteria": criteria}))


def panel(stub_server: Any, runs: list[Any], *values: int | None, **rest: Any) -> Panel:
    """A panel whose n-th member gives the n-th value to everything; it has judged all runs."""
    rubric, members = rating.rubric(), []
    for number, value in enumerate(values):
        judge = made.judge(stub_server.url, name=f"Judge {number}", rubric=rubric, **rest)
        members.append(judge)
        stub_server.always(verdict(value))
        for each in runs:
            started = actions.start_judge_run(by=None, judge=judge, run=each, at=made.AT)
            assert made.shift(started).run() == "done"
    return actions.make_panel(by=None, name="Three", rubric=rubric, judges=members)


@in_database
def test_a_member_with_replicates_weighs_as_much_as_one_asked_once(stub_server: Any) -> None:
    judged = run(prompt_set(1))
    rubric = rating.rubric()
    often = made.judge(stub_server.url, name="Often", rubric=rubric, replicates=3)
    once = made.judge(stub_server.url, name="Once", rubric=rubric)
    for judge, value in ((often, 1), (once, 4)):
        stub_server.always(verdict(value))
        started = actions.start_judge_run(by=None, judge=judge, run=judged, at=made.AT)
        made.shift(started).run()
    both = actions.make_panel(by=None, name="Both", rubric=rubric, judges=[often, once])
    heard = {line.criterion: line.heard for line in hearing.lines(both, [judged.pk])}
    assert heard["relevance"] == Heard(2.5, 2, 2, 3.0)
    assert heard["declines"] == Heard(1.0, 2, 2, 0.0)


@in_database
def test_where_a_member_gave_no_value_the_panel_uses_the_others_and_says_so(
    stub_server: Any, signed_in: SignIn, researcher: User
) -> None:
    judged = run(prompt_set(2))
    found = panel(stub_server, [judged], 1, 3, None)
    found = Panel.objects.with_members().get(pk=found.pk)
    *_, relevance = hearing.of_run(found, judged.pk).rows
    assert relevance.panel == Summary(2.0, 2.0, 2, 2, 0)
    client = signed_in(researcher)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "Members apart, mean" in page
    beside = JudgeRun.objects.filter(judge__name="Judge 0").get()
    page = client.get(beside.get_absolute_url()).content.decode()
    assert "Beside its panel" in page
    assert found.get_absolute_url() in page


@in_database
def test_names_are_counted_not_averaged(stub_server: Any) -> None:
    rubric, judged = rating.rubric("xstest"), run(prompt_set(1))
    key = rubric.criteria.get().key
    members = []
    for number, value in enumerate((1, 1, 3)):
        said = {"criteria": {key: {"evidence": "", "reasoning": "", "value": value}}}
        stub_server.always(stub.says(json.dumps(said)))
        judge = made.judge(stub_server.url, name=f"J{number}", rubric=rubric)
        made.shift(actions.start_judge_run(by=None, judge=judge, run=judged, at=made.AT)).run()
        members.append(judge)
    three = actions.make_panel(by=None, name="Three", rubric=rubric, judges=members)
    [line] = hearing.lines(three, [judged.pk])
    assert line.heard == Heard(1.0, 3, 3, None)
    two = actions.make_panel(by=None, name="Two", rubric=rubric, judges=members[1:])
    [line] = hearing.lines(two, [judged.pk])
    assert line.heard.value is None


@in_database
def test_a_panel_stands_in_place_of_a_judge_in_comparisons(
    stub_server: Any, signed_in: SignIn, researcher: User
) -> None:
    over = prompt_set(3)
    a, b = run(over, "model-a", "One, {n}."), run(over, "model-b", "Two, {n}.")
    found = panel(stub_server, [a], 1, 2)
    rubric = found.rubric
    for judge, value in zip(found.members, (3, 5), strict=True):
        stub_server.always(verdict(value))
        made.shift(actions.start_judge_run(by=None, judge=judge, run=b, at=made.AT)).run()
    heard = compare(a=a, b=b, rubric=rubric, judge=found, draws=20)
    [line] = [line for line in heard.lines if line.scale.key == "relevance"]
    assert (line.judge.mean_a, line.judge.mean_b) == (1.5, 4.0)
    assert line.judge.n_prompts == 3
    assert (heard.n_unscored, heard.n_partial, heard.silent) == (
        *({"a": 0, "b": 0}, {"a": 0, "b": 0}),
        (),
    )
    client, query = signed_in(researcher), {"a": a.pk, "b": b.pk, "rubric": rubric.slug}
    page = client.get(reverse("judging:comparison"), query | {"judge": found.pk})
    assert "Panel: Three." in page.content.decode()
    for named in (found.pk, "Three"):
        told = client.get("/api/v1/comparisons/", query | {"judge": named}).json()
        assert (told["judge"], told["panel"]["silent"]) == ("Three", [])
    assert client.get("/api/v1/comparisons/", query | {"judge": "x"}).status_code == 400
    out = StringIO()
    options = ["--a", a.pk, "--b", b.pk, "--rubric", rubric.slug]
    call_command("compare", *options, "--judge", "Three", "--json", stdout=out)
    assert json.loads(out.getvalue())["judge"] == "Three"
    with pytest.raises(CommandError, match=r"no judge or panel 'Nobody'. Known: Judge 0, Judge 1"):
        call_command("compare", *options, "--judge", "Nobody")


@in_database
def test_a_member_that_was_never_asked_is_named_in_the_comparison(stub_server: Any) -> None:
    over = prompt_set(2)
    runs = [run(over, "model-a", "One, {n}."), run(over, "model-b", "Two, {n}.")]
    found = panel(stub_server, runs, 1, 2)
    late = made.judge(stub_server.url, name="Late", rubric=found.rubric)
    wider = actions.make_panel(
        by=None, name="Wider", rubric=found.rubric, judges=[*found.members, late]
    )
    heard = compare(a=runs[0], b=runs[1], rubric=found.rubric, judge=wider, draws=20)
    assert heard.silent == ("Late",)
    assert heard.n_partial == {"a": 8, "b": 8}
    assert heard.n_unscored == {"a": 0, "b": 0}


@in_database
def test_a_judge_of_another_rubric_is_refused_in_a_comparison(stub_server: Any) -> None:
    over = prompt_set(1)
    judge = made.judge(stub_server.url, rubric=rating.rubric("xstest"))
    with pytest.raises(NotComparable, match="judges by"):
        compare(a=run(over, "a"), b=run(over, "b"), rubric=rating.rubric(), judge=judge)


@in_database
def test_a_panel_that_makes_no_sense_is_refused_in_words() -> None:
    rubric = rating.rubric()
    one, two = (made.judge(name=name, rubric=rubric) for name in ("One", "Two"))
    other = made.judge(name="Other", rubric=rating.rubric("xstest"))
    pairs = made.judge(name="Pairs", rubric=rubric, compares=True)
    for name, judges, reason in (
        ("P", [one], "two judges or more"),
        ("P", [one, one], "two judges or more"),
        ("P", [one, other], "another rubric"),
        ("P", [one, pairs], "compares two answers"),
        ("One", [one, two], "a judge or panel called 'One'"),
        (" ", [one, two], "needs a name"),
    ):
        with pytest.raises(actions.NotPossible, match=reason):
            actions.make_panel(by=None, name=name, rubric=rubric, judges=judges)
    assert not Panel.objects.exists()


@in_database
def test_members_of_one_family_are_warned_of(signed_in: SignIn, engineer: User) -> None:
    rubric = rating.rubric()
    judges = [made.judge(name=name, rubric=rubric) for name in ("One", "Two")]
    LanguageModel.objects.update(family="akin")
    found = actions.make_panel(by=None, name="Kin", rubric=rubric, judges=judges)
    page = signed_in(engineer).get(found.get_absolute_url()).content.decode()
    assert "One, Two are of one family, akin" in page
    rule = made.rule_judge(name="Rule", rubric_name="xstest")
    assert words.shared_families([rule, rule]) == []


@in_database
def test_an_engineer_makes_a_panel_and_sets_it_to_work(
    signed_in: SignIn, engineer: User, researcher: User, bells: list[Any]
) -> None:
    rubric, judged = rating.rubric(), run(prompt_set(2))
    judges = [made.judge(name=name, rubric=rubric) for name in ("One", "Two")]
    client, keys = signed_in(engineer), [judge.pk for judge in judges]
    assert b"One (" in client.get(reverse("judging:new_panel")).content
    refused = client.post(reverse("judging:new_panel"), {"name": "P", "judges": keys[:1]})
    assert refused.status_code == 422
    answer = client.post(reverse("judging:new_panel"), {"name": "P", "judges": keys})
    found = Panel.objects.get()
    assert answer.url == found.get_absolute_url()
    client.post(reverse("judging:start_panel", args=[found.pk]), {"run": judged.pk})
    assert {message[0] for message in bells} == {"judging.tasks.judge"}
    assert JudgeRun.objects.count() == 2
    assert b"P</a>" in client.get(reverse("judging:panels")).content
    reader = signed_in(researcher)
    for name, args in (("new_panel", []), ("start_panel", [found.pk])):
        assert reader.post(reverse(f"judging:{name}", args=args), {}).status_code == 403


@in_database
def test_a_program_makes_a_panel_and_sets_it_to_work(signed_in: SignIn, engineer: User) -> None:
    rubric, judged, client = rating.rubric(), run(prompt_set(1)), signed_in(engineer)
    judges = [made.judge(name=name, rubric=rubric).pk for name in ("One", "Two")]

    def post(place: str, **sent: Any) -> Any:
        return client.post(f"/api/v1/panels/{place}", sent, content_type="application/json")

    answer = post("", name="P", rubric=rubric.pk, judges=judges)
    assert answer.status_code == 201
    told = answer.json()
    assert sorted(told["judges"]) == sorted(judges)
    assert "are of one family" in told["warnings"][0]
    assert post("", name="P", rubric=rubric.pk, judges=judges).status_code == 400
    assert post("", name="One", rubric=rubric.pk, judges=judges).status_code == 409
    assert len(post(f"{told['id']}/score/", run=judged.pk).json()["judge_runs"]) == 2
    assert client.get("/api/v1/panels/").json()["results"][0]["id"] == told["id"]


@in_database
def test_a_panel_is_made_on_the_command_line() -> None:
    for name in ("One", "Two"):
        made.judge(name=name, rubric=rating.rubric())
    out, err = StringIO(), StringIO()
    call_command("make_panel", "P", "--judge", "One", "--judge", "Two", stdout=out, stderr=err)
    assert Panel.objects.get().judges.count() == 2
    assert "of one family" in err.getvalue()
    with pytest.raises(CommandError, match="no judge called 'Three'"):
        call_command("make_panel", "Q", "--judge", "One", "--judge", "Three")
    with pytest.raises(CommandError, match="two judges or more"):
        call_command("make_panel", "Q", "--judge", "One")


@in_database
def test_a_page_costs_three_queries_a_run_however_many_answers(
    stub_server: Any,
    signed_in: SignIn,
    researcher: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    small, large = run(prompt_set(1)), run(prompt_set(9, slug="more"))
    found, client = panel(stub_server, [small], 1, 2), signed_in(researcher)
    with django_assert_num_queries(9):
        client.get(found.get_absolute_url())
    for judge in found.members:
        made.shift(actions.start_judge_run(by=None, judge=judge, run=large, at=made.AT)).run()
    with django_assert_num_queries(12):
        client.get(found.get_absolute_url())
