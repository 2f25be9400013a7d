"""The forms of prompt sets and imports."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from corpus.formats import PAIR_FORMATS, PROMPT_FORMATS
from corpus.models import Domain
from corpus.models.pairs import Status
from corpus.models.prompts import ExpectedAction


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


class ImportForm(forms.Form):
    """A file and where it comes from."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV or JSON Lines, saved as UTF-8, at most 200 MB.")
    )
    revision = forms.CharField(label=_("Version of the source"), required=False, max_length=120)
    licence = forms.CharField(label=_("Licence"), required=False, max_length=120)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_IMPORT_BYTES:
            limit = settings.MAX_IMPORT_BYTES // 1_000_000
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Cut it into several."),
                params={"limit": limit},
            )
        return file


class ImportPromptsForm(ImportForm):
    """Prompts into a new set."""

    set_name = forms.CharField(label=_("Name of the new set"), max_length=120)
    format = forms.ChoiceField(
        label=_("Format"), choices=[(name, known.label) for name, known in PROMPT_FORMATS.items()]
    )
    source = forms.CharField(
        label=_("Source"),
        help_text=_("A known benchmark brings its own; else the set's name is taken."),
        required=False,
        max_length=120,
    )
    expected_action = forms.ChoiceField(
        label=_("Expected, where the file does not say it"),
        choices=[("", _("As usual for the format")), *ExpectedAction.choices],
        required=False,
    )
    field_order = ("file", "format", "set_name", "expected_action", "source")


class ImportPairsForm(ImportForm):
    """Pairs as drafts."""

    format = forms.ChoiceField(
        label=_("Format"), choices=[(name, known.label) for name, known in PAIR_FORMATS.items()]
    )
    source = forms.CharField(label=_("Source"), max_length=120)
    field_order = ("file", "format", "source")
