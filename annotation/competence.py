"""Which raters fit an item: by the language, country and domain that they say they know."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What an item asks of its rater. A country or domain of "" asks for none in particular."""

    language: str
    country: str
    domain: str


@dataclass(frozen=True)
class Declared:
    """What a rater says they know: languages, countries of licence, ids of domains."""

    languages: Collection[str]
    countries: Collection[str]
    domains: Collection[str]


@dataclass(frozen=True)
class Routes:
    """By what a study chooses who gets an item."""

    language: bool = False
    country: bool = False
    domain: bool = False

    def __bool__(self) -> bool:
        return self.language or self.country or self.domain


def tongue(language: str) -> str:
    """The language without its region: "en-GB" and "EN" are read by who reads "en"."""
    return language.replace("_", "-").split("-")[0].strip().lower()


def has_declared(routes: Routes, rater: Declared) -> bool:
    """Whether the rater has said anything of each matter that the study routes by."""
    return (
        (not routes.language or bool(rater.languages))
        and (not routes.country or bool(rater.countries))
        and (not routes.domain or bool(rater.domains))
    )


def fits(routes: Routes, kind: Kind, rater: Declared) -> bool:
    """Whether the rater may be given such an item. Who declared nothing is given nothing."""
    return (
        has_declared(routes, rater)
        and (not routes.language or kind.language in rater.languages)
        and (not routes.country or not kind.country or kind.country in rater.countries)
        and (not routes.domain or not kind.domain or kind.domain in rater.domains)
    )


def without_rater(
    routes: Routes, kinds: Iterable[tuple[Kind, int]], raters: Collection[Declared]
) -> list[tuple[Kind, int]]:
    """The kinds of item that nobody fits, each with how many items are of it."""
    return [(kind, n) for kind, n in kinds if not any(fits(routes, kind, r) for r in raters)]
