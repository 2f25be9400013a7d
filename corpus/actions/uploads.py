"""Files on their way in: received, matched, tried, started, stopped, thrown away.

The row is the queue and Celery the bell: messages carry ids, a lost one is rung again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Protocol

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from corpus import inbox
from corpus.actions.arriving import columns_seen, keep, look, order_of
from corpus.actions.orders import Origin
from corpus.actions.refusals import NotNow, NotYours
from corpus.models import Upload
from corpus.reading.mapping import Matched
from gate.identity import new_id
from gate.wording import within

NEEDS = {"prompts": "prompts.write", "pairs": "pairs.import"}
NOT_YOURS = {
    "prompts": gettext_lazy("You may not import prompts."),
    "pairs": gettext_lazy("You may not import pairs."),
}


class Sent(Protocol):
    """A file as a browser sends it."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a person says of a file before it is read. An empty format is found out."""

    what: str
    origin: Origin
    format: str = ""
    set_name: str = ""
    expected_action: str = ""


def receive(*, by: User, file: Sent, asked: Asked, at: datetime) -> Upload:
    """Keep the file and look at its first rows. `BadFile` if they cannot be read."""
    _check_may(by, asked.what)
    name = PurePath(file.name or "file").name[:200]
    upload = Upload(
        pk=new_id(), by=by, what=asked.what, file_name=name, n_bytes=file.size or 0, created_at=at,
        format=asked.format, set_name=asked.set_name, expected_action=asked.expected_action,
        origin_name=asked.origin.name, origin_licence=asked.origin.licence,
        origin_url=asked.origin.url, origin_revision=asked.origin.revision,
    )  # fmt: skip
    try:
        upload.digest = inbox.store(upload.pk, file.chunks())
        look(upload)
        order_of(upload).source()  # a purged one is refused at once
        upload.save()
    except BaseException:
        inbox.remove(upload.pk)
        raise
    return upload


def match(
    *,
    by: User,
    upload: Upload,
    matched: Matched,
    format: str = "",
    split: str | None = None,
    expected_action: str = "",
) -> Upload:
    """How the file is read from now on. A file that is being read stays as it is."""
    _check_own(by, upload)
    upload.format = format or upload.format
    upload.expected_action = expected_action
    if split is not None and split != upload.split:
        upload.split = split
        look(upload)
    else:
        keep(upload, matched)
    changed = {
        name: getattr(upload, name)
        for name in (
            "format",
            "expected_action",
            "split",
            "seen",
            "columns",
            "fixed",
            "meanings",
            "columns_digest",
        )
    }
    if not Upload.objects.move(
        upload, come_from=("mapping", "tried", "failed"), to="mapping", **changed
    ):
        raise NotNow(_("This file is being read. Stop it first, or wait for its end."))
    upload.refresh_from_db()
    return upload


@transaction.atomic
def start(*, by: User, upload: Upload, is_trial: bool, at: datetime) -> Upload:
    """Hand the file to a worker: to try it, or to bring it in."""
    _check_own(by, upload)
    order = order_of(upload)
    order.check()
    order.source()
    if order.layout.is_ours:
        names = [column.name for column in columns_seen(upload)]
        gaps = order.matched.problems(names, upload.what)
        if gaps:
            raise NotNow(" ".join(gaps))
    started = Upload.objects.move(
        upload, come_from=("mapping", "tried", "failed"), to="pending", is_trial=is_trial,
        n_done=0, percent=0, n_rows=None, attempts=0, counts=[], problems=[], n_problems=0,
        finished_at=None,
    )  # fmt: skip
    if not started:
        raise NotNow(_("This file is on its way already."))
    ring(upload.pk)
    upload.refresh_from_db()
    return upload


def stop(*, by: User, upload: Upload) -> Upload:
    """Take it back from the worker; nothing of it was kept. What is being written goes on."""
    _check_own(by, upload)
    if not Upload.objects.move(upload, come_from=("pending", "reading"), to="mapping", percent=0):
        upload.refresh_from_db()
        raise NotNow(
            _("It can no longer be stopped: %(state)s.")
            % {"state": within(upload.get_state_display())}
        )
    upload.refresh_from_db()
    return upload


def discard(*, by: User, upload: Upload) -> None:
    """Throw the file away. What was imported from it stays."""
    _check_own(by, upload)
    found = Upload.objects.filter(pk=upload.pk, state__in=("mapping", "tried", "failed"))
    if not found.delete()[0]:
        raise NotNow(_("This file is being read, or its rows are here already."))
    inbox.remove(upload.pk)


def sweep(*, at: datetime) -> None:
    """What dead workers held waits again; lost bells are rung; old files go."""
    tired = Upload.objects.lost(at).filter(attempts__gte=settings.MAX_ATTEMPTS)
    said = f"The worker was lost {settings.MAX_ATTEMPTS} times while it read this. Cut the file."
    tired.update(
        state="failed", claimed_by="", lease_expires_at=None, finished_at=at, n_problems=1,
        problems=[{"row": None, "column": "", "message": said}],
    )  # fmt: skip
    Upload.objects.lost(at).update(state="pending", claimed_by="", lease_expires_at=None)
    for pk in Upload.objects.filter(state="pending").values_list("pk", flat=True):
        ring(pk)
    old = Upload.objects.filter(
        state__in=("mapping", "tried", "failed"),
        created_at__lt=at - timedelta(days=settings.IMPORT_DAYS),
    )
    old.delete()
    needed = Upload.objects.exclude(state="done").values_list("pk", flat=True)
    for name in inbox.forgotten(at, needed=needed):
        inbox.remove(name)


def ring(pk: str) -> None:
    """Wake a worker once the transaction is committed."""
    # Robust: the row waits in its table, and the sweeper rings again.
    transaction.on_commit(partial(_send, pk), robust=True)


def _send(pk: str) -> None:
    current_app.send_task("corpus.tasks.bring_in", args=[pk], retry=False)


def _check_may(by: User, what: str) -> None:
    if not by.can(NEEDS[what]):
        raise NotYours(str(NOT_YOURS[what]))


def _check_own(by: User, upload: Upload) -> None:
    if upload.by_id != by.pk:
        raise NotYours(_("Somebody else is importing this file."))
    _check_may(by, upload.what)
