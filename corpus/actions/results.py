"""Keeping what the checks say of a version, so that the list can be filtered by it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from django.db import transaction
from django.db.models import Count, Q

from accounts.actions import record
from accounts.models import User
from corpus import checks
from corpus.checks import CHECKS, Setting
from corpus.checks.near_copy import key as NEAR_COPY
from corpus.inspection import draft_of
from corpus.models import CheckResult, Sketch, Version
from corpus.models.pairs import Status

# Every check is asked, whatever a curator switched off: what is on is decided when it is read.
ALL_ON = {key: Setting() for key in CHECKS}
BATCH = 500


@transaction.atomic
def keep(versions: Sequence[Version]) -> None:
    """Check these versions and store what was found. Six queries for five hundred.

    Called after `families.place`: near copies are read from the families, so that other members
    which are no longer alone in theirs are marked as well.
    """
    for start in range(0, len(versions), BATCH):
        batch = versions[start : start + BATCH]
        CheckResult.objects.filter(version__in=[each.pk for each in batch]).delete()
        rows = [row for version in batch for row in _results(version)]
        CheckResult.objects.bulk_create([*rows, *_near_copies(batch)], batch_size=2000)


def _results(version: Version) -> Iterator[CheckResult]:
    counted = Counter(
        (found.check.key, found.remark.level) for found in checks.look(draft_of(version), ALL_ON)
    )
    for (key, level), n in counted.items():
        yield CheckResult(version_id=version.pk, key=key, level=level, n=n)


def _near_copies(batch: Sequence[Version]) -> Iterator[CheckResult]:
    """A warning for each version in use that shares its family and has none yet."""
    touched = Sketch.objects.filter(version__in=[each.pk for each in batch]).values("family")
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
    for pk in unmarked.values_list("pk", flat=True):
        yield CheckResult(version_id=pk, key=NEAR_COPY, level="warn", n=1)


@transaction.atomic
def keep_all(*, by: User | None, said: Callable[[int], None] = lambda n: None) -> int:
    """Every version that was sent or imported, checked anew; how many. `said` hears how far."""
    CheckResult.objects.all().delete()
    n_kept = 0
    sent = Version.objects.filter(~Q(status=Status.DRAFT) | Q(sketch__isnull=False))
    pks = list(sent.order_by("created_at", "id").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        batch = list(Version.objects.filter(pk__in=pks[start : start + BATCH]))
        keep(batch)
        n_kept += len(batch)
        said(n_kept)
    record(by=by, verb="checks kept anew", target="corpus", note=str(n_kept))
    return n_kept
