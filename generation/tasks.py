"""What the worker does for runs. Messages carry ids only; a task may run twice without harm."""

from celery import shared_task  # it has no annotations

from generation.answering import shift_on
from generation.bell import answer
from generation.models import Run


@shared_task(name="generation.tasks.generate", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def generate(run_id: str, bell: str) -> None:
    """One shift on a run; the bell is rung for the next one while rows wait."""
    if not answer(Run, run_id, bell):
        return
    run = Run.objects.select_related(
        "model__endpoint", "model__base__endpoint", "condition", "prompt_set"
    ).get(pk=run_id)
    if shift := shift_on(run):
        shift.run_and_ring()
