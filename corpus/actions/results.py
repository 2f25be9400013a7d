"""Keeping what the checks say of a version, so that the list can be filtered by it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from accounts.actions import record
from accounts.models import User
from corpus import checks
from corpus.actions.references import note
from corpus.checks import CHECKS, Referral, Setting
from corpus.checks.near_copy import key as NEAR_COPY
from corpus.directory import Directory
from corpus.inspection import draft_of
from corpus.models import CheckResult, Sketch, Version

# Every check is asked, whatever a curator switched off: what is on is decided when it is read.
ALL_ON = {key: Setting() for key in CHECKS}
BATCH = 500


@transaction.atomic
def keep(versions: Sequence[Version], at: datetime, directory: Directory | None = None) -> None:
    """Check these versions; store what was found, and the services that they name by the directory
    of that day. Nine queries for five hundred.

    Called after `families.place`: near copies are read from the families, so that other members
    which are no longer alone in theirs are marked as well.
    """
    directory = directory or Directory.on(at.date())
    for start in range(0, len(versions), BATCH):
        batch = versions[start : start + BATCH]
        referrals = note(batch, at, directory)
        CheckResult.objects.filter(version__in=[each.pk for each in batch]).delete()
        rows = [row for version in batch for row in rows_of(version, referrals[version.pk])]
        CheckResult.objects.bulk_create(rows, batch_size=2000)
        mark_near_copies([each.pk for each in batch])


def rows_of(version: Version, referrals: Sequence[Referral]) -> Iterator[CheckResult]:
    """What the checks find in a version, near copies apart; not stored. No query."""
    draft = draft_of(version, referrals=referrals)
    counted = Counter((found.check.key, found.remark.level) for found in checks.look(draft, ALL_ON))
    for (key, level), n in counted.items():
        yield CheckResult(version_id=version.pk, key=key, level=level, n=n)


def mark_near_copies(pks: Sequence[str]) -> None:
    """A warning for each version in use that shares a family with these, and has none yet."""
    touched = Sketch.objects.filter(version__in=pks).values("family")
    shared = (
        Sketch.objects.in_use()
        .filter(family__in=touched)
        .values("family")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .order_by()
    )
    unmarked = (
        Sketch.objects.in_use()
        .filter(family__in=[row["family"] for row in shared])
        .exclude(version__check_results__key=NEAR_COPY)
    )
    CheckResult.objects.bulk_create(
        [
            CheckResult(version_id=pk, key=NEAR_COPY, level="warn", n=1)
            for pk in unmarked.values_list("pk", flat=True)
        ],
        batch_size=2000,
    )


@transaction.atomic
def keep_all(*, by: User | None, at: datetime, said: Callable[[int], None] = lambda n: None) -> int:
    """Every version that was sent or imported, checked anew, with the services that it names; how
    many. `said` hears how far.
    """
    CheckResult.objects.all().delete()
    directory = Directory.on(at.date())
    n_kept = 0
    pks = list(Version.objects.sent().order_by("created_at", "id").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        batch = list(Version.objects.filter(pk__in=pks[start : start + BATCH]))
        keep(batch, at, directory)
        n_kept += len(batch)
        said(n_kept)
    record(by=by, verb="checks kept anew", target="corpus", note=str(n_kept))
    return n_kept
