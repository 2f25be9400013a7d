"""How many people sign an approval, by domain."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from corpus.models import Domain

SIGNERS = [(1, "1"), (2, "2")]


class SignersForm(forms.Form):
    """A choice a domain."""

    def __init__(self, data: QueryDict | None, *, domains: Sequence[Domain]) -> None:
        super().__init__(data)
        self.domains = domains
        for domain in domains:
            self.fields[domain.slug] = forms.TypedChoiceField(
                label=domain.name,
                choices=SIGNERS,
                coerce=int,
                initial=domain.approvals_needed,
                widget=forms.Select(attrs={"aria-describedby": f"about-{domain.slug}"}),
            )

    def changed(self) -> list[tuple[Domain, int]]:
        """What is to be another number from now on."""
        return [
            (domain, self.cleaned_data[domain.slug])
            for domain in self.domains
            if self.cleaned_data[domain.slug] != domain.approvals_needed
        ]

    def rows(self) -> list[tuple[Domain, forms.BoundField]]:
        """For the table."""
        return [(domain, self[domain.slug]) for domain in self.domains]
