"""The directory of services as it stands on a day: read once, used for many responses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.urls import reverse

from corpus.checks import Referral
from corpus.checks.shape import passage
from corpus.models import Version
from crisis.entries import Entry, Finding, Standing
from crisis.finding import find
from crisis.lookup import Lookup
from crisis.models import Resource

MAX_OFFERED = 3


@dataclass(frozen=True)
class Directory:
    """Its rows, and what a response says of them."""

    entries: Sequence[Entry]
    _offered: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def on(cls, day: date) -> "Directory":
        """One query."""
        return cls(Resource.objects.all().entries(day))

    @cached_property
    def lookup(self) -> Lookup:
        return Lookup(self.entries)

    def findings(self, version: Version) -> list[Finding]:
        """Every service that the response names, for the country of the person."""
        return find(version.response, version.country, self.lookup)

    def referrals(
        self, version: Version, findings: Sequence[Finding] | None = None
    ) -> list[Referral]:
        """What the check of services reads."""
        found = self.findings(version) if findings is None else findings
        return [self._referral(version, each) for each in found]

    def offered(self, country: str) -> tuple[str, ...]:
        """Verified services of a country, as a writer may name them; not those everywhere."""
        if country not in self._offered:
            verified = [
                f"{entry.name}, {entry.contact}"
                for entry in self.entries
                if entry.standing == Standing.VERIFIED and country in entry.countries
            ]
            self._offered[country] = tuple(sorted(verified)[:MAX_OFFERED])
        return self._offered[country]

    def _referral(self, version: Version, found: Finding) -> Referral:
        entry = found.entry
        listed = f"{reverse('corpus:resources')}?country={version.country}"
        return Referral(
            passage=passage(version.response, found.start, found.end),
            verdict=found.verdict.value,
            name=entry.name if entry else "",
            contact=entry.contact if entry else "",
            standing=str(entry.standing) if entry else "",
            countries=entry.countries if entry else (),
            offered=self.offered(version.country),
            url=reverse("corpus:resource", args=[entry.id]) if entry else listed,
        )
