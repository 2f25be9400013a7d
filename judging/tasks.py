"""What the worker does for judges, and the sweeper that returns what dead workers held."""

from celery import shared_task
from django.utils import timezone

from annotation.actions import leases
from generation import actions as generation_actions
from generation.bell import answer
from judging import actions, matching
from judging.models import JudgeRun, Matchup
from judging.shifts import shift_on


@shared_task(name="judging.tasks.judge", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no annotations
def judge(judge_run_id: str, bell: str) -> None:
    """One shift on a judge run; the bell is rung for the next one while rows wait."""
    if not answer(JudgeRun, judge_run_id, bell):
        return
    judge_run = JudgeRun.objects.select_related("judge__model__endpoint", "judge__rubric", "run")
    shift_on(judge_run.get(pk=judge_run_id)).run_and_ring()


@shared_task(name="judging.tasks.match", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no annotations
def match(matchup_id: str, bell: str) -> None:
    """One shift on a matchup; the bell is rung for the next one while rows wait."""
    if not answer(Matchup, matchup_id, bell):
        return
    matchup = Matchup.objects.select_related("judge__model__endpoint", "judge__rubric")
    matching.shift_on(matchup.get(pk=matchup_id)).run_and_ring()


@shared_task(name="judging.tasks.report", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no annotations
def report(report_id: str) -> None:
    """Compute a report, unless another worker has it."""
    actions.compute_report(report_id=report_id, at=timezone.now())


@shared_task(name="judging.tasks.sweep", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no annotations
def sweep() -> None:
    """Every 30 seconds: what lost workers held of runs, judging, reports and ratings goes back."""
    at = timezone.now()
    generation_actions.sweep(at=at)
    actions.sweep(at=at)
    actions.sweep_matchups(at=at)
    actions.sweep_reports(at=at)
    actions.sweep_approvals(at=at)
    leases.sweep(at=at)
