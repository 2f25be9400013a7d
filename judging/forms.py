"""What people choose when they compare runs and make judges."""

from typing import Any

from django import forms
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from annotation.models import Rubric, Study
from corpus.conversation import single, tidy
from generation.models import LanguageModel, Run
from judging.actions.judges import DEFAULT_PROMPT, MOST_REPLICATES
from judging.asking_forms import AskingForm
from judging.models import Judge, Panel
from judging.sheets import measured_of
from judging.speakers import speaker


class ComparisonForm(forms.Form):
    """Two runs and a rubric; whose figures stand beside people's, if not the newest judge's."""

    a = forms.ModelChoiceField(label=_("A"), queryset=Run.objects.none())
    b = forms.ModelChoiceField(label=_("B"), queryset=Run.objects.none())
    rubric = forms.ModelChoiceField(
        label=_("Rubric"), queryset=Rubric.objects.all(), to_field_name="slug"
    )
    judge = forms.ChoiceField(label=_("Judge or panel"), required=False)

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
        judge = self.fields["judge"]
        assert isinstance(judge, forms.ChoiceField)  # noqa: S101  # narrows the type
        judge.choices = self._speakers

    @staticmethod
    def _speakers() -> list[Any]:
        """Judges that score, and panels, by id."""
        judges = Judge.objects.exclude(kind=Judge.Kind.SIDE_BY_SIDE).values_list("pk", "name")
        panels = Panel.objects.values_list("pk", "name")
        groups = ((_("Judges"), list(judges)), (_("Panels"), list(panels)))
        newest = ("", _("the newest judge that scored both"))
        return [newest, *((label, found) for label, found in groups if found)]

    def clean_judge(self) -> Judge | Panel | None:
        return speaker(self.cleaned_data["judge"])


class JudgeForm(AskingForm):
    """A judge's model, rubric and settings. The shipped prompt stands there to be changed."""

    shipped = DEFAULT_PROMPT

    name = forms.CharField(label=_("Name"), max_length=80)
    model = forms.ModelChoiceField(
        label=_("Model"),
        queryset=LanguageModel.objects.filter(endpoint__isnull=False),
        help_text=_("Better of another family than the models it judges."),
    )
    rubric = forms.ModelChoiceField(label=_("Rubric"), queryset=Rubric.objects.all())
    asks_one_by_one = forms.BooleanField(
        label=_("Ask about each criterion in a call of its own"),
        required=False,
        help_text=_("Keeps one criterion's value from colouring the next; takes more calls."),
    )
    replicates = forms.IntegerField(
        label=_("Replicates"),
        min_value=1,
        max_value=MOST_REPLICATES,
        initial=1,
        required=False,
        help_text=_(
            "How often each answer is judged. The mean counts as one value; "
            "take three to five at a temperature of 0.7 or more."
        ),
    )
    takes_expected_value = forms.BooleanField(
        label=_("Take the expected value where the server tells chances"),
        required=False,
        help_text=_("The mean of the scale by the chances of the score's token."),
    )


class AnchorForm(forms.Form):
    """An answer with a settled value for each criterion that has one."""

    name = forms.CharField(label=_("Name"), max_length=80)
    said = forms.CharField(
        label=_("What the person wrote"), widget=forms.Textarea(attrs={"rows": 4})
    )
    text = forms.CharField(label=_("The answer"), widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, rubric: Rubric, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = measured_of(rubric)
        prefetch_related_objects(self.criteria, "points")
        for criterion in self.criteria:
            labels = {
                point.value: f"{point.value}: {point.label}" for point in criterion.points.all()
            }
            self.fields[f"value-{criterion.key}"] = forms.TypedChoiceField(
                label=criterion.label,
                choices=[("", _("not settled")), *((v, labels.get(v, v)) for v in criterion.scale)],
                coerce=int,
                empty_value=None,
                required=False,
            )

    def anchor(self) -> dict[str, Any]:
        """What `make_anchor` takes."""
        given = self.cleaned_data
        values = {each.key: given[f"value-{each.key}"] for each in self.criteria}
        return {
            "name": given["name"],
            "messages": single(tidy(given["said"])),
            "text": tidy(given["text"]),
            "settled": {key: value for key, value in values.items() if value is not None},
        }


class TakeForm(forms.Form):
    """Which study's settled answers become anchors."""

    study = forms.ModelChoiceField(label=_("Study"), queryset=Study.objects.all())
    most = forms.IntegerField(label=_("At most"), min_value=1, max_value=100, initial=30)


class StartForm(forms.Form):
    """Which run a judge scores."""

    judge = forms.ModelChoiceField(
        label=_("Judge"), queryset=Judge.objects.exclude(kind=Judge.Kind.SIDE_BY_SIDE)
    )
    run = forms.ModelChoiceField(
        label=_("Run"),
        queryset=Run.objects.select_related("model", "condition", "prompt_set"),
    )
