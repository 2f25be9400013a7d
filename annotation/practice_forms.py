"""The curator's form of a practice item: what was written, the answers, and what is expected."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from annotation import answers, blinding, practising, strategies
from annotation.fitting import NONE
from annotation.models import Study
from annotation.sheets import PROMPT, Asked


class PracticeForm(forms.Form):
    """With a field for every answer and, under it, one for every value that can be expected."""

    said = forms.CharField(
        label=_("What the person wrote"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
    )
    language = forms.CharField(
        label=_("Language"), max_length=10, initial="en", help_text=_("A code: en, da, de, it …")
    )
    feedback = forms.CharField(
        label=_("What raters read afterwards"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5_000,
        required=False,
        help_text=_("Why you expect these values, in your words."),
    )

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots = blinding.slots(max(1, study.n_arms))
        asked = [each for each in study.sheet.criteria if practising.can_be_expected(each)]
        self.of_prompt = [each for each in asked if each.about == PROMPT]
        self.asked = [each for each in asked if each.about != PROMPT]
        self.offered = [(each.slug, each.name) for each in strategies.in_practice(study.sheet)]
        for each in self.of_prompt:
            self.fields[answers.field(PROMPT, each.key)] = self._expected("", each)
        for slot in self.slots:
            self.fields[f"text_{slot}"] = forms.CharField(
                label=gettext("Answer %(slot)s") % {"slot": slot},
                widget=forms.Textarea(attrs={"rows": 5}),
                max_length=50_000,
                required=slot == "A",
            )
            for each in self.asked:
                self.fields[answers.field(slot, each.key)] = self._expected(f"{slot}: ", each)
        self.order_fields(["said", "language", *_between(self.fields), "feedback"])

    def about_prompt(self) -> list[BoundField]:
        """What is expected of the prompt itself."""
        return [self[answers.field(PROMPT, each.key)] for each in self.of_prompt]

    def groups(self) -> list[tuple[BoundField, list[BoundField]]]:
        """Each answer with what is expected of it."""
        return [
            (self[f"text_{slot}"], [self[answers.field(slot, each.key)] for each in self.asked])
            for slot in self.slots
        ]

    def item(self) -> dict[str, Any]:
        """What `practice.add` takes."""
        found = self.cleaned_data
        given = [slot for slot in self.slots if found.get(f"text_{slot}", "").strip()]
        return {
            "messages": [{"role": "user", "content": found["said"]}],
            "language": found["language"],
            "texts": [found[f"text_{slot}"] for slot in given],
            "expected": [
                self._wanted(slot, self.asked)
                | (self._wanted(PROMPT, self.of_prompt) if slot == given[0] else {})
                for slot in given
            ],
            "feedback": found["feedback"],
        }

    def _wanted(self, slot: str, asked: list[Asked]) -> dict[str, practising.Wanted]:
        said = {each: self.cleaned_data[answers.field(slot, each.key)] for each in asked}
        return {each.key: _value(each, value) for each, value in said.items() if value}

    def _expected(self, before: str, asked: Asked) -> forms.ChoiceField | forms.MultipleChoiceField:
        points = [
            (str(point.value), _named(asked, point.label, point.value)) for point in asked.choices
        ]
        label = f"{before}{asked.label}"
        if asked.kind == "choices":
            boxes = forms.CheckboxSelectMultiple()
            return forms.MultipleChoiceField(
                label=label, required=False, choices=points, widget=boxes
            )
        if asked.kind == "strategy":
            points = [*self.offered, (NONE, gettext("None that I know"))]
        choices = [("", gettext("Any value")), *points]
        return forms.ChoiceField(label=label, required=False, choices=choices)


def _value(asked: Asked, sent: Any) -> practising.Wanted:
    if asked.kind == "choices":
        return [int(each) for each in sent]
    return str(sent) if asked.kind == "strategy" else int(sent)


def _named(asked: Asked, label: str, value: int) -> str:
    return label if asked.is_words or label == str(value) else f"{value}: {label}"


def _between(fields: dict[str, forms.Field]) -> list[str]:
    return [name for name in fields if name not in ("said", "language", "feedback")]
