"""What the worker does for this app. Messages carry ids only; a task may run twice without harm."""

from celery import shared_task  # it has no annotations
from django.utils import timezone

from generation.bell import answer
from training import actions, evaluating, fine_tuning
from training.actions.tasks import sweep_task_runs
from training.models import TaskRun, TrainingRun


@shared_task(name="training.tasks.train", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def train(run_id: str, bell: str) -> None:
    """One shift on a training run; the bell is rung for the next one while it trains."""
    if answer(TrainingRun, run_id, bell):
        fine_tuning.attend(run_id)


@shared_task(name="training.tasks.sweep_training", ignore_result=True)  # type: ignore[untyped-decorator]
def sweep_training() -> None:
    """Every 30 seconds: training runs whose attendant was lost wait again."""
    actions.sweep_training(at=timezone.now())


@shared_task(name="training.tasks.run_tasks", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def run_tasks(run_id: str, bell: str) -> None:
    """One shift on a task run."""
    if answer(TaskRun, run_id, bell):
        evaluating.attend(run_id)


@shared_task(name="training.tasks.sweep_task_runs", ignore_result=True)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Every 30 seconds: task runs whose attendant was lost wait again."""
    sweep_task_runs(at=timezone.now())
