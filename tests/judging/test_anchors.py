"""Every judge run judges the anchors too; they show drift and count in no result."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from annotation.actions import raters, submission
from annotation.models import Rubric, Study
from generation.models import Run
from judging import actions, ratings
from judging.anchoring import standings
from judging.comparing import compare
from judging.drift import standing
from judging.models import Anchor, Judge, JudgeRun, Verdict
from judging.run_report import findings
from tests import stub_server as stub
from tests.annotation import made as rating
from tests.annotation.made import prompt_set, rubric, run
from tests.generation.made import AT
from tests.judging import made
from tests.people import person

SignIn = Callable[[User], Client]
DAY = datetime(2026, 3, 1, tzinfo=UTC)
needs_database = pytest.mark.django_db(transaction=True)


def anchor(of: Rubric | None = None, name: str = "One", **settled: int) -> Anchor:
    return actions.make_anchor(
        by=None,
        rubric=of or rubric(),
        name=name,
        messages=[{"role": "user", "content": "I am so angry."}],
        text=f"I hear you, {name}.",
        settled=settled or {"declines": 1, "grounding": 3, "references": 0, "relevance": 3},
    )


def says(value: int, yes: int = 1) -> stub.Behaviour:
    given_values = {"declines": yes, "grounding": value, "relevance": value, "references": yes}
    criteria = {k: {"evidence": "", "reasoning": "", "value": v} for k, v in given_values.items()}
    return stub.says(json.dumps({"criteria": criteria}))


def score(judge: Judge, over: Run) -> JudgeRun:
    judge_run = actions.start_judge_run(by=None, judge=judge, run=over, at=AT)
    made.shift(judge_run).run()
    return judge_run


def test_the_difference_is_over_anchors_that_both_sides_know() -> None:
    line = standing("R", {"a": 4, "b": 2, "c": 5}, settled={"a": 3, "b": 2}, span=4, before=[])
    assert (line.n, line.difference, line.absolute_difference) == (2, 0.5, 0.5)


def test_a_move_is_more_than_a_tenth_of_the_scale() -> None:
    before = [(DAY, {"a": 3.0, "b": 3.0}), (DAY, {"other": 1.0})]
    still = standing("R", {"a": 3.4, "b": 2.6}, settled={}, span=4, before=before)
    moved = standing("R", {"a": 3.5, "b": 2.5}, settled={}, span=4, before=before)
    assert (still.has_moved, moved.has_moved) == (False, True)
    (earlier,) = moved.earlier
    assert (earlier.n, earlier.mean_change, earlier.mean_absolute_change) == (2, 0, 0.5)
    assert still.difference is None


values = st.dictionaries(st.sampled_from("abcdef"), st.floats(1, 5), max_size=6)


@given(values, values, values)
def test_no_change_is_larger_than_the_scale(now: Any, settled: Any, earlier: Any) -> None:
    line = standing("R", now, settled=settled, span=4, before=[(DAY, earlier)])
    assert line.n == len(now.keys() & settled.keys())
    for each in line.earlier:
        assert abs(each.mean_change) <= each.mean_absolute_change + 1e-9 <= 4 + 1e-6


@needs_database
def test_every_run_of_the_rubric_judges_the_live_anchors(stub_server: Any) -> None:
    anchor(name="Live")
    retired = anchor(name="Retired")
    actions.retire_anchor(by=None, anchor=retired, at=AT)
    judge = made.judge(stub_server.url, replicates=2, asks_one_by_one=True)
    judge_run = score(judge, run(prompt_set(2)))
    met = judge_run.judgements.filter(anchor__isnull=False)
    assert set(met.values_list("anchor__name", flat=True)) == {"Live"}
    assert met.count() == 4 * 2
    assert Verdict.objects.on_anchors().count() == 4 * 2


@needs_database
def test_starting_again_adds_new_answers_and_new_anchors_alone(stub_server: Any) -> None:
    anchor(name="Old")
    judged = run(prompt_set(2))
    first = score(made.judge(stub_server.url), judged)
    assert first.judgements.count() == 3
    anchor(name="New")
    again = actions.start_judge_run(by=None, judge=first.judge, run=judged, at=AT)
    assert again.judgements.count() == 4


@needs_database
def test_anchors_appear_in_no_result(stub_server: Any, signed_in: SignIn, researcher: User) -> None:
    study = rating.study(2, k=1)
    a, b = (arm.run for arm in study.arms.order_by("position"))
    judge = made.judge(stub_server.url, rubric=study.rubric)
    anchor(study.rubric)
    for arm in (a, b):
        score(judge, arm)
    assert Verdict.objects.filter(judge=judge).per_answer().count() == 4 * 4
    answers = [None, *a.completions.values_list("pk", flat=True)]
    criterion = study.rubric.criteria.get(key="relevance")
    assert None not in ratings.judge_values(criterion, filter(None, answers), judge.pk)
    found = compare(a=a, b=b, rubric=study.rubric, judge=judge, draws=50)
    assert all(line.judge and line.judge.n_prompts <= 2 for line in found.lines)
    rows = signed_in(researcher).get("/api/v1/verdicts/", {"judge": judge.pk}).json()["results"]
    assert len(rows) == 4 * 4 and all(row["completion"] for row in rows)


@needs_database
def test_the_page_warns_when_the_judge_moved(
    stub_server: Any, signed_in: SignIn, engineer: User
) -> None:
    anchor()
    judge = made.judge(stub_server.url)
    stub_server.always(says(3))
    score(judge, run(prompt_set(1, slug="first")))
    stub_server.always(says(5))
    later = score(judge, run(prompt_set(1, slug="second"), name="model-b"))
    lines = {line.label: line for line in standings(later)}
    relevance = lines[judge.rubric.criteria.get(key="relevance").label]
    assert (relevance.n, relevance.difference) == (1, 2.0)
    assert relevance.earlier[0].mean_absolute_change == 2.0
    assert not lines[judge.rubric.criteria.get(key="declines").label].has_moved
    page = signed_in(engineer).get(later.get_absolute_url()).content.decode()
    assert "The judge moved by more than 10 % of the scale" in page
    first = JudgeRun.objects.exclude(pk=later.pk).get()
    page = signed_in(engineer).get(first.get_absolute_url()).content.decode()
    assert "The judge moved" not in page and "no earlier run" in page


@needs_database
def test_the_findings_cost_the_same_however_many_answers(
    stub_server: Any, django_assert_max_num_queries: Any
) -> None:
    judge = made.judge(stub_server.url)
    for n in (1, 6):
        anchor(name=f"Anchor {n}")
        judge_run = score(judge, run(prompt_set(n, slug=f"set-{n}"), name=f"model-{n}"))
        loaded = JudgeRun.objects.select_related(
            "judge__rubric", "run__model", "run__condition", "run__prompt_set"
        ).get(pk=judge_run.pk)
        with django_assert_max_num_queries(9):
            assert findings(loaded).n_answers == n


def settle(study: Study, n_raters: int = 2) -> None:
    """Raters who agree on everything but one criterion of the first answer they see."""
    for number in range(n_raters):
        rater = raters.of(person("rater"))
        for _ in range(study.n_items or 2):
            mine = rating.lease(study, rater)
            given_values = rating.ratings(study)
            first = mine.item.position == study.items.order_by("position").first().position  # type: ignore[union-attr]
            if number and first:
                given_values[0] = given_values[0] | {"value": 1}
            submission.submit(
                assignment=mine, rater=rater, token=mine.token, key=mine.pk,
                ratings=given_values, preference="A", at=rating.AT,
            )  # fmt: skip


@needs_database
def test_a_studys_agreed_answers_become_anchors_once() -> None:
    study = rating.study(2)
    settle(study)
    n = actions.take_settled(by=None, study=study)
    assert n == 3, "of four answers one has raters who differ"
    assert {len(each.settled) for each in Anchor.objects.all()} == {4}
    with pytest.raises(actions.NotPossible, match="No answer of"):
        actions.take_settled(by=None, study=study)


@needs_database
def test_what_one_rater_said_is_not_settled() -> None:
    study = rating.study(2, k=1)
    settle(study, n_raters=1)
    with pytest.raises(actions.NotPossible, match="two raters or more"):
        actions.take_settled(by=None, study=study)


@needs_database
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"settled": {}}, "at least one criterion"),
        ({"settled": {"declines": 2}}, "not on the scale from 0 to 1"),
        ({"settled": {"declines": True}}, "not on the scale"),
        ({"settled": {"kindness": 1}}, "no criterion of"),
        ({"text": ""}, "a name and an answer"),
        ({"messages": []}, "turn|written|conversation"),
    ],
)
def test_an_anchor_that_settles_nothing_is_refused(change: dict[str, Any], words: str) -> None:
    whole = {
        "name": "One",
        "messages": [{"role": "user", "content": "Hello."}],
        "text": "Hi.",
        "settled": {"declines": 1},
    }
    with pytest.raises(actions.NotPossible, match=words):
        actions.make_anchor(by=None, rubric=rubric(), **(whole | change))
    assert not Anchor.objects.exists()


@needs_database
def test_an_anchor_is_made_once() -> None:
    anchor()
    with pytest.raises(actions.NotPossible, match="called 'One' already"):
        anchor()


@needs_database
def test_the_shipped_anchors_say_that_they_were_made_for_the_sample() -> None:
    rubric()
    for expected in (8, 0):
        out = StringIO()
        call_command("load_anchors", stdout=out)
        assert f"{expected} anchors added" in out.getvalue()
    assert set(Anchor.objects.values_list("is_sample", flat=True)) == {True}


@needs_database
def test_a_file_is_loaded_whole_or_not_at_all(tmp_path: Path) -> None:
    rubric()
    path = tmp_path / "mine.toml"
    good = '[[anchors]]\nname="A"\nsaid="x"\nanswer="y"\nsettled={declines=1}\n'
    path.write_text(
        f'rubric="psychosafe"\n{good}{good.replace("=1", "=7")}'.replace('"A"', '"B"', 1)
    )
    with pytest.raises(CommandError, match=r"mine.toml, anchor 2: declines: 7 is not on the scale"):
        call_command("load_anchors", str(path))
    assert not Anchor.objects.exists()
    path.write_text('rubric="none"\n' + good)
    with pytest.raises(CommandError, match=r"no rubric 'none'\. Known: psychosafe"):
        call_command("load_anchors", str(path))


# Pages


@needs_database
def test_a_curator_writes_an_anchor_and_retires_it(signed_in: SignIn, curator: User) -> None:
    of, client = rubric(), signed_in(curator)
    form = {"name": "Mine", "said": "Hello.", "text": "Hi.", "value-declines": "1"}
    assert client.post(reverse("judging:new_anchor", args=[of.pk]), form).status_code == 302
    mine = Anchor.objects.get()
    assert (mine.settled, mine.is_sample) == ({"declines": 1}, False)
    assert b"Mine" in client.get(reverse("judging:anchors")).content
    client.post(reverse("judging:retire_anchor", args=[mine.pk]))
    mine.refresh_from_db()
    assert mine.retired_at
    page = client.post(reverse("judging:retire_anchor", args=[mine.pk]), follow=True)
    assert b"was retired before" in page.content


@needs_database
def test_a_curator_takes_a_studys_answers(signed_in: SignIn, curator: User) -> None:
    study = rating.study(2)
    settle(study)
    client = signed_in(curator)
    form = {"study": study.pk, "most": "2"}
    page = client.post(reverse("judging:take_settled"), form, follow=True)
    assert b"2 anchors were added" in page.content
    page = client.post(reverse("judging:take_settled"), {}, follow=True)
    assert b"Choose a study" in page.content


@needs_database
@pytest.mark.parametrize("name", ["anchors", "take_settled"])
def test_anchors_are_not_for_raters_or_strangers(signed_in: SignIn, rater: User, name: str) -> None:
    address = reverse(f"judging:{name}")
    method = "get" if name == "anchors" else "post"
    assert getattr(Client(), method)(address).status_code == 302
    assert getattr(signed_in(rater), method)(address).status_code == 403


@needs_database
def test_a_researcher_reads_anchors_and_changes_none(signed_in: SignIn, researcher: User) -> None:
    mine, client = anchor(), signed_in(researcher)
    assert client.get(reverse("judging:anchors")).status_code == 200
    for name, args in (("retire_anchor", [mine.pk]), ("new_anchor", [mine.rubric_id])):
        assert client.post(reverse(f"judging:{name}", args=args)).status_code == 403


@needs_database
def test_the_list_costs_the_same_however_many(
    signed_in: SignIn, curator: User, django_assert_num_queries: Any
) -> None:
    client = signed_in(curator)
    for n in range(2):
        for number in range(1 + 4 * n):
            anchor(name=f"{n}-{number}")
        with django_assert_num_queries(6):
            client.get(reverse("judging:anchors"))
