"""Files on their way in: received, matched, tried, started, stopped, thrown away.

The row is the queue and Celery the bell: messages carry ids, a lost one is rung again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any, Protocol

from celery import current_app
from django.conf import settings
from django.db import transaction

from accounts.models import User
from corpus import inbox
from corpus.actions.intake import Order, Origin
from corpus.actions.refusals import NotNow, NotYours
from corpus.formats import PAIR_FORMATS, PROMPT_FORMATS, recognise
from corpus.models import Domain, Strategy, Upload
from corpus.reading import BadFile, Material, Problems
from corpus.reading.guessing import Column, Known, columns_of, guess
from corpus.reading.mapping import Matched
from corpus.reading.material import sniff, splits
from gate.identity import new_id
from gate.text import digest

FORMATS: dict[str, Any] = {"prompts": PROMPT_FORMATS, "pairs": PAIR_FORMATS}
NEEDS = {"prompts": "prompts.write", "pairs": "pairs.import"}


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
        _look(upload)
        order_of(upload).source()  # a purged one is refused at once
        upload.save()
    except BaseException:
        inbox.remove(upload.pk)
        raise
    return upload


def _look(upload: Upload) -> None:
    """What the file shows: splits, columns, and what they probably are."""
    place = inbox.file(upload.pk)
    layout, problems = sniff(place), Problems()
    found = splits(place, problems) if layout == "dataset" else []
    upload.split = upload.split if upload.split in found else (found[0] if found else "")
    columns = columns_of(Material(place, layout, upload.split).rows(problems))
    if problems.total and not columns:
        raise BadFile(problems.kept, problems.total)
    upload.seen = {
        "splits": found,
        "layout": layout,
        "columns": [vars(column) for column in columns],
    }
    names = sorted(column.name for column in columns)
    upload.columns_digest = digest(names)
    upload.format = upload.format or recognise(names, upload.what) or layout
    _match(upload, columns)


def _match(upload: Upload, columns: list[Column]) -> None:
    """As the last file with these columns was matched, else a guess."""
    earlier = Upload.objects.like(upload).first()
    if earlier:
        keep(
            upload, Matched(columns=earlier.columns, fixed=earlier.fixed, meanings=earlier.meanings)
        )
    else:
        keep(upload, guess(columns, upload.what, known()))


def known() -> Known:
    """The words of this place. Two queries."""
    return Known(
        domains=dict(Domain.objects.values_list("slug", "name")),
        strategies=dict(Strategy.objects.values_list("slug", "name")),
    )


def keep(upload: Upload, matched: Matched) -> None:
    """Write down how the columns are matched; not saved."""
    upload.columns = dict(matched.columns)
    upload.fixed = dict(matched.fixed)
    upload.meanings = {ours: dict(words) for ours, words in matched.meanings.items()}


def columns_seen(upload: Upload) -> list[Column]:
    """The file's columns as they were seen when it arrived."""
    return [
        Column(each["name"], tuple(each["samples"]), tuple(each["words"]), each["holds"])
        for each in upload.seen.get("columns", [])
    ]


def order_of(upload: Upload) -> Order:
    """What is to be brought in, and how it is read."""
    layout = FORMATS[upload.what].get(upload.format)
    matched = Matched(columns=upload.columns, fixed=upload.fixed, meanings=upload.meanings)
    return Order(
        what=upload.what,
        by=upload.by,
        format=upload.format,
        origin=Origin(
            name=upload.origin_name,
            licence=upload.origin_licence,
            url=upload.origin_url,
            revision=upload.origin_revision,
        ),
        set_name=upload.set_name,
        expected_action=upload.expected_action,
        matched=matched if layout and layout.is_ours else Matched(),
        split=upload.split,
    )


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
        _look(upload)
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
        raise NotNow("This file is being read. Stop it first, or wait for its end.")
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
        raise NotNow("This file is on its way already.")
    ring(upload.pk)
    upload.refresh_from_db()
    return upload


def stop(*, by: User, upload: Upload) -> Upload:
    """Take it back from the worker; nothing of it was kept. What is being written goes on."""
    _check_own(by, upload)
    if not Upload.objects.move(upload, come_from=("pending", "reading"), to="mapping", percent=0):
        upload.refresh_from_db()
        raise NotNow(f"It can no longer be stopped: {upload.get_state_display().lower()}.")
    upload.refresh_from_db()
    return upload


def discard(*, by: User, upload: Upload) -> None:
    """Throw the file away. What was imported from it stays."""
    _check_own(by, upload)
    found = Upload.objects.filter(pk=upload.pk, state__in=("mapping", "tried", "failed"))
    if not found.delete()[0]:
        raise NotNow("This file is being read, or its rows are here already.")
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
        raise NotYours(f"You may not import {what}.")


def _check_own(by: User, upload: Upload) -> None:
    if upload.by_id != by.pk:
        raise NotYours("Somebody else is importing this file.")
    _check_may(by, upload.what)
