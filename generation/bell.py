"""The bell tells workers that a job waits. A message that is lost or comes twice does no harm.

Each message carries the job's id and the id of the bell; the first worker to answer it takes the
job, and every copy of the same message finds it answered.
"""

import logging
from datetime import datetime
from functools import partial

from celery import current_app
from django.db import transaction

from gate.identity import new_id
from generation.queue import Job

log = logging.getLogger(__name__)


def ring(job: Job, *, at: datetime) -> None:
    """Wake a worker once the current transaction is committed. A bell not answered rings again."""
    jobs = type(job)._default_manager.filter(pk=job.pk)
    jobs.filter(bell="").update(bell=new_id())
    jobs.update(rung_at=at)
    bell = jobs.values_list("bell", flat=True).get()
    # Robust: the work is safe in its table, and the sweeper rings again.
    transaction.on_commit(partial(_send, job.task, job.pk, bell), robust=True)


def invite(job: Job, *, at: datetime) -> None:
    """Wake one more worker, unless a bell of the job is on its way to one already."""
    bell = new_id()
    silent = type(job)._default_manager.filter(pk=job.pk, bell="")
    if silent.update(bell=bell, rung_at=at):
        transaction.on_commit(partial(_send, job.task, job.pk, bell), robust=True)


def answer(kind: type[Job], pk: str, bell: str) -> bool:
    """True for the first who answers this bell."""
    return bool(bell) and kind._default_manager.filter(pk=pk, bell=bell).update(bell="") == 1


def _send(task: str, pk: str, bell: str) -> None:
    current_app.send_task(task, args=[pk, bell], retry=False)
