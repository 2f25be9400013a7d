"""What the worker does for imports, and for services that many responses name.

Messages carry ids only; a task may run twice without harm.
"""

from celery import shared_task  # it has no annotations
from django.utils import timezone

from corpus.actions import bringing, directory, uploads
from crisis.models import Resource


@shared_task(name="corpus.tasks.bring_in", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def bring_in(upload_id: str) -> None:
    """One file, if it still waits."""
    bringing.bring_in(upload_id)


@shared_task(name="corpus.tasks.follow", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def follow(resource_id: str) -> None:
    """Every response that names a service, or may, read anew."""
    directory.follow(Resource.objects.get(pk=resource_id), timezone.now(), at_once=None)


@shared_task(name="corpus.tasks.sweep", ignore_result=True)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Every 30 seconds: what dead workers held, bells that were lost, files that nobody needs."""
    uploads.sweep(at=timezone.now())
