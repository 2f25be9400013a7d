"""What curators type about a source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.proof import Ways


class SourceForm(forms.Form):
    """Its terms, and which edition of it was imported."""

    licence = forms.CharField(
        label=_("Licence"),
        required=False,
        max_length=120,
        help_text=_("As its publisher names it, such as CC BY 4.0."),
    )
    url = forms.URLField(
        label=_("Address"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Where it is published."),
    )
    revision = forms.CharField(
        label=_("Version of the source"),
        required=False,
        max_length=120,
        help_text=_("A number, a date or a commit."),
    )


class PurgeForm(forms.Form):
    """Said again, on purpose: which source, why."""

    name = forms.CharField(
        label=_("The source's name, as it stands above"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Why it must go"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: the licence demands it, asked by its publisher on 3 March."),
    )

    password = forms.CharField(
        label=_("Your password"),
        required=False,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, source_name: str, ways: Ways, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source_name = source_name
        self.ways = ways
        self.fields["password"].required = not ways.passkey
        if not ways.password:
            del self.fields["password"]

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if name != " ".join(self.source_name.split()):
            raise forms.ValidationError(
                _("The source is called “%(name)s”. Type exactly this, if it is the one to go."),
                params={"name": self.source_name},
            )
        return name
