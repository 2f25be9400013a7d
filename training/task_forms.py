"""The form that puts tasks to a model."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.models import Condition, LanguageModel
from training import harness
from training.evaluating import own_folders
from training.harness import Mode
from training.models.tasks import MODES


class TaskRunForm(forms.Form):
    """Which tasks, of which model, in which mode."""

    model = forms.ModelChoiceField(
        LanguageModel.objects.exclude(endpoint=None, base__endpoint=None),
        label=_("Model"),
        empty_label=_("Choose a model"),
    )
    shipped = forms.MultipleChoiceField(
        label=_("Tasks"),
        choices=[(each.name, each.title) for each in harness.SHIPPED],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Their data has to lie on the worker's machine already: nothing is fetched."),
    )
    more = forms.CharField(
        label=_("Other tasks"),
        required=False,
        max_length=2000,
        help_text=_("Names of the harness or of your own folder, with commas between them."),
    )
    folder = forms.ChoiceField(
        label=_("Folder with tasks of your own"),
        required=False,
        help_text=_("A folder within TASK_DIR on the worker's machine."),
    )
    mode = forms.ChoiceField(
        label=_("How the text reaches the model"),
        choices=MODES,
        widget=forms.RadioSelect,
        initial=Mode.COMPLETION,
        help_text=_(
            "Tasks that weigh given answers need plain text. Within a chat template their figures "
            "can fall to chance, whatever the model knows."
        ),
    )
    tokenizer = forms.CharField(
        label=_("Tokenizer"),
        required=False,
        max_length=500,
        help_text=_(
            "A folder or a name. Needed to weigh answers and for the chat template; of a model "
            "that the Studio serves itself it is known."
        ),
    )
    condition = forms.ModelChoiceField(
        Condition.objects.all(),
        label=_("System prompt of"),
        empty_label=_("No system prompt"),
        required=False,
        help_text=_("Only its system prompt is used; each task has its own sampling."),
    )
    limit = forms.IntegerField(
        label=_("Documents of each task"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Empty for all. A part is for trying out, not for reporting."),
    )
    n_shots = forms.IntegerField(
        label=_("Examples before each document"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Empty: as each task says."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [path.name for path in own_folders()]
        field = self.fields["folder"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("None")), *((name, name) for name in names)]

    def asked(self) -> dict[str, Any]:
        """What the action takes."""
        given = dict(self.cleaned_data)
        names = [*given.pop("shipped"), *given.pop("more").split(",")]
        return {**given, "tasks": names, "folder": folder_named(given["folder"])}


def folder_named(name: str) -> str:
    """The path of a folder within TASK_DIR; empty for none. ValueError for any other."""
    if not name:
        return ""
    found = {path.name: path for path in own_folders()}
    if name not in found:
        known = ", ".join(found) or gettext("none")
        raise ValueError(
            gettext("There is no folder '%(name)s' in TASK_DIR. Known: %(known)s.")
            % {"name": name, "known": known}
        )
    return str(found[name])
