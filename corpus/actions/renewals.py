"""Signing again: what was approved is still right, until a later day.

The text does not change, so no new version is needed; its services must be in order that day.
"""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from corpus.actions.refusals import NotNow, NotYours, OwnWork, Refused
from corpus.actions.results import keep
from corpus.actions.reviews import FRESH_DAYS, check_binding, check_requests, needed
from corpus.models import Approval, Version
from corpus.models.pairs import Status
from crisis.models import Resource
from gate.wording import within


class Worn(Refused):
    """It sends people to services that must not be named; `resources` are they."""

    def __init__(self, resources: list[Resource]) -> None:
        self.resources = resources
        named = "; ".join(str(resource) for resource in resources)
        super().__init__(
            _(
                "Not signed: it names services that are retired or overdue for a check: "
                "%(services)s. Have them checked again, or write a new version without them."
            )
            % {"services": named}
        )


@transaction.atomic
def renew(
    *,
    by: User,
    version: Version,
    at: datetime,
    method: str,
    reason: str,
    best_before: date | None = None,
) -> Version:
    """Sign an approved version again. Its day moves once as many people as its domain asks for
    have signed for a later one: to the latest day that so many of them signed for.

    The caller has asked for the password or passkey (`method`) again, just now. `Worn` while it
    names a service that is retired or overdue, `Unmet` and `Stopped` as for an approval.
    """
    stored = _open_for(by, version)
    why = needed(reason)
    keep([stored], at)  # the services as they are today
    worn = Resource.objects.worn(at.date()).filter(references__version=stored).distinct()
    if worn:
        raise Worn(list(worn))
    check_requests(stored)
    check_binding(stored, at.date())
    until = best_before or (at + timedelta(days=FRESH_DAYS)).date()
    _check_day(stored, until, at.date())
    _sign(stored, by=by, at=at, method=method, why=why, until=until)
    _settle(stored, by)
    stored.refresh_from_db()
    return stored


def _open_for(by: User, version: Version) -> Version:
    """Locked, so that of two who sign at once the second counts the first."""
    stored = Version.objects.select_for_update(of=("self",)).with_people().get(pk=version.pk)
    if not by.can("pairs.review"):
        raise NotYours(_("Reviewers sign pairs."))
    if stored.pair.is_work_of(by):
        raise OwnWork
    if not stored.is_approved:
        raise NotNow(
            _("This version is %(state)s, not approved.")
            % {"state": within(stored.get_status_display())}
        )
    if not Version.objects.current().filter(pk=stored.pk).exists():
        raise NotNow(_("A newer version of this pair was approved. Read that one instead."))
    return stored


def _check_day(stored: Version, until: date, today: date) -> None:
    if until <= today:
        raise NotNow(_("The best-before date has passed already. Choose a later day."))
    if stored.best_before and until <= stored.best_before:
        raise NotNow(
            _("It is best before %(day)s already. Choose a later day.")
            % {"day": stored.best_before}
        )


def _sign(stored: Version, *, by: User, at: datetime, method: str, why: str, until: date) -> None:
    try:
        with transaction.atomic():
            Approval.objects.create(
                version=stored,
                reviewer=by,
                author=stored.author,
                last_editor=stored.last_editor or stored.author,
                digest=stored.digest,
                method=method,
                reason=why,
                best_before=until,
                signed_at=at,
            )
    except IntegrityError:
        raise NotNow(
            _("You signed it until that day already. Somebody else must sign it as well.")
        ) from None
    record(by=by, verb="pair signed again", target=stored.pk, note=f"until {until}")


def _settle(stored: Version, by: User) -> None:
    """The day moves, if enough people have signed for a later one."""
    needed_now = stored.domain.approvals_needed if stored.domain else 1
    writers, by_person = stored.pair.writers(), dict[str, date]()
    for one in stored.approvals.filter(digest=stored.digest):
        if one.reviewer_id not in writers:
            last = by_person.get(one.reviewer_id, one.best_before)
            by_person[one.reviewer_id] = max(last, one.best_before)
    days = sorted(by_person.values(), reverse=True)[:needed_now]
    if len(days) < needed_now or (stored.best_before and days[-1] <= stored.best_before):
        return
    Version.objects.filter(pk=stored.pk, status=Status.APPROVED).update(best_before=days[-1])
    record(by=by, verb="pair vetted again", target=stored.pk, note=f"best before {days[-1]}")
