"""A rater takes back the consent that their ratings are given out."""

from datetime import datetime

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from annotation.models import Rater, Study, Withdrawal


class AlreadyWithdrawn(Exception):
    """It was entered before; the message says when."""

    http_status = 409


@transaction.atomic
def withdraw(
    *, by: User | None, rater: Rater, at: datetime, study: Study | None = None
) -> Withdrawal:
    """Keep the rater's rows out of every release that is made from now on; of one study, or of all.

    Releases that exist are frozen and keep them: withdraw those that should not be used.
    """
    made, is_new = Withdrawal.objects.get_or_create(
        rater=rater, study=study, defaults={"at": at, "by": by}
    )
    if not is_new:
        day = made.at.date().isoformat()
        raise AlreadyWithdrawn(f"This was entered on {day} already. Nothing was changed.")
    record(by=by, verb="ratings withdrawn", target=str(study or "every study"))
    return made
