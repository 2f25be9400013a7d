"""What raters declare that they can judge, and which items of a study come to them by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import record
from accounts.models import User
from accounts.roles import Role
from annotation import languages as tongues
from annotation.actions import care
from annotation.competence import Declared, Kind, Routes, tongue, without_rater
from annotation.models import Rater, Study
from annotation.reach import Reach
from corpus.models import Domain

MAX_DECLARED = 40
WRONG = {
    "language": gettext_lazy(
        "'%(name)s' is no code of a language. Write two letters, for example da for Danish."
    ),
    "country": gettext_lazy(
        "'%(name)s' is no code of a country. Write two letters, for example DK for Denmark."
    ),
}


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


def reach(study: Study, rater: Rater, today: care.Today | None = None) -> Reach | None:
    """What of the study may come to the rater; None: it asks for competence that the rater never
    declared. Three queries unless the caller knows their day.
    """
    hidden = care.hidden_domains(rater) if today is None else today.hidden
    has_settled = rater.adjudications.exists() if today is None else today.has_settled
    languages = rater.languages if study.routes_by_language else None
    countries = rater.countries if study.routes_by_country else None
    domains: list[str] | None = None
    if study.routes_by_domain:
        domains = sorted(care.known_domains(rater) if today is None else today.domains)
    if any(each is not None and not each for each in (languages, countries, domains)):
        return None
    if countries is not None:
        countries = ["", *countries]
    settler = rater.pk if has_settled else None
    return Reach(languages, countries, domains, sorted(hidden) or None, settler)


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
            raise NotDeclarable(WRONG[word] % {"name": name[:20]})
    if len(found) > MAX_DECLARED:
        raise NotDeclarable(_("At most %(n)s of them can be declared.") % {"n": MAX_DECLARED})
    return found
