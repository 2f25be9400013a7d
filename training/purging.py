"""What a purge of a source means for training: the words that a trainer was given are deleted.

The release is withdrawn by the purge, so a trainer that runs is stopped by whoever attends it. What
an adapter learnt cannot be taken out; its page and its release say what happened.
"""

from functools import partial

from django.db import transaction

from corpus import purging
from exports.models import Release
from training.fine_tuning import folder_of
from training.models import TrainingRun


def register() -> None:
    """Called once, when the app is ready."""
    purging.on_purge(delete_rows)


def delete_rows(purge: purging.Purge) -> None:
    """Now, and once more when it is settled: a worker may have written them in between."""
    keys = list(
        TrainingRun.objects.filter(release__in=purge.touched(Release)).values_list("pk", flat=True)
    )
    _forget(keys)
    transaction.on_commit(partial(_forget, keys))


def _forget(keys: list[str]) -> None:
    for run in TrainingRun.objects.filter(pk__in=keys):
        folder_of(run).forget_rows()
