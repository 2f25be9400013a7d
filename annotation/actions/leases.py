"""Gives back the places of raters who left. The quota moves only here and in `allocation`."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from annotation.models import Assignment, Item, Study


def sweep(*, at: datetime, study: Study | None = None) -> int:
    """Return the places of expired leases, of one study or of all; how many came back.

    Safe to run any number of times at once: each lease is given back by whoever moves its row.
    """
    late = Assignment.objects.leased().filter(lease_expires_at__lt=at)
    if study is not None:
        late = late.filter(study=study)
    found = list(late.order_by("lease_expires_at").values_list("pk", "token"))
    return sum(expire(pk=pk, token=token, at=at) for pk, token in found)


def expire(*, pk: str, token: str, at: datetime) -> bool:
    """The item goes to somebody else. The draft stays for this rater."""
    return release(pk=pk, token=token, to=Assignment.State.EXPIRED, lease_expires_at__lt=at)


def release_all(*, study: Study) -> None:
    """Take every lease of a study back."""
    for pk, token in list(study.assignments.leased().values_list("pk", "token")):
        release(pk=pk, token=token, to=Assignment.State.EXPIRED)


@transaction.atomic
def release(
    *, pk: str, token: str, to: str, finished_at: datetime | None = None, **still: datetime
) -> bool:
    """End a lease and give its place back, if it is still held under `token`.

    A repeat holds no place.
    """
    moved = (
        Assignment.objects.leased()
        .filter(pk=pk, token=token, **still)
        .update(state=to, lease_expires_at=None, finished_at=finished_at)
    )
    if moved:
        item = Assignment.objects.first_time().filter(pk=pk).values("item_id")
        Item.objects.filter(pk__in=item).update(taken=F("taken") - 1)
    return bool(moved)
