"""How a judge asks its model: what every form that makes one has."""

from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from corpus.conversation import tidy
from judging.actions.judges import PLACES


class AskingForm(forms.Form):
    """Sampling and the prompt, below what the form itself asks for (with `replicates` in it)."""

    shipped: ClassVar[Path]

    temperature = forms.FloatField(label=_("Temperature"), min_value=0, max_value=2, initial=0)
    max_tokens = forms.IntegerField(
        label=_("At most this many tokens"), min_value=64, max_value=32768, initial=1500
    )
    prompt = forms.CharField(
        label=_("Prompt"),
        widget=forms.Textarea(attrs={"rows": 14}),
        required=False,
        help_text=_("It needs {rubric}, {fence} and --- after ---. Empty: the shipped prompt."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prompt"].initial = self.shipped.read_text("utf-8").strip()
        self.order_fields([name for name in self.fields if name not in AskingForm.base_fields])

    def clean_replicates(self) -> int:
        return self.cleaned_data["replicates"] or 1

    def clean_prompt(self) -> str:
        """The shipped prompt stays the shipped prompt, whatever a browser made of its line ends."""
        prompt = tidy(self.cleaned_data["prompt"])
        shipped = self.shipped.read_text("utf-8")
        if not prompt.strip() or prompt.strip() == shipped.strip():
            return shipped
        for place in PLACES:
            if place not in prompt:
                self.add_error("prompt", _("%(place)s is missing.") % {"place": place})
        return prompt
