"""What people do to the directory of services, and what it means for the responses: each that names
the service, or may, is read anew. The directory itself knows no responses.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from celery import current_app
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from corpus import search, words
from corpus.actions.results import BATCH, keep, keep_all
from corpus.directory import Directory
from corpus.models import Reference, Version
from corpus.models.pairs import VersionQuerySet
from crisis import actions, mentions, sample
from crisis.models import Resource
from crisis.table import Details

# What a row is found by; hours or cost change no response.
MAX_LIKELY = 20_000  # versions that a phrase may bring; a line named more often is known already
AT_ONCE = 1000  # some three seconds; the rest is a worker's
KNOWN_BY = ["name", "alternate_name", "countries", "channel", "contact", "keyword", "url"]


@transaction.atomic
def add_resource(*, by: User | None, details: Details, at: datetime) -> Resource:
    """A new row, unverified. Responses that named it before anybody knew it are found."""
    made = actions.add(by=by, details=details, at=at)
    follow(made, at)
    return made


@transaction.atomic
def change_resource(
    *, by: User | None, resource: Resource, details: Details, at: datetime
) -> Resource:
    """Other details; it is unverified again."""
    before = resource.details()
    changed = actions.change(by=by, resource=resource, details=details, at=at)
    if any(getattr(before, name) != getattr(details, name) for name in KNOWN_BY):
        follow(changed, at)
    else:
        check_anew(changed, at)
    return changed


@transaction.atomic
def verify_resource(
    *, by: User, resource: Resource, at: datetime, note: str = "", seen: str | None = None
) -> Resource:
    """Say that the row is right. The second person makes it verified."""
    before = resource.recheck_by
    verified = actions.verify(by=by, resource=resource, at=at, note=note, seen=seen)
    if verified.recheck_by != before:
        check_anew(verified, at)
    return verified


@transaction.atomic
def retire_resource(
    *,
    by: User | None,
    resource: Resource,
    reason: str,
    at: datetime,
    replaced_by: Resource | None = None,
) -> Resource:
    """It must not be named any more. What names it is to be vetted again."""
    retired = actions.retire(
        by=by, resource=resource, reason=reason, at=at, replaced_by=replaced_by
    )
    check_anew(retired, at)
    return retired


@transaction.atomic
def load_directory(*, by: User | None, rows: Iterable[Details], at: datetime) -> actions.Loaded:
    """Rows of a file; if it brought anything, every response is read anew."""
    loaded = actions.load_directory(by=by, rows=rows, at=at)
    if loaded.n_added or loaded.n_changed:
        keep_all(by=by, at=at)
    return loaded


@transaction.atomic
def load_sample_directory(*, at: datetime) -> actions.Loaded:
    """The shipped sample, where it is not loaded yet."""
    loaded = sample.load(at=at)
    if loaded.n_added:
        keep_all(by=None, at=at)
    return loaded


def follow(resource: Resource, at: datetime, at_once: int | None = AT_ONCE) -> int:
    """The row is new, or known by other words: read anew what names it or may name it. How many.

    Some twenty questions to the index of words. Of many responses the newest are read at once, the
    others by a worker; None reads all.
    """
    likely = {
        pk
        for phrase in mentions.phrases(resource.entry(at.date()))
        for pk in search.ids(words.read(f'"{phrase}"'), limit=MAX_LIKELY)
    }
    likely |= set(_naming(resource, at).values_list("version", flat=True))
    return _read_anew(resource, Version.objects.filter(pk__in=likely), at, at_once)


def check_anew(resource: Resource, at: datetime) -> int:
    """The row is worth more or less than before: read anew what names it, or the same number of
    another row. How many, at once.
    """
    naming = _naming(resource, at).values("version")
    return _read_anew(resource, Version.objects.filter(pk__in=naming), at, AT_ONCE)


def _naming(resource: Resource, at: datetime) -> QuerySet[Reference]:
    written = Q(normal__in=mentions.normals(resource.entry(at.date())))
    return Reference.objects.filter(Q(resource=resource) | written)


def _read_anew(
    resource: Resource, versions: VersionQuerySet, at: datetime, at_once: int | None
) -> int:
    """What is worth a release is asked of the row itself, so a worker that comes late does no harm:
    a message that is lost leaves older results of checks, and `references --rebuild` mends it.
    """
    newest = versions.sent().order_by("-saved_at", "id").values_list("pk", flat=True)
    found = list(newest if at_once is None else newest[: at_once + 1])
    now, directory = found[:at_once], Directory.on(at.date())
    for start in range(0, len(now), BATCH):
        keep(list(Version.objects.filter(pk__in=now[start : start + BATCH])), at, directory)
    if len(found) > len(now):
        transaction.on_commit(partial(_send, resource.pk), robust=True)
    return len(now)


def _send(pk: str) -> None:
    current_app.send_task("corpus.tasks.follow", args=[pk], retry=False)
