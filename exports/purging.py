"""What a purge of a source means for releases: withdrawn, and files with its text are deleted."""

import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from annotation.models import Study
from corpus import purging
from exports import store
from exports.formats import RELEASE, STUDY
from exports.models import Release


def register() -> None:
    """Called once, when the app is ready."""
    purging.holds(
        Release, "entries", stays=True, fate=_("Loses these rows; withdrawn, its files deleted")
    )
    purging.on_purge(withdraw_releases)
    purging.on_purge(delete_files)


def withdraw_releases(purge: purging.Purge) -> None:
    """A release that held rows of the source must not be used any more."""
    reason = f"It held rows of {purge.source.name}, which was purged: {purge.reason}"
    touched = Release.objects.filter(pk__in=purge.touched(Release), withdrawn_at=None)
    for release in touched:
        record(by=purge.by, verb="release withdrawn", target=str(release), note=reason)
    touched.update(withdrawn_at=purge.at, withdrawn_reason=reason)


def delete_files(purge: purging.Purge) -> None:
    """Now, and once more when it is settled: a request may have made one in between."""
    folders = [
        *(store.shelf_of(RELEASE, pk) for pk in purge.touched(Release)),
        *(store.shelf_of(STUDY, pk) for pk in purge.touched(Study)),
    ]
    _empty(folders)
    transaction.on_commit(partial(_empty, folders))


def _empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        if folder.exists():
            shutil.rmtree(folder)
