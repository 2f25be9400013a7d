"""What lists show. A form's state is the address of its page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from corpus import places
from corpus.models import Domain
from corpus.models.pairs import Status
from corpus.models.prompts import ExpectedAction


class FilterForm(forms.Form):
    """What the list of pairs shows. Its state is the page's address."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    domain = forms.ModelChoiceField(
        Domain.objects.all(),
        label=_("Domain"),
        required=False,
        to_field_name="slug",
        empty_label=_("All"),
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All")), *Status.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All")), *places.LANGUAGES.items()]
    )
    expected_action = forms.ChoiceField(
        label=_("Expected"), required=False, choices=[("", _("All")), *ExpectedAction.choices]
    )
    mine = forms.BooleanField(label=_("Only mine"), required=False)
    # Responses written from one template; the page on diversity leads here.
    family = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
