"""What raters wish for themselves. Nobody is told: no audit entry, no reason, no log line."""

from collections.abc import Collection

from django.db import transaction

from annotation.actions import leases
from annotation.models import Assignment, OptOut, Rater
from corpus.models import Domain


@transaction.atomic
def wish(*, rater: Rater, hidden: Collection[Domain], shows_at_once: bool) -> None:
    """Which domains not to be given, from now on, and whether severe items show at once.

    What the rater holds of a hidden domain goes back as if its lease had run out; what they typed
    stays theirs, and comes back with the item if they change their mind.
    """
    Rater.objects.filter(pk=rater.pk).update(shows_at_once=shows_at_once)
    OptOut.objects.filter(rater=rater).exclude(domain__in=hidden).delete()
    OptOut.objects.bulk_create(
        [OptOut(rater=rater, domain=domain) for domain in hidden], ignore_conflicts=True
    )
    held = Assignment.objects.leased().filter(rater=rater, item__domain__in=hidden).order_by()
    for pk, token in list(held.values_list("pk", "token")):
        leases.release(pk=pk, token=token, to=Assignment.State.EXPIRED)
