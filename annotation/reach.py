"""Which items may come to a rater: those that fit what they declared and that they did not hide."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from annotation.prepared import Blank

# How many languages, countries, domains and hidden domains a condition names.
Shape = tuple[int | None, int | None, int | None, int | None]
PARTS = ("languages", "countries", "domains", "hidden")


@dataclass(frozen=True)
class Reach:
    """None: the study does not choose by it, or nothing is hidden."""

    languages: Collection[str] | Blank | None = None
    countries: Collection[str] | Blank | None = None
    domains: Collection[str] | Blank | None = None
    hidden: Collection[str] | Blank | None = None

    @property
    def condition(self) -> Q:
        """On items. True of all where the rater may have any."""
        found = Q()
        if self.languages is not None:
            found &= Q(language__in=self.languages)
        if self.countries is not None:
            found &= Q(country__in=self.countries)
        if self.domains is not None:
            found &= Q(domain=None) | Q(domain__in=self.domains)
        return found & ~Q(domain__in=self.hidden) if self.hidden is not None else found

    @cached_property
    def values(self) -> dict[str, Any]:
        """What fills the blanks of a reach of this shape."""
        return {name: list(found) for name in PARTS if (found := getattr(self, name)) is not None}

    @cached_property
    def shape(self) -> Shape:
        languages, countries, domains, hidden = (
            len(self.values[name]) if name in self.values else None for name in PARTS
        )
        return languages, countries, domains, hidden


def blank(shape: Shape) -> Reach:
    """A reach of this shape, to be filled in."""
    named = zip(PARTS, shape, strict=True)
    return Reach(**{name: Blank(name, n=n) for name, n in named if n is not None})
