"""Says of a release that it must not be used any more."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from exports.actions.refusals import AlreadyWithdrawn, BadField, text
from exports.models import Release


@transaction.atomic
def withdraw(*, by: User | None, release: Release, reason: str, at: datetime) -> Release:
    """Say that the release must not be used any more, and why. Its files are no longer given."""
    reason = text(reason, "reason", limit=2_000)
    if not reason:
        raise BadField("reason", _("Say why, so that those who used it know what to do."))
    moved = Release.objects.filter(pk=release.pk, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_reason=reason
    )
    if not moved:
        raise AlreadyWithdrawn(_("This release was withdrawn already. Nothing was changed."))
    record(by=by, verb="release withdrawn", target=str(release), note=reason)
    release.refresh_from_db()
    return release
