"""The curator's forms."""

from typing import Any

from django import forms

from annotation.blinding import MAX_ARMS
from annotation.models import Rubric, Study
from generation.models import Run


class NewStudy(forms.Form):
    """What is compared, by which rubric, by how many people, and what they read before."""

    name = forms.CharField(max_length=120, help_text="Raters see it at the top of every page.")
    slug = forms.SlugField(
        max_length=80,
        label="Short name",
        help_text="Stands in the address of the study, for example spring-round.",
    )
    runs = forms.ModelMultipleChoiceField(
        queryset=Run.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            f"1 to {MAX_ARMS} finished runs over the same prompt set. "
            "Raters never see which answer is whose."
        ),
    )
    rubric = forms.ModelChoiceField(queryset=Rubric.objects.none())
    k = forms.IntegerField(label="Raters for each item", min_value=1, max_value=50, initial=3)
    asks_preference = forms.BooleanField(
        label="Ask which answer the rater would rather the person had read",
        required=False,
        initial=True,
    )
    guidelines = forms.CharField(
        required=False,
        widget=forms.Textarea,
        max_length=20_000,
        help_text="Raters can open them beside every item.",
    )
    content_note = forms.CharField(
        required=False,
        widget=forms.Textarea,
        max_length=5_000,
        help_text="What kind of content comes. Raters read it before their first item.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        finished = Run.objects.filter(state="done")
        runs = finished.select_related("model", "condition", "prompt_set")
        self.fields["runs"].queryset = runs  # type: ignore[attr-defined]  # set per request
        self.fields["rubric"].queryset = Rubric.objects.all()  # type: ignore[attr-defined]


class EditStudy(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What raters read; what is compared stays as it was made."""

    class Meta:
        model = Study
        fields = ("name", "guidelines", "content_note")
