"""How many responses share a template: over the corpus, and by domain and strategy."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Min

from corpus.families import Diversity, diversity
from corpus.models import Domain, Sketch, Strategy, Version

# One template is a domain's only one, for the eye, when it makes up nine of ten of its responses.
NEARLY_ALL = 0.9
MAX_FAMILIES = 20


@dataclass(frozen=True)
class Part:
    """The responses of a domain that follow a strategy."""

    domain: str
    strategy: str
    found: Diversity


@dataclass(frozen=True)
class Family:
    """Responses written from one template; `example` is one of them."""

    name: str
    n_responses: int
    domains: list[str]
    example: Version


@dataclass(frozen=True)
class Reuse:
    """The newest version of each pair that was sent or imported, without the rejected ones."""

    whole: Diversity
    parts: list[Part] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    n_domains: int = 0
    n_one_template: int = 0  # domains whose responses nearly all share one template


def report() -> Reuse:
    """Four queries, whatever the size."""
    domains = {row.pk: row for row in Domain.objects.all()}
    strategies = dict(Strategy.objects.values_list("pk", "name"))
    whole: Counter[str] = Counter()
    by_domain: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    by_part: defaultdict[tuple[str | None, str | None], list[int]] = defaultdict(list)
    examples: dict[str, str] = {}
    for domain, strategy, family, n, example in _sizes():
        whole[family] += n
        by_domain[domain][family] += n
        by_part[domain, strategy].append(n)
        examples[family] = min(example, examples.get(family, example))
    named = [domains[pk].name if pk in domains else "" for pk, _ in by_part]
    parts = [
        Part(name, strategies.get(strategy or "", ""), diversity(sizes))
        for name, ((_, strategy), sizes) in zip(named, by_part.items(), strict=True)
    ]
    within = [diversity(sizes.values()) for sizes in by_domain.values()]
    return Reuse(
        whole=diversity(whole.values()),
        parts=sorted(parts, key=lambda part: (-part.found.share, part.domain, part.strategy)),
        families=_largest(whole, by_domain, examples, domains),
        n_domains=len(within),
        n_one_template=sum(_has_one_template(found) for found in within),
    )


def _sizes() -> Iterable[tuple[str | None, str | None, str, int, str]]:
    rows = Sketch.objects.in_use().values_list("version__domain", "version__strategy", "family")
    return rows.annotate(n=Count("pk"), example=Min("pk")).order_by()


def _has_one_template(found: Diversity) -> bool:
    return found.n_largest > 1 and found.n_largest >= NEARLY_ALL * found.n_responses


def _largest(
    whole: Counter[str],
    by_domain: dict[str | None, Counter[str]],
    examples: dict[str, str],
    domains: dict[str, Domain],
) -> list[Family]:
    shared = [(name, n) for name, n in whole.items() if n > 1]
    top = sorted(shared, key=lambda row: (-row[1], row[0]))[:MAX_FAMILIES]
    versions = Version.objects.in_bulk([examples[name] for name, _ in top])
    return [
        Family(
            name=name,
            n_responses=n,
            domains=[domains[pk].name for pk in by_domain if pk and by_domain[pk][name]],
            example=versions[examples[name]],
        )
        for name, n in top
    ]
