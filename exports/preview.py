"""What a release made now would hold, and what it would leave out and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef

from corpus.models import Domain, Version
from corpus.models.pairs import Status

WAITING = {
    Status.DRAFT: "drafts that were not sent for review",
    Status.IN_REVIEW: "in review, not decided",
    Status.CHANGES_REQUESTED: "sent back for changes",
    Status.REJECTED: "rejected",
}

STALE = "approved, but past their best-before date or naming a service that is retired or overdue"


@dataclass(frozen=True)
class Preview:
    """Counts of pairs; `left_out` gives (how many, why), without the reasons that nothing has."""

    by_domain: list[tuple[str, int]]
    left_out: list[tuple[int, str]]

    @property
    def n_in(self) -> int:
        return sum(n for _, n in self.by_domain)

    @property
    def n_out(self) -> int:
        return sum(n for n, _ in self.left_out)


def preview(*, on: date, domains: Sequence[Domain] = ()) -> Preview:
    """Of these domains, or of all. Four queries."""
    current = Version.objects.current()
    chosen = current.filter(domain__in=domains) if domains else current
    fresh = chosen.fresh(on)
    counted = fresh.order_by("domain__position", "domain__name").values_list("domain__name")
    left = [
        (chosen.count() - fresh.count(), STALE),
        *_undecided(domains),
    ]
    if domains:
        others = current.fresh(on).exclude(domain__in=domains).count()
        left.append((others, "approved, in domains that are not chosen"))
    return Preview(
        by_domain=[(name or "no domain", n) for name, n in counted.annotate(n=Count("pk"))],
        left_out=[line for line in left if line[0]],
    )


def _undecided(domains: Sequence[Domain]) -> list[tuple[int, str]]:
    """Pairs of which no version was ever approved, by the state of their newest."""
    approved = Version.objects.approved().filter(pair=OuterRef("pair"))
    newest = Version.objects.newest().filter(~Exists(approved))
    if domains:
        newest = newest.filter(domain__in=domains)
    counts = dict(newest.order_by().values_list("status").annotate(n=Count("pk")))
    return [(counts.get(status, 0), words) for status, words in WAITING.items()]
