"""What people type about people."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import SCOPES, Role


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )


class AcceptForm(forms.Form):
    """What a new person says of themselves."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=_("Choose a password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A few words that belong together are easy to keep."),
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What others see, and what competence is routed by."""

    class Meta:
        model = User
        fields = ("name", "profession", "country", "language")
        labels = {  # Django's own form
            "name": _("Name"),
            "profession": _("Profession"),
            "country": _("Country of work (two letters, such as DK)"),
            "language": _("Language you rate in (such as en)"),
        }

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if country and not (len(country) == 2 and country.isalpha()):
            raise forms.ValidationError(_("Use the two-letter code of the country, such as DK."))
        return country


class TokenForm(forms.Form):
    """A token for a program."""

    name = forms.CharField(label=_("What is it for?"), max_length=80)
    scope = forms.ChoiceField(label=_("It may"), choices=[(scope, scope) for scope in SCOPES])
    days = forms.IntegerField(
        label=_("Days until it expires"), min_value=1, max_value=90, initial=30
    )
