"""Which responses name a service, by the references that were found in them."""

from datetime import date

from django.db.models import Prefetch, Q

from corpus.models import Reference, Version
from corpus.models.pairs import VersionQuerySet
from crisis.models import Resource


def naming(resource: Resource) -> VersionQuerySet:
    """Versions in use that name it, with `references` to it alone: newest ones, approved ones."""
    to_it = Reference.objects.filter(resource=resource)
    in_use = Q(is_latest=True) | Q(pk__in=Version.objects.current().values("pk"))
    return (
        Version.objects.filter(in_use, pk__in=to_it.values("version"))
        .select_related("pair", "domain")
        .prefetch_related(Prefetch("references", queryset=to_it))
    )


def counts(on: date) -> dict[str, int]:
    """References of current versions by what their services are worth on that day."""
    rows = Reference.objects.filter(version__in=Version.objects.current().values("pk"))
    known = rows.filter(resource__isnull=False)
    live = known.filter(resource__retired_on__isnull=True)
    serving = live.filter(serves_country=True)
    return {
        "responses": rows.values("version").distinct().count(),
        "verified": serving.filter(resource__recheck_by__gte=on).count(),
        "unverified": serving.filter(resource__recheck_by__isnull=True).count(),
        "stale": live.filter(resource__recheck_by__lt=on).count(),
        "retired": known.filter(resource__retired_on__isnull=False).count(),
        "wrong_country": live.filter(serves_country=False)
        .exclude(resource__recheck_by__lt=on)
        .count(),
        "not_in_the_directory": rows.filter(resource__isnull=True).count(),
    }
