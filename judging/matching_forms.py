"""What people choose when they put two runs side by side, and when they make panels."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation.models import Rubric
from generation.models import LanguageModel, Run
from judging.actions.judges import MOST_REPLICATES, SIDE_BY_SIDE_PROMPT
from judging.asking_forms import AskingForm
from judging.models import Judge


def _runs() -> Any:
    return Run.objects.select_related("model", "condition", "prompt_set")


class MatchupForm(forms.Form):
    """A judge that compares, and two runs over the same prompts."""

    judge = forms.ModelChoiceField(
        label=_("Judge"), queryset=Judge.objects.filter(kind=Judge.Kind.SIDE_BY_SIDE)
    )
    run_a = forms.ModelChoiceField(label=_("A"), queryset=_runs())
    run_b = forms.ModelChoiceField(
        label=_("B"), queryset=_runs(), help_text=_("Over the same prompt set as A.")
    )


class ComparingJudgeForm(AskingForm):
    """A judge that compares two answers. The shipped prompt stands there to be changed."""

    shipped = SIDE_BY_SIDE_PROMPT

    name = forms.CharField(label=_("Name"), max_length=80)
    model = forms.ModelChoiceField(
        label=_("Model"),
        queryset=LanguageModel.objects.filter(endpoint__isnull=False),
        help_text=_("Better of another family than the models it compares."),
    )
    rubric = forms.ModelChoiceField(
        label=_("Rubric"),
        queryset=Rubric.objects.all(),
        help_text=_("What makes one answer better than the other, all criteria together."),
    )
    replicates = forms.IntegerField(
        label=_("Replicates"),
        min_value=1,
        max_value=MOST_REPLICATES,
        initial=1,
        required=False,
        help_text=_(
            "How often each pair is compared in each order. What more than half say counts once."
        ),
    )


class Members(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Judges, each with the rubric it judges by."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.rubric})"


class PanelForm(forms.Form):
    """Judges of one rubric that are heard as one."""

    name = forms.CharField(label=_("Name"), max_length=80)
    judges = Members(
        label=_("Judges"),
        queryset=Judge.objects.exclude(kind=Judge.Kind.SIDE_BY_SIDE).select_related("rubric"),
        help_text=_("Two or more, all of one rubric; better each of another family."),
    )

    def panel(self) -> dict[str, Any]:
        """What `make_panel` takes: the rubric is that of the first judge."""
        judges = list(self.cleaned_data["judges"])
        return {"name": self.cleaned_data["name"], "judges": judges, "rubric": judges[0].rubric}


class RunForm(forms.Form):
    """Which run a panel's members score."""

    run = forms.ModelChoiceField(label=_("Run"), queryset=_runs())
