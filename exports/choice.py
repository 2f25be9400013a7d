"""Which pairs a release is made of: filters, and the words that say them ever after."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from corpus import places
from corpus.models import Domain, Pair, Source, Strategy, Version
from corpus.models.pairs import VersionQuerySet
from corpus.models.prompts import ExpectedAction

WRITTEN_HERE = "none"
NAMED = 20


class Unknown(ValueError):
    """Something is asked for that there is not; `field` is where."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Choice:
    """Empty means all. Domains and strategies by slug, sources and pairs by id."""

    domains: tuple[str, ...] = ()
    strategies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # WRITTEN_HERE: pairs without a source
    expected_actions: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    def versions(self) -> VersionQuerySet:
        """The current versions that it names, fresh or not. No query."""
        return Version.objects.current().filter(self.of())

    def of(self) -> Q:
        """The condition on a version."""
        named = {
            "domain__slug__in": self.domains,
            "strategy__slug__in": self.strategies,
            "language__in": self.languages,
            "country__in": self.countries,
            "expected_action__in": self.expected_actions,
            "pair__in": self.pairs,
        }
        wanted = Q(**{name: list(values) for name, values in named.items() if values})
        if self.sources:
            from_source = Q(pair__source__in=[pk for pk in self.sources if pk != WRITTEN_HERE])
            here = Q(pair__source=None) if WRITTEN_HERE in self.sources else Q()
            wanted &= (from_source | here) if here else from_source
        return wanted


def words(choice: Choice, *, on: date, studies: Iterable[str] = ()) -> str:
    """What was chosen, for people. One query for each filter that has names of its own."""
    domains = Domain.objects.filter(slug__in=choice.domains)
    strategies = Strategy.objects.filter(slug__in=choice.strategies)
    sources = list(Source.objects.filter(pk__in=choice.sources).values_list("name", flat=True))
    sources += ["written here"] if WRITTEN_HERE in choice.sources else []
    said = [
        ("Domains", [each.name for each in domains] if choice.domains else ["all"]),
        ("Strategies", [each.name for each in strategies] if choice.strategies else []),
        ("Languages", [places.LANGUAGES.get(code, code) for code in choice.languages]),
        ("Countries", [places.COUNTRIES.get(code, code) for code in choice.countries]),
        ("Sources", sources),
        ("Expected", [str(ExpectedAction(each).label) for each in choice.expected_actions]),
        ("Pairs by name", [f"{len(choice.pairs):,}"] if choice.pairs else []),
        ("With what was said in", list(studies)),
    ]
    parts = [f"{what}: {', '.join(sorted(which))}." for what, which in said if which]
    return " ".join([f"Approved and fresh on {on.isoformat()}.", *parts])


def refuse_unknown(choice: Choice) -> None:
    """Raises `Unknown`. One query for each filter that is used, and one more to say what is."""
    rows = {
        "domains": (choice.domains, Domain.objects.values_list("slug", flat=True)),
        "strategies": (choice.strategies, Strategy.objects.values_list("slug", flat=True)),
        "sources": (
            tuple(pk for pk in choice.sources if pk != WRITTEN_HERE),
            Source.objects.order_by("name").values_list("pk", flat=True),
        ),
        "pairs": (choice.pairs, Pair.objects.order_by("pk").values_list("pk", flat=True)),
    }
    for field, (asked, known) in rows.items():
        _refuse(field, asked, known.filter(pk__in=asked) if field in BY_ID else known, known)
    actions = ExpectedAction.values
    _refuse("expected_actions", choice.expected_actions, actions, actions)


BY_ID = ("sources", "pairs")


def _refuse(
    field: str, asked: tuple[str, ...], known: Iterable[str], all_of_them: Iterable[str]
) -> None:
    missing = sorted(set(asked) - set(known)) if asked else []
    if missing:
        there_are = ", ".join(list(all_of_them)[:NAMED]) or _("none yet")
        raise Unknown(
            field,
            _("Not known among %(field)s: '%(missing)s'. There are: %(there_are)s.")
            % {"field": field, "missing": missing[0], "there_are": there_are},
        )
