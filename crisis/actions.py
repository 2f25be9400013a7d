"""Everything that changes the directory. A row is verified by two different people, never by one.

People are told by their key alone: this package knows no accounts.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crisis.models import Change, Resource, Verification
from crisis.table import Details
from gate.text import accept

RECHECK_DAYS = 90
PEOPLE = 2


class Person(Protocol):
    """Whoever acts."""

    @property
    def pk(self) -> Any: ...


class Refused(Exception):
    """The action did not happen, and nothing was changed."""

    http_status: ClassVar[int] = 409


class NotYetAgain(Refused):
    """The same person, or too early."""


class IsRetired(Refused):
    """A retired row is history."""

    def __init__(self, resource: Resource) -> None:
        super().__init__(
            _(
                "%(resource)s was retired on %(day)s: %(reason)s Add the service anew if it is "
                "back under another contact."
            )
            % {"resource": resource, "day": resource.retired_on, "reason": resource.retired_reason}
        )


class KnownAlready(Refused):
    """The same name, channel and contact."""

    def __init__(self, details: Details) -> None:
        super().__init__(
            _(
                "%(name)s, %(contact)s (%(channel)s) is in the directory already. Change that "
                "row instead."
            )
            % {"name": details.name, "contact": details.contact, "channel": details.channel}
        )


class BadDetails(Refused):
    """Values that no row may hold; `faults` are (column, what is wrong)."""

    http_status = 422

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        self.faults = faults
        super().__init__(
            " ".join(
                _("Column %(column)s %(fault)s") % {"column": repr(name), "fault": fault}
                for name, fault in faults
            )
        )


class ReasonMissing(Refused):
    """A row that goes without a word teaches nobody."""

    http_status = 422

    def __init__(self) -> None:
        super().__init__(_("Say why it is retired, so that authors know what to do."))


@dataclass(frozen=True)
class Loaded:
    """What a file brought."""

    n_added: int = 0
    n_changed: int = 0
    n_same: int = 0


def add(*, by: Person | None, details: Details, at: datetime, is_sample: bool = False) -> Resource:
    """A new row, unverified."""
    _check(details)
    try:
        with transaction.atomic():
            made = Resource.objects.create(
                **asdict(details), is_sample=is_sample, created_at=at, created_by_id=_key(by)
            )
            _note(made, Change.Verb.ADDED, "", by, at)
    except IntegrityError:
        raise KnownAlready(details) from None
    return made


def change(*, by: Person | None, resource: Resource, details: Details, at: datetime) -> Resource:
    """Other details. Whoever verified the row verified something else: it is unverified again."""
    _check(details)
    old, new = asdict(resource.details()), asdict(details)
    changed = [f"{name}: {old[name]!r} to {new[name]!r}" for name in new if old[name] != new[name]]
    if not changed:
        return resource
    try:
        with transaction.atomic():
            n = Resource.objects.live().filter(pk=resource.pk).update(
                **new,
                round=F("round") + 1,
                verified_on=None,
                recheck_by=None,
                first_verified_by=None,
                second_verified_by=None,
            )  # fmt: skip
            if n != 1:
                raise IsRetired(Resource.objects.get(pk=resource.pk))
            _note(resource, Change.Verb.CHANGED, "\n".join(changed), by, at)
    except IntegrityError:
        raise KnownAlready(details) from None
    resource.refresh_from_db()
    return resource


@transaction.atomic
def verify(
    *, by: Person, resource: Resource, at: datetime, note: str = "", seen: str | None = None
) -> Resource:
    """Say that the row is right. The second person makes it verified, for 90 days.

    What was read is what is verified: `seen` is the row's digest then, else `resource`'s own.
    """
    note = accept(note, where=_("How it was checked"), limit=500)
    stored = Resource.objects.get(pk=resource.pk)
    if stored.retired_on:
        raise IsRetired(stored)
    if stored.digest != (resource.digest if seen is None else seen):
        raise NotYetAgain(_("The row was changed in the meantime. Read it again, then verify it."))
    if not stored.is_open_to_check(at.date()):
        raise NotYetAgain(
            _("It was verified on %(day)s. The next check is due by %(due)s.")
            % {"day": stored.verified_on, "due": stored.recheck_by}
        )
    _open_round(stored)
    _sign(stored, by, at, note)
    people = list(stored.verifications.filter(round=stored.round).order_by("at", "id"))
    if len(people) >= PEOPLE:
        _settle(stored, people, at)
    stored.refresh_from_db()
    return stored


@transaction.atomic
def retire(
    *,
    by: Person | None,
    resource: Resource,
    reason: str,
    at: datetime,
    replaced_by: Resource | None = None,
) -> Resource:
    """The service is gone or must not be named any more. The row stays, so that texts are found."""
    reason = accept(" ".join(reason.split()), where=_("The reason"), limit=500)
    if not reason:
        raise ReasonMissing
    if replaced_by is not None and replaced_by.pk == resource.pk:
        raise NotYetAgain(_("A row cannot be replaced by itself. Choose another one."))
    n = Resource.objects.live().filter(pk=resource.pk).update(
        retired_on=at.date(), retired_reason=reason, retired_by_id=_key(by), replaced_by=replaced_by
    )  # fmt: skip
    resource.refresh_from_db()
    if n != 1:
        raise IsRetired(resource)
    _note(resource, Change.Verb.RETIRED, reason, by, at)
    return resource


@transaction.atomic
def load_directory(
    *,
    by: Person | None,
    rows: Iterable[Details],
    at: datetime,
    is_sample: bool = False,
    only_new: bool = False,
) -> Loaded:
    """Rows of a file. Loading it twice changes nothing; no file can verify a row.

    With `only_new`, rows that are known are left as people made them. Retired rows always are.
    """
    known = {(row.name, row.channel, row.contact): row for row in Resource.objects.all()}
    n_added = n_changed = n_same = 0
    for details in rows:
        row = known.get((details.name, details.channel, details.contact))
        if row is None:
            made = add(by=by, details=details, at=at, is_sample=is_sample)
            known[made.name, made.channel, made.contact] = made
            n_added += 1
        elif only_new or row.retired_on or row.details() == details:
            n_same += 1
        else:
            change(by=by, resource=row, details=details, at=at)
            n_changed += 1
    return Loaded(n_added, n_changed, n_same)


def _open_round(stored: Resource) -> None:
    """Hold the row for this transaction; a re-check of a verified row is a round of its own."""
    Resource.objects.filter(pk=stored.pk).update(round=F("round"))
    stored.refresh_from_db()
    if stored.verifications.filter(round=stored.round).count() >= PEOPLE:
        stored.round += 1
        Resource.objects.filter(pk=stored.pk).update(round=stored.round)


def _sign(stored: Resource, by: Person, at: datetime, note: str) -> None:
    try:
        with transaction.atomic():
            Verification.objects.create(
                resource=stored, round=stored.round, by_id=by.pk, at=at, note=note
            )
    except IntegrityError:
        raise NotYetAgain(
            _("You have verified this row. A second person must do so before it counts.")
        ) from None


def _settle(stored: Resource, people: list[Verification], at: datetime) -> None:
    Resource.objects.filter(pk=stored.pk).update(
        verified_on=at.date(),
        recheck_by=at.date() + timedelta(days=RECHECK_DAYS),
        first_verified_by=people[0].by_id,
        second_verified_by=people[1].by_id,
    )


def _check(details: Details) -> None:
    if faults := list(details.faults()):
        raise BadDetails(faults)


def _note(resource: Resource, verb: str, note: str, by: Person | None, at: datetime) -> None:
    Change.objects.create(resource=resource, verb=verb, note=note, by_id=_key(by), at=at)


def _key(by: Person | None) -> Any:
    return by.pk if by else None
