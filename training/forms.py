"""The form of a training run."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exports.models import Release
from gate.text import BadText
from generation.models import LanguageModel
from training import config as recipes


class TrainingForm(forms.Form):
    """What is trained on what, and how."""

    release = forms.ModelChoiceField(
        Release.objects.filter(withdrawn_at=None),
        label=_("Release"),
        help_text=_("Its training split is read, and nothing else of it."),
        empty_label=_("Choose a release"),
    )
    base = forms.ModelChoiceField(
        LanguageModel.objects.filter(base__isnull=True, endpoint__isnull=False),
        label=_("Base model"),
        help_text=_("Its weights must lie on the machine that trains."),
        empty_label=_("Choose a model"),
    )
    name = forms.CharField(
        label=_("What the adapter will be called"),
        help_text=_("Left empty, it is named after what it is made of."),
        max_length=120,
        required=False,
    )
    config = forms.CharField(
        label=_("Recipe"),
        help_text=_(
            "One field a line. What is left out keeps the value of the plain recipe, or of the "
            "preset that a line such as 'preset: published' names."
        ),
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false"}),
        max_length=recipes.MAX_CHARS,
    )

    def clean_config(self) -> recipes.Config:
        """Read as a whole; the refusal names the field."""
        try:
            return recipes.read(self.cleaned_data["config"], where=str(_("The recipe")))
        except (recipes.BadConfig, BadText) as error:
            raise forms.ValidationError(str(error)) from None

    def asked(self) -> dict[str, Any]:
        """For the action."""
        return {field: self.cleaned_data[field] for field in ("release", "base", "name", "config")}
