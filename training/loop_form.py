"""Which runs stand side by side."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.models import Run
from training import loop
from training.sides import Chosen


class LoopForm(forms.Form):
    """Three runs that answered the same prompts; only the base is needed."""

    base = forms.ModelChoiceField(label=_("Base"), queryset=Run.objects.none())
    prompted = forms.ModelChoiceField(
        label=_("Prompted"), queryset=Run.objects.none(), required=False, empty_label=_("None")
    )
    tuned = forms.ModelChoiceField(
        label=_("Fine-tuned"), queryset=Run.objects.none(), required=False, empty_label=_("None")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        runs = Run.objects.with_names().filter(state="done").order_by("-created_at", "pk")
        for side in loop.SIDES:
            field = self.fields[side]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = runs

    def clean(self) -> dict[str, Any]:
        """Runs over other prompts have nothing to stand beside."""
        given: dict[str, Any] = super().clean() or {}
        base = given.get(loop.BASE)
        for side in (loop.PROMPTED, loop.TUNED):
            run = given.get(side)
            if base and run and run.prompt_set_id != base.prompt_set_id:
                said = _("This run answered other prompts than the base: %(set)s.")
                self.add_error(side, said % {"set": run.prompt_set})
        return given

    def chosen(self) -> Chosen:
        """The runs, in order."""
        return Chosen(tuple(self.cleaned_data[side] for side in loop.SIDES))
