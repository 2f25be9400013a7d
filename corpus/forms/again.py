"""The forms of vetting again."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.proof import Ways
from corpus import places
from corpus.models import Domain
from corpus.models.pairs import REMIND, VersionQuerySet

WHY = [
    ("", _("All")),
    ("service", _("A service is retired or overdue")),
    ("past", _("Past their day")),
    ("soon", _("Soon past their day")),
]


class AgainForm(forms.Form):
    """Which of the pairs to vet again are shown. Its state is the page's address."""

    domain = forms.ModelChoiceField(
        Domain.objects.all(),
        label=_("Domain"),
        required=False,
        to_field_name="slug",
        empty_label=_("All"),
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All")), *places.LANGUAGES.items()]
    )
    why = forms.ChoiceField(label=_("Why"), required=False, choices=WHY)

    def chosen(self, rows: VersionQuerySet, on: date) -> VersionQuerySet:
        """The rows that are asked for; what cannot be read is said beside its field."""
        self.is_valid()
        wanted = self.cleaned_data
        for name in ("domain", "language"):
            if wanted.get(name):
                rows = rows.filter(**{name: wanted[name]})
        match wanted.get("why"):
            case "service":
                return rows.naming_stale(on)
            case "past":
                return rows.filter(best_before__lt=on)
            case "soon":
                return rows.filter(best_before__range=(on, on + REMIND))
        return rows


class RenewalForm(forms.Form):
    """Signing again: why it is still right, until when, and a proof of who signs."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Why it is still right"),
        help_text=_("For example: read it again today; both services answer."),
        error_messages={"required": _("Say why it is still right; whoever asks later reads it.")},
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    best_before = forms.DateField(
        label=_("Best before"),
        help_text=_("Until when it counts as fresh. A year from today, if you leave it empty."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    password = forms.CharField(
        label=_("Your password"),
        help_text=_("By it you sign. It is asked for every signature."),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, ways: Ways) -> None:
        super().__init__(data)
        self.ways = ways
        if not ways.password:
            del self.fields["password"]

    def said(self) -> dict[str, Any]:
        """For the action that signs."""
        return {name: self.cleaned_data[name] for name in ("reason", "best_before")}
