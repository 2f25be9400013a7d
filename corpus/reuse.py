"""How many responses share a template: over the corpus, and by domain and strategy."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Min, Q

from accounts.models import User
from corpus.families import Diversity, diversity
from corpus.models import Domain, Sketch, Strategy, Version

# One template is a domain's only one, for the eye, when it makes up nine of ten of its responses.
NEARLY_ALL = 0.9
MAX_FAMILIES = 20


@dataclass(frozen=True)
class Part:
    """The responses of a domain that follow a strategy; `family` is the largest of them."""

    domain: str
    strategy: str
    found: Diversity
    family: str = ""
    place: dict[str, str] = field(default_factory=dict)  # how the list of pairs is filtered to it


@dataclass(frozen=True)
class Family:
    """Responses written from one template: its most frequent wording, and the next."""

    name: str
    n_responses: int
    domains: list[str]
    n_wordings: int
    example: Version | None = None  # none where all of them are drafts that the reader may not see
    other: Version | None = None


@dataclass(frozen=True)
class Reuse:
    """The newest version of each pair that was sent or imported, without the rejected ones."""

    whole: Diversity
    parts: list[Part] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    n_domains: int = 0
    n_one_template: int = 0  # domains whose responses nearly all share one template


def report(reader: User | None = None) -> Reuse:
    """Counts everything; examples are what the reader may see. Five queries, whatever the size."""
    domains = {row.pk: row for row in Domain.objects.all()}
    strategies = {row.pk: row for row in Strategy.objects.only("slug", "name")}
    whole: Counter[str] = Counter()
    by_domain: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    by_part: defaultdict[tuple[str | None, str | None], Counter[str]] = defaultdict(Counter)
    for domain, strategy, family, n in _sizes():
        whole[family] += n
        by_domain[domain][family] += n
        by_part[domain, strategy][family] += n
    parts = [
        _part(domains.get(domain or ""), strategies.get(strategy or ""), sizes)
        for (domain, strategy), sizes in by_part.items()
    ]
    within = [diversity(sizes.values()) for sizes in by_domain.values()]
    return Reuse(
        whole=diversity(whole.values()),
        parts=sorted(parts, key=lambda part: (-part.found.share, part.domain, part.strategy)),
        families=_largest(whole, by_domain, domains, reader),
        n_domains=len(within),
        n_one_template=sum(_has_one_template(found) for found in within),
    )


def _sizes() -> Iterable[tuple[str | None, str | None, str, int]]:
    rows = Sketch.objects.in_use().values_list("version__domain", "version__strategy", "family")
    return rows.annotate(n=Count("pk")).order_by()


def _part(domain: Domain | None, strategy: Strategy | None, sizes: Counter[str]) -> Part:
    family, n = max(sizes.items(), key=lambda row: (row[1], row[0]))
    return Part(
        domain=domain.name if domain else "",
        strategy=strategy.name if strategy else "",
        found=diversity(sizes.values()),
        family=family if n > 1 else "",
        place={name: row.slug for name, row in (("domain", domain), ("strategy", strategy)) if row},
    )


def _has_one_template(found: Diversity) -> bool:
    return found.n_largest > 1 and found.n_largest >= NEARLY_ALL * found.n_responses


def _largest(
    whole: Counter[str],
    by_domain: dict[str | None, Counter[str]],
    domains: dict[str, Domain],
    reader: User | None,
) -> list[Family]:
    shared = [(name, n) for name, n in whole.items() if n > 1]
    top = sorted(shared, key=lambda row: (-row[1], row[0]))[:MAX_FAMILIES]
    wordings = _wordings([name for name, _ in top], reader)
    seen = {name: [pk for pk in said if pk][:2] for name, said in wordings.items()}
    versions = Version.objects.in_bulk([pk for two in seen.values() for pk in two])
    return [
        Family(
            name,
            n,
            [domains[pk].name for pk in by_domain if pk and by_domain[pk][name]],
            len(wordings[name]),
            *(versions[pk] for pk in seen[name]),
        )
        for name, n in top
    ]


def _wordings(families: list[str], reader: User | None) -> dict[str, list[str | None]]:
    """By family a version of each wording that the reader may see, the most frequent first."""
    may_see = Q(version__in=Version.objects.visible_to(reader)) if reader else None
    rows = Sketch.objects.in_use().filter(family__in=families).values("family", "words_digest")
    found: defaultdict[str, list[str | None]] = defaultdict(list)
    counted = rows.annotate(n=Count("pk"), one=Min("pk", filter=may_see))
    for row in counted.order_by("-n", "words_digest"):
        found[row["family"]].append(row["one"])
    return found
