"""Two runs side by side: every pair in both orders, once each, whatever is killed."""

import json
import random
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from generation import actions as generation_actions
from generation.models import Completion
from generation.work import _Shift
from judging import actions, tasks
from judging.matchup_report import findings
from judging.models import Duel, Matchup
from tests import stub_server as stub
from tests.annotation.made import prompt_set, run
from tests.generation.made import AT
from tests.judging import made

pytestmark = pytest.mark.django_db(transaction=True)


def says(choice: str, reasoning: str = "It stays with them.") -> stub.Behaviour:
    return stub.says(json.dumps({"reasoning": reasoning, "choice": choice}))


def texts(body: dict[str, Any]) -> tuple[str, str]:
    """The first and the second answer of a question, as the judge read them."""
    user = body["messages"][1]["content"]
    first = user.split(" first answer begins\n")[1].split("\n")[0]
    return first, user.split(" second answer begins\n")[1].split("\n")[0]


def test_every_pair_is_asked_once_in_each_order(stub_server: Any) -> None:
    made.matched(stub_server.url, n=3)
    orders = [texts(body) for body in stub_server.requests]
    assert len(orders) == len(set(orders)) == 6
    assert {order[::-1] for order in orders} == set(orders)
    assert {str(sorted(order)) for order in orders} == {
        str(sorted([f"Ask somebody, {n}.", f"I hear you, {n}."])) for n in (1, 2, 3)
    }


def test_a_choice_is_kept_in_terms_of_the_runs(stub_server: Any) -> None:
    stub_server.always(says("first"))
    matchup = made.matched(stub_server.url, n=3)
    chosen = set(matchup.duels.values_list("is_swapped", "choice"))
    assert chosen == {(False, "A"), (True, "B")}
    found = findings(matchup)
    assert (found.whole.n_pairs, found.whole.inconsistent) == (3, 3)
    assert found.position.leans == "first"


def test_a_run_wins_where_it_is_chosen_in_both_orders(
    stub_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prefers_b(body: dict[str, Any]) -> str:
        which = "first" if texts(body)[0].startswith("I hear you") else "second"
        return json.dumps({"reasoning": "", "choice": which})

    monkeypatch.setattr(stub, "reply", prefers_b)
    found = findings(made.matched(stub_server.url, n=7))
    assert (found.whole.b, found.whole.a, found.whole.preferred) == (7, 0, "B")
    assert found.position.consistency.value == 1.0
    assert found.headline == "The judge prefers B."


def test_a_question_names_the_rubric_s_words_and_the_judge_s_settings(stub_server: Any) -> None:
    made.matched(stub_server.url, n=1, temperature=0.5, max_tokens=700)
    body = stub_server.requests[0]
    assert "Criterion `grounding`" in body["messages"][0]["content"]
    schema = body["response_format"]["json_schema"]["schema"]
    assert list(schema["properties"]) == ["reasoning", "choice"]
    assert (body["temperature"], body["max_tokens"]) == (0.5, 700)
    assert body["chat_template_kwargs"] == {"enable_thinking": False}
    kept = Duel.objects.all()[0].provenance
    assert {"prompt_digest", "rubric_digest", "digest_a", "digest_b", "seed"} <= set(kept)


def test_an_unreadable_answer_is_asked_again_twice_and_then_left_unscored(
    stub_server: Any,
) -> None:
    stub_server.always(stub.says("The first one, I think."))
    matchup = made.matched(stub_server.url, n=1)
    assert len(stub_server.requests) == 6
    assert len({body["seed"] for body in stub_server.requests}) == 3
    for duel in matchup.duels.all():
        assert (duel.choice, duel.n_asks, duel.state) == ("", 3, "done")
        assert "holds no verdict" in duel.unscored_reason
    found = findings(matchup)
    assert (found.whole.unscored, found.whole.preferred) == (1, None)
    assert found.reasons[0][1] == 2


def test_a_choice_off_the_menu_is_asked_for_again(stub_server: Any) -> None:
    stub_server.script(says("A"))
    stub_server.always(says("equal"))
    matchup = made.matched(stub_server.url, n=1)
    assert len(stub_server.requests) == 3
    assert set(matchup.duels.values_list("choice", flat=True)) == {"equal"}


def test_replicates_are_rows_of_their_own_with_their_own_seeds(stub_server: Any) -> None:
    matchup = made.matched(stub_server.url, n=2, replicates=3)
    assert matchup.duels.count() == 2 * 2 * 3
    assert len({body["seed"] for body in stub_server.requests}) == 3
    assert findings(matchup).whole.n_pairs == 2


def test_the_same_text_on_both_sides_is_equal_and_nobody_is_asked(stub_server: Any) -> None:
    over = prompt_set(2)
    runs = [run(over, "model-a", "I hear you."), run(over, "model-b", "I hear you.")]
    matchup = made.matched(stub_server.url, runs=runs)
    assert stub_server.requests == []
    assert set(matchup.duels.values_list("choice", "reasoning")) == {
        ("equal", actions.matchups.SAME)
    }
    found = findings(matchup)
    assert (found.whole.equal, found.whole.n_same_text) == (2, 2)
    assert found.position.n_compared == 0


def test_prompts_without_an_answer_on_both_sides_are_left_out(stub_server: Any) -> None:
    over = prompt_set(3)
    runs = [run(over, "model-a", "Ask somebody, {n}."), run(over, "model-b")]
    last = runs[0].completions.order_by("pk").last()
    Completion.objects.filter(pk=last.pk).delete()
    assert made.matched(stub_server.url, runs=runs).duels.count() == 4


def test_starting_again_adds_only_what_is_new(stub_server: Any) -> None:
    over = prompt_set(3)
    runs = [run(over, "model-a", "Ask somebody, {n}."), run(over, "model-b")]
    late = runs[1].completions.order_by("pk").last()
    late.delete()
    first = made.matched(stub_server.url, runs=runs)
    again = actions.start_matchup(by=None, judge=first.judge, run_a=runs[0], run_b=runs[1], at=AT)
    assert (again.pk, again.state, again.duels.count()) == (first.pk, "done", 4)
    late = Completion(
        run=runs[1], prompt=late.prompt, state="done", text="New.", digest="d", completed_at=AT
    )
    late.save(force_insert=True)
    again = actions.start_matchup(by=None, judge=first.judge, run_a=runs[0], run_b=runs[1], at=AT)
    assert (again.state, again.duels.count(), again.duels.all().waiting().count()) == (
        *("pending", 6),
        2,
    )


def test_what_cannot_be_compared_is_refused_in_words(stub_server: Any) -> None:
    over = prompt_set(1)
    a, b = run(over, "model-a", "One."), run(over, "model-b", "Two.")
    other = run(prompt_set(1, slug="other"), "model-c")
    pairs = made.judge(stub_server.url, name="Pairs", compares=True)
    scores = made.judge(stub_server.url, name="Scores")
    for judge, two, words in (
        (scores, (a, b), "scores one answer at a time"),
        (pairs, (a, a), "the same run"),
        (pairs, (a, other), "different prompt sets"),
    ):
        with pytest.raises(actions.NotPossible, match=words):
            actions.start_matchup(by=None, judge=judge, run_a=two[0], run_b=two[1], at=AT)
    actions.start_matchup(by=None, judge=pairs, run_a=a, run_b=b, at=AT)
    with pytest.raises(actions.NotPossible, match="the other way round"):
        actions.start_matchup(by=None, judge=pairs, run_a=b, run_b=a, at=AT)
    with pytest.raises(actions.NotPossible, match="compares answers of two runs"):
        actions.start_judge_run(by=None, judge=pairs, run=a, at=AT)
    with pytest.raises(actions.NotPossible, match="one choice for all criteria together"):
        made.judge(name="Odd", compares=True, asks_one_by_one=True)


def test_runs_without_a_common_answer_are_refused() -> None:
    over = prompt_set(1)
    a, b = run(over, "model-a"), run(over, "model-b")
    b.completions.all().delete()
    with pytest.raises(actions.NotPossible, match="nothing to compare"):
        made.matchup(runs=[a, b])
    assert not Matchup.objects.exists()


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it runs."""


def test_kills_at_random_moments_leave_every_order_chosen_once(
    stub_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAX_ATTEMPTS = 10_000
    rng, n_killed = random.Random(20261121), 0
    matchup = made.matchup(stub_server.url, n=20)
    rows = set(matchup.duels.values_list("pk", flat=True))
    written: dict[str, Any] = {}
    with monkeypatch.context() as dying:
        dying.setattr(_Shift, "_hand_back", lambda self: None)
        while n_killed < 15:
            left = rng.choice([0, 1, 2])

            def die_midway() -> None:
                nonlocal left
                if left == 0:
                    raise Killed
                left -= 1

            try:
                made.match_shift(matchup, on_row=die_midway).run()
            except (Killed, BaseExceptionGroup):
                n_killed += 1
            done = Duel.objects.filter(state="done")
            now = dict(done.values_list("pk", "choice"))
            assert written.items() <= now.items()
            written = now
            actions.sweep_matchups(at=AT + timedelta(days=400 + n_killed))
    assert made.match_shift(matchup).run() == "done"
    assert set(Duel.objects.values_list("pk", flat=True)) == rows
    assert set(Duel.objects.values_list("state", flat=True)) == {"done"}


def test_a_cancelled_matchup_keeps_its_choices_and_is_resumed(stub_server: Any) -> None:
    matchup = made.matchup(stub_server.url, n=12)

    def cancel() -> None:
        if not Matchup.objects.filter(cancel_requested_at__isnull=False).exists():
            generation_actions.cancel(by=None, job=matchup, at=AT)

    stub_server.always(stub.slow(0.1))
    assert made.match_shift(matchup, on_row=cancel).run() == "cancelled"
    kept = set(matchup.duels.filter(state="done").values_list("pk", flat=True))
    assert kept
    matchup.refresh_from_db()
    generation_actions.resume(by=None, job=matchup, at=AT)
    assert made.match_shift(matchup).run() == "done"
    assert set(matchup.duels.values_list("state", flat=True)) == {"done"}


def test_the_worker_answers_the_matchup_s_bell(
    stub_server: Any, bells: list[tuple[str, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    matchup = made.matchup(stub_server.url, n=2)
    [(task, pk, bell)] = bells
    assert (task, pk) == ("judging.tasks.match", matchup.pk)
    tasks.match(pk, "another bell")
    assert stub_server.requests == []
    tasks.match(pk, bell)
    matchup.refresh_from_db()
    assert matchup.state == "done"
    tasks.match(pk, bell)
    assert len(stub_server.requests) == 4


def test_the_sweeper_rings_for_a_matchup_that_nobody_works_on(bells: list[Any]) -> None:
    made.matchup()
    bells.clear()
    assert actions.sweep_matchups(at=AT + timedelta(hours=1)) == (0, 1)
    assert [task for task, *_ in bells] == ["judging.tasks.match"]


def test_a_made_choice_is_never_changed(stub_server: Any) -> None:
    made.matched(stub_server.url, n=1)
    for change in ({"choice": "A"}, {"is_swapped": True}, {"reasoning": "x"}, {"state": "failed"}):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Duel.objects.update(**change)


def test_two_runs_are_compared_on_the_command_line(stub_server: Any) -> None:
    over = prompt_set(2)
    a, b = run(over, "model-a", "One, {n}."), run(over, "model-b", "Two, {n}.")
    made.judge(stub_server.url, name="Pairs", compares=True)
    made.judge(stub_server.url, name="Scores")
    stub_server.always(says("both_unacceptable"))
    out = StringIO()
    call_command("match", "--a", a.pk, "--b", b.pk, "--judge", "Pairs", "--wait", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["all"]["both_unacceptable"], found["all"]["superiority"]["value"]) == (2, 0.5)
    with pytest.raises(CommandError, match=r"no judge that compares called 'Scores'.*Pairs"):
        call_command("match", "--a", a.pk, "--b", b.pk, "--judge", "Scores")
    with pytest.raises(CommandError, match="There is no run 'x'"):
        call_command("match", "--a", "x", "--b", b.pk, "--judge", "Pairs")
    with pytest.raises(CommandError, match="the same run"):
        call_command("match", "--a", a.pk, "--b", a.pk, "--judge", "Pairs")
    out = StringIO()
    call_command("match", "--a", a.pk, "--b", b.pk, "--judge", "Pairs", stdout=out)
    assert "waits for a worker" in out.getvalue()
