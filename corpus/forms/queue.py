"""Which of the waiting pairs a reviewer looks at. The form's state is the address of its page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corpus import places, vetting
from corpus.models import Domain, Strategy
from corpus.models.pairs import VersionQuerySet


class QueueForm(forms.Form):
    """Which of the waiting pairs a reviewer wants to see. Its state is the page's address."""

    domain = forms.ModelChoiceField(
        Domain.objects.all(),
        label=_("Domain"),
        required=False,
        to_field_name="slug",
        empty_label=_("All"),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    strategy = forms.ModelChoiceField(
        Strategy.objects.all(),
        label=_("Strategy"),
        required=False,
        to_field_name="slug",
        empty_label=_("All"),
    )
    second = forms.BooleanField(label=_("Only second signatures"), required=False)

    def __init__(self, *args: Any, waiting: Iterable[str] = (), **kwargs: Any) -> None:
        """`waiting` are the languages in which something waits, as they are stored."""
        super().__init__(*args, **kwargs)
        known = {**{code: code for code in waiting}, **places.LANGUAGES}
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = [("", _("All")), *known.items()]

    def chosen(self, rows: VersionQuerySet) -> VersionQuerySet:
        """The rows that are asked for; what cannot be read is said beside its field."""
        self.is_valid()
        wanted = self.cleaned_data
        for name in ("domain", "language", "strategy"):
            if wanted.get(name):
                rows = rows.filter(**{name: wanted[name]})
        return vetting.half_signed(rows) if wanted.get("second") else rows
