"""Which items may come to a rater: those that fit what they declared, that they did not hide, and
of which they have settled no answer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q

from annotation.models import ItemAnswer
from annotation.prepared import Blank

# How many languages, countries, domains and hidden domains a condition names, and whether it looks
# at what the rater settled.
Shape = tuple[int | None, int | None, int | None, int | None, bool]
PARTS = ("languages", "countries", "domains", "hidden")


@dataclass(frozen=True)
class Reach:
    """None: the study does not choose by it, or nothing is hidden."""

    languages: Collection[str] | Blank | None = None
    countries: Collection[str] | Blank | None = None
    domains: Collection[str] | Blank | None = None
    hidden: Collection[str] | Blank | None = None
    settler: str | Blank | None = None  # None: they settled nothing

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
        if self.hidden is not None:
            found &= ~Q(domain__in=self.hidden)
        if self.settler is not None:
            settled = ItemAnswer.objects.filter(completion__adjudications__adjudicator=self.settler)
            found &= ~Q(Exists(settled.filter(item=OuterRef("pk"))))
        return found

    @cached_property
    def values(self) -> dict[str, Any]:
        """What fills the blanks of a reach of this shape."""
        parts = {name: list(found) for name in PARTS if (found := getattr(self, name)) is not None}
        return parts if self.settler is None else {**parts, "settler": self.settler}

    @cached_property
    def shape(self) -> Shape:
        languages, countries, domains, hidden = (
            len(self.values[name]) if name in self.values else None for name in PARTS
        )
        return languages, countries, domains, hidden, self.settler is not None


def blank(shape: Shape) -> Reach:
    """A reach of this shape, to be filled in."""
    *counts, has_settled = shape
    named = zip(PARTS, counts, strict=True)
    settler = Blank("settler") if has_settled else None
    return Reach(**{name: Blank(name, n=n) for name, n in named if n is not None}, settler=settler)
