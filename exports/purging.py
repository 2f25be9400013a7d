"""What a purge of a source means for releases: withdrawn, and files with its text are deleted."""

import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from annotation.models import Study
from corpus import purging
from exports import store
from exports.formats import RELEASE, STUDY
from exports.models import Release, ReleaseStudy


def register() -> None:
    """Called once, when the app is ready."""
    purging.holds(
        Release, "entries", stays=True, fate=_("Loses these rows; withdrawn, its files deleted")
    )
    purging.on_purge(withdraw_releases)
    purging.on_purge(delete_files)


def touched_by(purge: purging.Purge) -> QuerySet[Release]:
    """Releases that lost pairs, or what was said in a study; a study that is gone left a row."""
    cut = ReleaseStudy.objects.filter(Q(study__in=purge.touched(Study)) | Q(study=None))
    return Release.objects.filter(Q(pk__in=purge.touched(Release)) | Q(release_studies__in=cut))


def withdraw_releases(purge: purging.Purge) -> None:
    """A release that held rows of the source must not be used any more."""
    reason = f"It held rows of {purge.source.name}, which was purged: {purge.reason}"
    in_use = touched_by(purge).filter(withdrawn_at=None).distinct()
    touched = Release.objects.filter(pk__in=list(in_use.values_list("pk", flat=True)))
    for release in touched:
        record(by=purge.by, verb="release withdrawn", target=str(release), note=reason)
    touched.update(withdrawn_at=purge.at, withdrawn_reason=reason)


def delete_files(purge: purging.Purge) -> None:
    """Now, and once more when it is settled: a request may have made one in between."""
    releases = touched_by(purge).values_list("pk", flat=True).distinct()
    folders = [
        *(store.shelf_of(RELEASE, pk) for pk in releases),
        *(store.shelf_of(STUDY, pk) for pk in purge.touched(Study)),
    ]
    _empty(folders)
    transaction.on_commit(partial(_empty, folders))


def _empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        if folder.exists():
            shutil.rmtree(folder)
