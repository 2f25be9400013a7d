"""The forms of a review."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.proof import Ways

KINDS = [
    ("comment", _("A comment")),
    ("request", _("A request for a change")),
    ("blocking", _("A request that must be met before approval")),
]


class RemarkForm(forms.Form):
    """A remark on a version, or on some words of it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="comment")
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
        kind = self.cleaned_data["kind"]
        return {
            "kind": "request" if kind == "blocking" else kind,
            "is_blocking": kind == "blocking",
            "passage": self.cleaned_data["passage"],
            "body": self.cleaned_data["body"],
        }


class LockForm(forms.Form):
    """Which state of the version was read."""

    lock_version = forms.IntegerField(min_value=1)


class DecisionForm(forms.Form):
    """A reviewer's decision; the button that was pressed says which.

    An approval is signed: with the password, or with a passkey's answer.
    """

    use_required_attribute = False
    decision = forms.ChoiceField(
        choices=[("approve", ""), ("request_changes", ""), ("reject", "")],
        error_messages={"required": _("Choose what you decide.")},
        widget=forms.HiddenInput,
    )
    lock_version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The author and everybody after you reads it, whatever you decide."),
        error_messages={"required": _("Say why, so that the author knows what to do.")},
        max_length=10_000,
        widget=forms.Textarea(
            attrs={"rows": 4, "placeholder": _("What is good in it, or what must change?")}
        ),
    )
    best_before = forms.DateField(
        label=_("Best before"),
        help_text=_("Until when an approved pair counts as fresh. A year, if you leave it empty."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    password = forms.CharField(
        label=_("Your password"),
        help_text=_("Only to approve: by it you sign. It is asked for every signature."),
        required=False,
        strip=False,
        max_length=200,
        error_messages={"required": _("Type your password to sign. Nothing was signed yet.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, ways: Ways, lock_version: int) -> None:
        super().__init__(data, initial={"lock_version": lock_version})
        self.ways = ways
        is_approval = data is None or data.get("decision") == "approve"
        self.fields["password"].required = is_approval and not ways.passkey
        if not ways.password:
            del self.fields["password"]
        if not ways.passkey:
            del self.fields["credential"]

    @property
    def is_approval(self) -> bool:
        return bool(self.cleaned_data["decision"] == "approve")

    def said(self) -> dict[str, Any]:
        """For the action that decides."""
        names = ["reason", "lock_version", *(["best_before"] if self.is_approval else [])]
        return {name: self.cleaned_data[name] for name in names}
