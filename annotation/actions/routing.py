"""Which items may come to a rater: those that fit what they declared and that they did not hide."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from accounts.actions import record
from accounts.models import User
from accounts.roles import Role
from annotation import languages as tongues
from annotation.actions import care
from annotation.competence import Declared, Kind, Routes, tongue, without_rater
from annotation.models import Rater, Study
from corpus.models import Domain

MAX_DECLARED = 40


class NotDeclarable(ValueError):
    """What was declared is no language or country as the Studio writes them."""

    http_status = 422


@dataclass(frozen=True)
class Gap:
    """Items of one kind that no rater fits."""

    language: str
    country: str
    domain: Domain | None
    n_items: int


def routes_of(study: Study) -> Routes:
    """By what the study chooses who gets an item."""
    return Routes(study.routes_by_language, study.routes_by_country, study.routes_by_domain)


def reach(study: Study, rater: Rater, hidden: frozenset[str] | None = None) -> Q | None:
    """A condition on items; None: the study asks for competence that the rater never declared.

    One query for what the rater hides unless the caller knows it, and one more where the study
    routes by domain.
    """
    mine = _asked_of(study, rater)
    if mine is None:
        return None
    hidden = care.hidden_domains(rater) if hidden is None else hidden
    return mine & ~Q(domain__in=hidden) if hidden else mine


def _asked_of(study: Study, rater: Rater) -> Q | None:
    found = Q()
    if study.routes_by_language:
        if not rater.languages:
            return None
        found &= Q(language__in=rater.languages)
    if study.routes_by_country:
        if not rater.countries:
            return None
        found &= Q(country__in=["", *rater.countries])
    if study.routes_by_domain:
        domains = list(rater.domains.order_by().values_list("pk", flat=True))
        if not domains:
            return None
        found &= Q(domain=None) | Q(domain__in=domains)
    return found


def gaps(study: Study) -> list[Gap]:
    """Items that no rater of this site fits, most first. Three queries, and none where all fit."""
    routes = routes_of(study)
    if not routes:
        return []
    kinds = study.items.order_by().values_list("language", "country", "domain")
    counted = [
        (Kind(language, country, domain or ""), n)
        for language, country, domain, n in kinds.annotate(n=Count("pk"))
    ]
    missing = without_rater(routes, counted, _declared())
    domains = Domain.objects.in_bulk([kind.domain for kind, _ in missing if kind.domain])
    found = [
        Gap(tongues.name(kind.language), kind.country, domains.get(kind.domain), n)
        for kind, n in missing
    ]
    return sorted(found, key=lambda gap: (-gap.n_items, gap.language, gap.country))


def _declared() -> list[Declared]:
    """What everybody who may rate now has declared; who declared nothing is no help here."""
    there = Rater.objects.filter(user__is_active=True, user__grants__role=Role.RATER)
    rows = there.exclude(languages=[], countries=[], domains=None).prefetch_related("domains")
    return [
        Declared(row.languages, row.countries, [domain.pk for domain in row.domains.all()])
        for row in rows.distinct()
    ]


@transaction.atomic
def declare(
    *,
    by: User,
    rater: Rater,
    languages: Sequence[str],
    countries: Sequence[str],
    domains: Sequence[Domain],
) -> Rater:
    """What the rater can judge. It decides from the next item on; what was rated stays."""
    rater.languages = _codes([tongue(name) for name in languages], "language", (2, 3))
    rater.countries = _codes([name.upper() for name in countries], "country", (2,))
    rater.save(update_fields=["languages", "countries"])
    rater.domains.set(domains)
    record(by=by, verb="competence declared", target=rater.label)
    return rater


def _codes(names: Sequence[str], word: str, lengths: tuple[int, ...]) -> list[str]:
    """Each once, in order: "da" for a language, "DK" for a country."""
    found = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    for name in found:
        if len(name) not in lengths or not (name.isascii() and name.isalpha()):
            raise NotDeclarable(
                f"{name[:20]!r} is no code of a {word}. "
                "Write two letters, for example da for Danish or DK for Denmark."
            )
    if len(found) > MAX_DECLARED:
        raise NotDeclarable(f"At most {MAX_DECLARED} of them can be declared.")
    return found
