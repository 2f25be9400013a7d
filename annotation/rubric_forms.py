"""The curator's forms for rubrics: the words around the criteria, a criterion, its points."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from annotation.models import Criterion, Rubric, ScalePoint
from annotation.sheets import WITHOUT_SCALE, Asked, Point, When

SHORT = {"rows": 2}
N_BLANK = 2  # rows for further points


class NewRubric(forms.Form):
    """A rubric of one's own."""

    title = forms.CharField(label=_("Title"), max_length=120)
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=60,
        help_text=_("Stands in addresses and files, for example warmth."),
    )
    like = forms.ModelChoiceField(
        label=_("Begin with the criteria of"),
        queryset=Rubric.objects.none(),
        required=False,
        help_text=_("Left empty, it begins with a single yes-or-no question."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["like"].queryset = Rubric.objects.all()  # type: ignore[attr-defined]


class Heading(forms.Form):
    """The words around the criteria."""

    title = forms.CharField(label=_("Title"), max_length=120)
    intro = forms.CharField(
        label=_("Introduction"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea,
        help_text=_("What to read first, and how. Raters and judges read exactly this text."),
    )
    origin = forms.CharField(
        label=_("Whose it is"),
        required=False,
        max_length=200,
        help_text=_("A paper, or “ours”. It stands wherever the rubric is named to readers."),
    )


class CriterionForm(forms.Form):
    """One criterion, as raters are asked it."""

    key = forms.SlugField(
        label=_("Short name"),
        max_length=40,
        help_text=_("Names it in tables and files, for example warmth."),
    )
    label = forms.CharField(label=_("Name"), max_length=120)
    question = forms.CharField(label=_("Question"), max_length=5_000, widget=forms.Textarea(SHORT))
    hint = forms.CharField(
        label=_("Hint"), required=False, max_length=5_000, widget=forms.Textarea(SHORT)
    )
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=Criterion.Kind.choices)
    about = forms.ChoiceField(label=_("Asked about"), choices=Criterion.About.choices)
    asks_rationale = forms.BooleanField(
        label=_("A reason must be given, in a sentence"), required=False
    )
    depends_on = forms.ChoiceField(label=_("Asked only after"), required=False)
    depends_values = forms.CharField(
        label=_("One of these values of it"),
        required=False,
        max_length=200,
        help_text=_("Numbers with commas between them, for example 2, 3."),
    )

    def __init__(self, *args: Any, before: Sequence[Asked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = [(asked.key, asked.label) for asked in before if asked.kind != "text"]
        self.fields["depends_on"].choices = [("", _("always asked")), *earlier]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("depends_on") and not given.get("depends_values"):
            self.add_error("depends_values", gettext("Say after which values it is asked."))
        return given

    def asked(self, points: Sequence[Point]) -> Asked:
        """The criterion as the form states it; its scale runs from its first point to its last."""
        given, values = self.cleaned_data, [point.value for point in points]
        has_scale = given["kind"] not in WITHOUT_SCALE and bool(values)
        return Asked(
            id="",
            key=given["key"],
            label=given["label"].strip(),
            question=given["question"].strip(),
            hint=given["hint"].strip(),
            kind=given["kind"],
            scale=tuple(range(min(values), max(values) + 1)) if has_scale else (),
            asks_rationale=given["asks_rationale"],
            points=tuple(points),
            about=given["about"],
            ask_when=_when(given["depends_on"], given["depends_values"]),
        )


def _when(key: str, values: str) -> When | None:
    if not key:
        return None
    parts = [part.strip() for part in values.split(",") if part.strip()]
    return When(key, tuple(int(p) if p.lstrip("-").isdecimal() else p for p in parts))


class PointForm(forms.Form):
    """A point of the scale. A row without a value is no point."""

    value = forms.IntegerField(label=_("Value"), required=False, min_value=-1_000, max_value=1_000)
    label = forms.CharField(label=_("Name"), required=False, max_length=60)
    anchor = forms.CharField(
        label=_("What it means"), required=False, max_length=5_000, widget=forms.Textarea(SHORT)
    )
    example = forms.CharField(
        label=_("Example"), required=False, max_length=5_000, widget=forms.Textarea(SHORT)
    )
    severity = forms.ChoiceField(
        label=_("Brought to the curator's eyes"),
        required=False,
        choices=ScalePoint.Severity.choices,
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        is_begun = any(given.get(name) for name in ("label", "anchor", "example"))
        if is_begun and given.get("value") is None:
            self.add_error("value", gettext("Give the point a number, or empty its row."))
        elif given.get("value") is not None and not given.get("label"):
            self.add_error("label", gettext("Give the point a name."))
        return given


Points = forms.formset_factory(PointForm, extra=N_BLANK, max_num=101)


def points_of(formset: Any) -> list[Point]:
    """The rows that hold a point, by value."""
    given = [
        form.cleaned_data for form in formset.forms if form.cleaned_data.get("value") is not None
    ]
    stated = [
        Point(
            each["value"],
            each["label"].strip(),
            each["anchor"].strip(),
            each["example"].strip(),
            each["severity"],
        )
        for each in given
    ]
    return sorted(stated, key=lambda point: point.value)


def of_criterion(asked: Asked) -> dict[str, Any]:
    """A criterion as its form begins with it."""
    when = asked.ask_when
    return {
        "key": asked.key,
        "label": asked.label,
        "question": asked.question,
        "hint": asked.hint,
        "kind": asked.kind,
        "about": asked.about,
        "asks_rationale": asked.asks_rationale,
        "depends_on": when.criterion if when else "",
        "depends_values": ", ".join(map(str, when.values)) if when else "",
    }
