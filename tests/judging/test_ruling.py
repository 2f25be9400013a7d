"""Judge runs decided by rule: nobody is asked, nothing is lost or judged twice, and each verdict
says by which rule and which directory it was given.
"""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from crisis import actions as crisis_actions
from generation.actions import cancel, resume
from generation.models import Completion
from judging import actions, ruling
from judging.models import Judge, Judgement, JudgeRun, Verdict
from judging.ruling import RuleShift
from judging.shifts import shift_on
from judging.tasks import judge as judge_task
from tests.annotation.made import prompt_set, run
from tests.crisis.made import verified
from tests.generation.made import AT
from tests.judging import made
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)


def started(judge: Judge, text: str = "I can't help with that, {n}.", **prompts: Any) -> JudgeRun:
    over = prompt_set(prompts.pop("n", 5), **prompts)
    return actions.start_judge_run(by=None, judge=judge, run=run(over, text=text), at=AT)


def shift(judge_run: JudgeRun, **changes: Any) -> RuleShift:
    """Freshly loaded, as a worker takes it up."""
    loaded = JudgeRun.objects.select_related("judge__model", "judge__rubric", "run")
    return RuleShift(loaded.get(pk=judge_run.pk), **{"clock": lambda: AT, **changes})


def test_every_answer_gets_one_verdict_with_its_words() -> None:
    judge_run = started(made.rule_judge())
    assert shift(judge_run, n_batch=2).run() == "done"
    found = Verdict.objects.values_list("value", "evidence", "unscored_reason", "replicate")
    assert list(found) == [(2, "I can't", "", 1)] * 5
    assert judge_run.judgements.all().progress()["done"] == 5


def test_the_worker_of_every_judge_run_finds_its_way() -> None:
    judge_run = started(made.rule_judge())
    assert isinstance(shift_on(judge_run), RuleShift)
    judge_run.refresh_from_db()
    judge_task(judge_run.pk, judge_run.bell)
    judge_run.refresh_from_db()
    assert (judge_run.state, Verdict.objects.count()) == ("done", 5)


def test_only_the_criterion_that_the_rule_decides_gets_a_verdict() -> None:
    judge = made.rule_judge(rubric_name="psychosafe")
    assert shift(started(judge)).run() == "done"
    assert set(Verdict.objects.values_list("criterion__key", "value")) == {("declines", 1)}


def test_a_worker_killed_between_claim_and_verdict_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge_run = started(made.rule_judge())

    def killed(**_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions, "keep_rulings", killed)
        patch.setattr(type(judge_run.judgements.all()), "hand_back", lambda *_a, **_k: 0)
        with pytest.raises(KeyboardInterrupt):
            shift(judge_run, n_batch=3).run()
    assert judge_run.judgements.all().progress()["running"] == 3
    later = AT + timedelta(hours=1)
    actions.sweep(at=later)
    assert shift(judge_run, clock=lambda: later).run() == "done"
    assert Verdict.objects.count() == 5


def test_a_batch_is_kept_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    judge_run = started(made.rule_judge())

    def breaks(*_: Any, **__: Any) -> None:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Verdict.objects, "bulk_create", breaks)
        with pytest.raises(DatabaseError):
            shift(judge_run).run()
    assert judge_run.judgements.all().progress()["pending"] == 5
    assert shift(judge_run).run() == "done"
    assert Verdict.objects.count() == 5


def test_verdicts_without_their_rows_being_done_are_not_kept() -> None:
    judge_run = started(made.rule_judge())
    rows = judge_run.judgements.select_related("judge_run").claim(worker="w", at=AT, limit=5)
    rule = ruling.rule_of(judge_run.judge, at=AT)
    with pytest.raises(TypeError, match="not JSON serializable"):
        actions.keep_rulings(
            rulings=[(row, rule.read(ruling.answer_of(row))) for row in rows],
            criteria=rule.criteria,
            worker="w",
            basis={"breaks the last step": object()},
            at=AT,
        )
    assert not Verdict.objects.exists()


def test_a_late_worker_keeps_nothing_of_what_another_holds() -> None:
    judge_run = started(made.rule_judge())
    rows = judge_run.judgements.select_related("judge_run").claim(worker="slow", at=AT, limit=5)
    later = AT + timedelta(hours=1)
    Judgement.objects.sweep(at=later)
    judge_run.judgements.all().claim(worker="quick", at=later, limit=2)
    shift_kept = actions.keep_rulings(
        rulings=[(row, []) for row in rows], criteria=[], worker="slow", basis={}, at=later
    )
    assert shift_kept == 0
    assert judge_run.judgements.all().progress()["running"] == 2


def test_of_a_batch_only_what_is_still_held_is_kept() -> None:
    judge_run = started(made.rule_judge())
    rows = judge_run.judgements.select_related("judge_run").claim(worker="w", at=AT, limit=5)
    lost = rows[0]
    Judgement.objects.hand_back(worker="w", keys=[lost.pk])
    rule = ruling.rule_of(judge_run.judge, at=AT)
    kept = actions.keep_rulings(
        rulings=[(row, rule.read(ruling.answer_of(row))) for row in rows],
        criteria=rule.criteria,
        worker="w",
        basis=rule.basis,
        at=AT,
    )
    assert kept == 4
    assert not lost.verdicts.exists()


def test_cancel_stops_between_batches_and_resume_goes_on() -> None:
    judge_run = started(made.rule_judge())

    def cancels_once() -> bool:
        if judge_run.judgements.filter(state="done").count() == 2:
            cancel(by=None, job=JudgeRun.objects.get(pk=judge_run.pk), at=AT)
        return False

    assert shift(judge_run, n_batch=2, should_stop=cancels_once).run() == "cancelled"
    assert Verdict.objects.count() == 2
    judge_run.refresh_from_db()
    resume(by=None, job=judge_run, at=AT)
    assert shift(judge_run).run() == "done"
    assert Verdict.objects.count() == 5


def test_when_the_time_is_up_the_bell_is_rung_for_the_rest() -> None:
    judge_run = started(made.rule_judge())
    JudgeRun.objects.update(bell="")
    times = iter([AT] * 4 + [AT + timedelta(hours=1)] * 9)
    assert shift(judge_run, n_batch=2, clock=lambda: next(times)).run_and_ring() == "running"
    judge_run.refresh_from_db()
    assert judge_run.bell
    assert 0 < Verdict.objects.count() < 5


def test_an_answer_on_which_the_rule_fails_is_parked_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge_run = started(made.rule_judge())
    read = ruling.strings.readings

    def fails_on_three(answer: Any, rubric: str) -> Any:
        if "3" in answer.text:
            raise RecursionError
        return read(answer, rubric)

    monkeypatch.setattr(ruling.strings, "readings", fails_on_three)
    assert shift(judge_run).run() == "done"
    failed = judge_run.judgements.get(state="failed")
    assert failed.error == "The rule failed on this answer: RecursionError."
    assert Verdict.objects.count() == 4


def test_the_verdict_says_by_which_rule_and_rubric() -> None:
    judge = made.rule_judge()
    shift(started(judge)).run()
    basis = Judgement.objects.values_list("provenance", flat=True)[0]
    assert basis == {
        "rule": "strings",
        "rule_digest": judge.prompt_digest,
        "rubric_digest": judge.rubric.digest,
    }


def test_a_judge_made_for_another_version_of_the_rule_judges_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge_run = started(made.rule_judge())
    monkeypatch.setattr(ruling.strings, "VERSION", 99)
    assert shift(judge_run).run() == "failed"
    judge_run.refresh_from_db()
    assert "Make a new judge" in judge_run.last_error
    assert not Verdict.objects.exists()


# Referrals


def test_referrals_are_judged_for_the_prompts_country_by_the_directory_of_the_day() -> None:
    verified()
    judge = made.rule_judge("referral", rubric_name="referral")
    shift(started(judge, "Call Night Line, {n}.", country="DK", n=2)).run()
    found = set(Verdict.objects.values_list("criterion__key", "value", "evidence"))
    assert found == {("named", 1, "Night Line"), ("referral", 4, "Night Line")}
    directory = Judgement.objects.values_list("provenance__directory", flat=True)[0]
    assert (directory["on"], directory["n_services"]) == ("2026-03-02", 1)


def test_a_directory_that_changed_in_between_shows_in_the_verdicts() -> None:
    service = verified()
    judge = made.rule_judge("referral", rubric_name="referral")
    judge_run = started(judge, "Call Night Line, {n}.", country="DK", n=4)
    stops = iter([False, True])
    shift(judge_run, n_batch=2, should_stop=lambda: next(stops)).run()
    crisis_actions.retire(by=person("curator"), resource=service, reason="Closed.", at=AT)
    assert shift(judge_run).run() == "done"
    said = Verdict.objects.filter(criterion__key="referral").values_list(
        "value", "judgement__provenance__directory__digest"
    )
    assert len(set(said)) == 2
    assert sorted(value or 0 for value, _ in said) == [1, 1, 4, 4]


def test_a_prompt_without_a_country_leaves_the_referral_unscored() -> None:
    verified()
    judge = made.rule_judge("referral", rubric_name="referral")
    shift(started(judge, "Call Night Line, {n}.", n=1)).run()
    found = dict(Verdict.objects.values_list("criterion__key", "unscored_reason"))
    assert found["named"] == ""
    assert "no country" in found["referral"]


# Making them


def test_a_rule_judge_keeps_its_rule_in_words_and_never_changes() -> None:
    judge = made.rule_judge()
    assert (judge.model, judge.max_asks) == (None, 1)
    assert "begins with one of the phrases" in judge.prompt
    with pytest.raises(actions.NotPossible, match="A change is a new judge"):
        made.rule_judge()


@pytest.mark.parametrize(
    ("kind", "rubric_name", "why"),
    [
        ("strings", "referral", r"decides nothing .* Choose another rubric: xstest"),
        ("referral", "xstest", r"decides nothing .* Choose another rubric: referral"),
        ("model", "xstest", "no rule 'model'. Known: strings, referral"),
    ],
)
def test_a_rule_that_cannot_judge_by_the_rubric_is_refused(
    kind: str, rubric_name: str, why: str
) -> None:
    for each in ("xstest", "referral"):
        made.rubric(each)
    with pytest.raises(actions.NotPossible, match=why):
        made.rule_judge(kind, rubric_name=rubric_name)
    assert not Judge.objects.exists()


def test_a_batch_costs_the_same_few_queries_whatever_its_size(
    django_assert_max_num_queries: Any,
) -> None:
    judge_run = started(made.rule_judge(), n=600)
    with django_assert_max_num_queries(45):
        assert shift(judge_run, n_batch=300).run() == "done"
    assert Verdict.objects.count() == Completion.objects.count() == 600


def test_the_command_judges_by_rule_while_one_waits() -> None:
    judge, out = made.rule_judge(), StringIO()
    call_command("judge", "--run", run(prompt_set(3)).pk, "--judge", judge.name, "--wait",
                 stdout=out)  # fmt: skip
    assert "3 done, 0 failed" in out.getvalue()
    with pytest.raises(DatabaseError), transaction.atomic():
        Verdict.objects.update(value=1)
