"""What people choose when they compare runs and make judges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation.models import Rubric
from generation.models import LanguageModel, Run
from judging.models import Judge


class ComparisonForm(forms.Form):
    """Two runs and a rubric."""

    a = forms.ModelChoiceField(label=_("A"), queryset=Run.objects.none())
    b = forms.ModelChoiceField(label=_("B"), queryset=Run.objects.none())
    rubric = forms.ModelChoiceField(
        label=_("Rubric"), queryset=Rubric.objects.all(), to_field_name="slug"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        runs = Run.objects.select_related("model", "condition", "prompt_set")
        for side in ("a", "b"):
            field = self.fields[side]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # narrows the type
            field.queryset = runs
        newest = {r.slug: r.pk for r in Rubric.objects.order_by("slug", "version")}
        rubric = self.fields["rubric"]
        assert isinstance(rubric, forms.ModelChoiceField)  # noqa: S101  # narrows the type
        rubric.queryset = Rubric.objects.filter(pk__in=newest.values())


class JudgeForm(forms.Form):
    """A judge's model, rubric and settings. The prompt is the shipped one unless changed."""

    name = forms.CharField(label=_("Name"), max_length=80)
    model = forms.ModelChoiceField(
        label=_("Model"),
        queryset=LanguageModel.objects.filter(endpoint__isnull=False),
        help_text=_("Better of another family than the models it judges."),
    )
    rubric = forms.ModelChoiceField(label=_("Rubric"), queryset=Rubric.objects.all())
    temperature = forms.FloatField(label=_("Temperature"), min_value=0, max_value=2, initial=0)
    max_tokens = forms.IntegerField(
        label=_("At most this many tokens"), min_value=64, max_value=32768, initial=1500
    )
    prompt = forms.CharField(
        label=_("Prompt"),
        widget=forms.Textarea(attrs={"rows": 14}),
        required=False,
        help_text=_(
            "Leave empty for the shipped prompt. It needs {rubric}, {fence} and --- after ---."
        ),
    )


class StartForm(forms.Form):
    """Which run a judge scores."""

    judge = forms.ModelChoiceField(label=_("Judge"), queryset=Judge.objects.all())
    run = forms.ModelChoiceField(
        label=_("Run"),
        queryset=Run.objects.select_related("model", "condition", "prompt_set"),
    )
