"""What people do to the directory of services, and what it means for the responses: each that names
the service, or may, is read anew. The directory itself knows no responses.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from corpus import search, words
from corpus.actions.results import BATCH, keep, keep_all
from corpus.directory import Directory
from corpus.models import Reference, Version
from crisis import actions, mentions, sample
from crisis.models import Resource
from crisis.table import Details

# What a row is found by; hours or cost change no response.
MAX_LIKELY = 20_000  # versions that a phrase may bring; a line named more often is known already
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


def follow(resource: Resource, at: datetime) -> int:
    """The row is new, or known by other words: read anew what names it or may name it. How many.

    Some twenty questions to the index of words.
    """
    naming = _naming(resource, at)
    likely = {
        pk
        for phrase in mentions.phrases(resource.entry(at.date()))
        for pk in search.ids(words.read(f'"{phrase}"'), limit=MAX_LIKELY)
    }
    likely |= set(naming.values_list("version", flat=True))
    return _read_anew(Version.objects.sent().filter(pk__in=likely), at)


def check_anew(resource: Resource, at: datetime) -> int:
    """The row is worth more or less than before: read anew what names it, or the same number of
    another row. How many.
    """
    naming = _naming(resource, at).values("version")
    return _read_anew(Version.objects.sent().filter(pk__in=naming), at)


def _naming(resource: Resource, at: datetime) -> QuerySet[Reference]:
    written = Q(normal__in=mentions.normals(resource.entry(at.date())))
    return Reference.objects.filter(Q(resource=resource) | written)


def _read_anew(versions: Iterable[Version], at: datetime) -> int:
    found, directory = list(versions), Directory.on(at.date())
    for start in range(0, len(found), BATCH):
        keep(found[start : start + BATCH], at, directory)
    return len(found)
