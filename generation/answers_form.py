"""The form of answers that were made elsewhere."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corpus.models import PromptSet
from generation.actions import BY_SUFFIX
from generation.models import Condition

# Larger files are imported on a terminal, where nobody's page waits for them.
MAX_BYTES = 20_000_000
FORMATS = [
    ("", _("Told by the file's name")),
    ("csv", _("CSV")),
    ("jsonl", _("JSON Lines")),
    ("xstest", _("XSTest completions")),
    ("fastchat", _("FastChat or SORRY-Bench model_answer")),
    ("inspect", _("Inspect log")),
    ("promptfoo", _("promptfoo results")),
    ("lm-eval", _("LM Evaluation Harness samples")),
]


class AnswersForm(forms.Form):
    """A file, the prompts that it answers, and who answered."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or JSON Lines with id and completion, or what FastChat, Inspect, promptfoo or the "
            "LM Evaluation Harness write; at most 20 MB."
        ),
    )
    format = forms.ChoiceField(label=_("Format"), choices=FORMATS, required=False)
    prompt_set = forms.ModelChoiceField(
        PromptSet.objects.all(), label=_("Prompt set"), empty_label=_("Choose a prompt set")
    )
    model = forms.CharField(
        label=_("Model"),
        help_text=_("Who answered. A name that is new here is registered."),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "models", "autocomplete": "off"}),
    )
    condition = forms.ModelChoiceField(
        Condition.objects.all(),
        label=_("Condition"),
        empty_label=_("Not known"),
        required=False,
    )
    answered_by = forms.CharField(
        label=_("Called in the file"),
        help_text=_("Where several models answered in one file: whose answers to take."),
        max_length=200,
        required=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Import it with import_completions."),
                params={"limit": MAX_BYTES // 1_000_000},
            )
        return file

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if (file := said.get("file")) and not said.get("format"):
            said["format"] = BY_SUFFIX.get(PurePath(file.name or "").suffix.lower(), "")
            if not said["format"]:
                self.add_error("format", _("Choose the format: the file's name does not tell it."))
        return said

    def order(self) -> dict[str, Any]:
        """The same as the action takes it."""
        said = self.cleaned_data
        return {
            "file": said["file"].file,
            "file_name": PurePath(said["file"].name or "file").name,
            "layout": said["format"],
            "prompt_set": said["prompt_set"],
            "model_name": said["model"],
            "condition": said["condition"],
            "answered_by": said["answered_by"],
        }
