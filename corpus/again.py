"""What is to be vetted again, and why: a day that has passed, a service that must not be named."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from corpus.checks.shape import passage
from corpus.models import Reference, Version
from corpus.models.pairs import REMIND
from crisis.models import Resource


@dataclass(frozen=True)
class Reason:
    """One of them, in words; with the service and the passage where a service is it."""

    words: str
    resource: Resource | None = None
    passage: str = ""


@dataclass
class Again:
    """A version that is to be vetted again."""

    version: Version
    reasons: list[Reason] = field(default_factory=list)
    is_worn: bool = False  # by a service: signing again would not help
    newest: Version | None = None  # another version of the pair, under way
    is_own: bool = False
    reader: User | None = None

    @property
    def can_renew(self) -> bool:
        """Whether the reader may sign it again now."""
        may = self.reader is not None and self.reader.can("pairs.review")
        return may and not self.is_own and not self.is_worn

    @property
    def can_open_newest(self) -> bool:
        """A draft is its writers' to read."""
        if self.newest is None or self.reader is None:
            return False
        return not self.newest.is_draft or self.newest.is_open_to(self.reader)


def of(version: Version, on: date, reader: User) -> Again | None:
    """Why this one is to be vetted again, if it is. One query, and three more if so."""
    if not version.is_approved:
        return None
    waits = Version.objects.to_vet_again(on).filter(pk=version.pk).exists()
    return described([version], on, reader)[0] if waits else None


def described(versions: Sequence[Version], on: date, reader: User) -> list[Again]:
    """Each with its reasons. Three queries, however many."""
    rows = {version.pk: Again(version, reader=reader) for version in versions}
    worn = _worn(rows, on)
    by_pair = {version.pair_id: rows[version.pk] for version in versions}
    newest_ones = Version.objects.newest().select_related("author").filter(pair__in=by_pair)
    for newest in newest_ones.exclude(pk__in=rows):
        by_pair[newest.pair_id].newest = newest
    written = Version.objects.filter(Q(author=reader) | Q(editors__user=reader), pair__in=by_pair)
    for pair in written.values_list("pair", flat=True):
        by_pair[pair].is_own = True
    for pk, row in rows.items():
        row.is_worn = bool(worn[pk])
        row.reasons = [*_of_service(row.version, worn[pk]), *_of_day(row.version, on)]
    return list(rows.values())


def _worn(rows: dict[str, Again], on: date) -> dict[str, list[Reference]]:
    found: dict[str, list[Reference]] = defaultdict(list)
    references = Reference.objects.filter(
        version__in=rows, resource__in=Resource.objects.worn(on)
    ).select_related("resource__replaced_by")
    for reference in references:
        found[reference.version_id].append(reference)
    return found


def _of_service(version: Version, references: Sequence[Reference]) -> Iterator[Reason]:
    """One a service, with the first place that names it."""
    seen: set[str] = set()
    for reference in references:
        resource = reference.resource
        if resource is None or resource.pk in seen:
            continue
        seen.add(resource.pk)
        where = passage(version.response, reference.start, reference.end)
        yield Reason(_words(resource), resource, where)


def _words(resource: Resource) -> str:
    if resource.retired_on:
        return _("was retired on %(day)s: %(why)s") % {
            "day": date_format(resource.retired_on),
            "why": resource.retired_reason,
        }
    day = date_format(resource.recheck_by) if resource.recheck_by else ""
    return _("was to be checked again by %(day)s, and nobody has") % {"day": day}


def _of_day(version: Version, on: date) -> Iterator[Reason]:
    until = version.best_before
    if until is None or until > on + REMIND:
        return
    n = abs((until - on).days)
    if until < on:
        words = ngettext(
            "Best before %(day)s, %(n)d day ago.", "Best before %(day)s, %(n)d days ago.", n
        )
    elif until == on:
        words = _("Best before today, %(day)s.")
    else:
        words = ngettext(
            "Best before %(day)s, in %(n)d day.", "Best before %(day)s, in %(n)d days.", n
        )
    yield Reason(words % {"day": date_format(until), "n": n})
