"""The form of prompt sets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from corpus.models import Domain
from corpus.models.pairs import Status


class PromptSetForm(forms.Form):
    """A prompt set of approved pairs."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    domains = forms.ModelMultipleChoiceField(
        Domain.objects.filter(versions__status=Status.APPROVED).distinct(),
        label=_("Domains"),
        help_text=_("All of them, if you choose none."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
