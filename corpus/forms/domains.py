"""How many people sign an approval, and how hard its content is to read, by domain."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from corpus.models import Domain

SIGNERS = [(1, "1"), (2, "2")]
SEVERITIES = [(1, _("mild")), (2, _("hard to read")), (3, _("severe"))]


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
            self.fields[_severity(domain)] = forms.TypedChoiceField(
                label=_("How hard %(domain)s is to read") % {"domain": domain.name},
                choices=SEVERITIES,
                coerce=int,
                initial=domain.severity,
                required=False,
            )

    def changed(self) -> list[tuple[Domain, int]]:
        """What is to be another number from now on."""
        return [
            (domain, self.cleaned_data[domain.slug])
            for domain in self.domains
            if self.cleaned_data[domain.slug] != domain.approvals_needed
        ]

    def harder(self) -> list[tuple[Domain, int]]:
        """What is to be harder or milder; what was not sent stays."""
        sent = [(domain, self.cleaned_data[_severity(domain)]) for domain in self.domains]
        return [(domain, n) for domain, n in sent if n and n != domain.severity]

    def rows(self) -> list[tuple[Domain, forms.BoundField, forms.BoundField]]:
        """For the table."""
        return [(domain, self[domain.slug], self[_severity(domain)]) for domain in self.domains]


def _severity(domain: Domain) -> str:
    return f"{domain.slug}.severity"
