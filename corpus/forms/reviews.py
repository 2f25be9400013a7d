"""The forms of a review."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

KINDS = [
    ("comment", _("A comment")),
    ("request", _("A request for a change")),
    ("blocking", _("A request that must be met before approval")),
]


class RemarkForm(forms.Form):
    """A remark on a version, or on some words of it."""

    kind = forms.ChoiceField(label=_("It is"), choices=KINDS, initial="comment", required=False)
    passage = forms.CharField(
        label=_("Words that it is about"),
        help_text=_("Copied from the conversation or the response; leave it empty for all of it."),
        required=False,
        max_length=2000,
    )
    body = forms.CharField(
        label=_("Remark"), widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000
    )

    def __init__(self, data: QueryDict | None = None, *, can_block: bool = False) -> None:
        super().__init__(data)
        if not can_block:
            cast(forms.ChoiceField, self.fields["kind"]).choices = KINDS[:2]

    def said(self) -> dict[str, Any]:
        """For the action that keeps it."""
        kind = self.cleaned_data["kind"] or "comment"
        return {
            "kind": "request" if kind == "blocking" else kind,
            "is_blocking": kind == "blocking",
            "passage": self.cleaned_data["passage"],
            "body": self.cleaned_data["body"],
        }


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
