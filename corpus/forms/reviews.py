"""The forms of a review."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RemarkForm(forms.Form):
    """A remark on a version."""

    body = forms.CharField(
        label=_("Remark"), widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000
    )


class DecisionForm(forms.Form):
    """A reviewer's decision; the button that was pressed says which."""

    lock_version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed when you ask for changes or reject; the author reads it."),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    best_before = forms.DateField(
        label=_("Best before"),
        help_text=_("Until when an approved pair counts as fresh. A year, if you leave it empty."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
