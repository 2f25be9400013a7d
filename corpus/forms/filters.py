"""The filters of the list in one spelling, and the form that gives them a name."""

from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from corpus.forms.lists import FilterForm


def normal(query: str) -> str:
    """The same filters always in the same words: unknown, empty and unreadable ones dropped."""
    said = QueryDict(query)
    form = FilterForm(said)
    form.is_valid()
    kept = [
        (name, value)
        for name in form.fields
        if form.cleaned_data.get(name)
        for value in _values(form, said, name)
    ]
    return urlencode(kept)


def _values(form: FilterForm, said: QueryDict, name: str) -> list[str]:
    """As cleaned where it is a text, so that blanks do not count; else as it was said."""
    cleaned = form.cleaned_data[name]
    if isinstance(cleaned, str):
        return [cleaned]
    return said.getlist(name) if isinstance(cleaned, list) else [str(said[name])]


class SavedFilterForm(forms.Form):
    """A name for filters, and whether the team sees them."""

    name = forms.CharField(label=_("Name"), max_length=80)
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    is_shared = forms.BooleanField(label=_("Share with the team"), required=False)
