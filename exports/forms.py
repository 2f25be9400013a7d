"""The forms of releases."""

from django import forms
from django.utils.translation import gettext_lazy as _

from corpus.models import Domain
from corpus.models.pairs import Status


class ChoiceForm(forms.Form):
    """What a release is made of."""

    domains = forms.ModelMultipleChoiceField(
        Domain.objects.filter(versions__status=Status.APPROVED).distinct(),
        label=_("Domains"),
        help_text=_("All of them, if you choose none."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ReleaseForm(ChoiceForm):
    """A new release."""

    name = forms.CharField(label=_("Name"), max_length=80)
    version = forms.CharField(
        label=_("Version"),
        max_length=20,
        help_text=_("Three numbers with dots, such as 1.0.0."),
    )
    description = forms.CharField(
        label=_("Description"),
        help_text=_(
            "What it is for. It stands on its page and in the README of an exported folder."
        ),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("name", "version", "description", "domains")


class WithdrawForm(forms.Form):
    """Why a release must not be used any more."""

    reason = forms.CharField(
        label=_("Why must it not be used any more?"),
        help_text=_("Everybody who opens the release reads this."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
