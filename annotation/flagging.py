"""Which flags wait for whom: small counts for the home page and the study's page."""

from django.db.models import Count, Q

from accounts.models import User
from annotation.models import Flag, Study


def waiting_by_study() -> list[tuple[Study, int]]:
    """Studies with open flags and how many, the most first. At most four queries."""
    n_flags = Count("flags", filter=Q(flags__resolved_at=None))
    found = Study.objects.alias(n_flags=n_flags).filter(n_flags__gt=0).order_by("-n_flags", "id")
    return [(study, n_open(study)) for study in found[:3]]


def n_open(study: Study) -> int:
    """Flags of the study that wait. One query."""
    return study.flags.waiting().count()


def n_answered(user: User) -> int:
    """Open flags of this rater in which a curator spoke last. One query."""
    return Flag.objects.of(user).waiting().answered().count()
