"""Makes and withdraws releases."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.actions import record
from accounts.models import User
from corpus.models import Domain, Version
from exports.models import Release, ReleaseEntry
from gate.text import BadText, accept, digest

BATCH = 2_000
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?")


class Refused(Exception):
    """The action did not happen; the message says why and what to do. `field` is where."""

    http_status = 422
    field: str | None = None


class BadField(Refused):
    """A value that no release may have."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class NothingToRelease(Refused):
    """No version fits the choice."""


class NameTaken(Refused):
    """There is a release of this name and version."""

    http_status = 409
    field = "version"


class AlreadyWithdrawn(Refused):
    """Somebody withdrew it before."""

    http_status = 409


@transaction.atomic
def cut_release(
    *,
    by: User | None,
    name: str,
    version: str,
    at: datetime,
    domains: Iterable[Domain] | None = None,
    description: str = "",
) -> Release:
    """Freeze the newest approved version of every pair that is fresh on that day.

    Of some domains, or of all. The digest covers each pair's id, the digest that its reviewer
    signed, and its split, by id: equal content has an equal digest. Costs a handful of statements
    and one for each 2,000 pairs.
    """
    wanted = list(domains or ())
    name, version = _name(name), _version(version)
    description = _text(description, "description", limit=2_000)
    chosen = list(_choice(at, wanted))
    if not chosen:
        raise NothingToRelease(
            "No pair is approved and fresh here, so there is nothing to release. "
            "Choose other domains, or have pairs approved first."
        )
    release = _made(
        name=name,
        version=version,
        description=description,
        filters=_words(at, wanted),
        digest=digest(sorted([pair, signed, split] for _, pair, signed, split, *_ in chosen)),
        is_sample=any(author or source for *_, author, source in chosen),
        created_by=by,
    )
    ReleaseEntry.objects.bulk_create(
        (
            ReleaseEntry(release=release, version_id=pk, position=place, split=split)
            for place, (pk, _, _, split, *_) in enumerate(chosen, start=1)
        ),
        batch_size=BATCH,
    )
    Release.objects.filter(pk=release.pk).update(is_sealed=True)
    release.is_sealed = True
    record(by=by, verb="release made", target=str(release), note=release.digest)
    return release


def _choice(
    at: datetime, domains: list[Domain]
) -> Iterable[tuple[str, str, str, str, bool, bool | None]]:
    """In the release's order: id, pair, digest, split, whether author or source is a sample's."""
    versions = Version.objects.current().fresh(at.date())
    if domains:
        versions = versions.filter(domain__in=domains)
    return versions.order_by(
        "domain__position", "pair__external_id", "pair__created_at", "pair_id"
    ).values_list(
        *("pk", "pair_id", "digest", "pair__split", "author__is_sample"),
        "pair__source__is_sample",
    )


def _words(at: datetime, domains: list[Domain]) -> str:
    of = ", ".join(sorted(domain.name for domain in domains)) or "all"
    return f"Approved and fresh on {at.date().isoformat()}. Domains: {of}."


def _made(**fields: object) -> Release:
    refusal = NameTaken(
        f"There is a release {fields['name']} {fields['version']} already. Releases are frozen: "
        "choose a higher version."
    )
    if Release.objects.filter(name=fields["name"], version=fields["version"]).exists():
        raise refusal
    try:
        with transaction.atomic():
            return Release.objects.create(**fields)
    except IntegrityError:  # made by somebody else in this moment
        raise refusal from None


def _name(name: str) -> str:
    name = _text(" ".join(name.split()), "name", limit=80)
    if not any(character.isalnum() for character in name):
        raise BadField("name", "The name needs at least one letter or digit.")
    return name


def _version(version: str) -> str:
    version = version.strip()
    if len(version) > 20 or not VERSION.fullmatch(version):
        raise BadField(
            "version",
            "The version is three numbers with dots, such as 1.0.0, and may end in a word, "
            "such as 1.0.0-draft; at most 20 characters.",
        )
    return version


def _text(text: str, field: str, *, limit: int) -> str:
    try:
        return accept(text.strip(), where=f"The {field}", limit=limit)
    except BadText as error:
        raise BadField(field, str(error)) from error


@transaction.atomic
def withdraw(*, by: User | None, release: Release, reason: str, at: datetime) -> Release:
    """Say that the release must not be used any more, and why. Its files are no longer given."""
    reason = _text(reason, "reason", limit=2_000)
    if not reason:
        raise BadField("reason", "Say why, so that those who used it know what to do.")
    moved = Release.objects.filter(pk=release.pk, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_reason=reason
    )
    if not moved:
        raise AlreadyWithdrawn("This release was withdrawn already. Nothing was changed.")
    record(by=by, verb="release withdrawn", target=str(release), note=reason)
    release.refresh_from_db()
    return release
