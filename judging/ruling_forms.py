"""What people choose when they make a judge that decides by rule."""

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation.models import Rubric
from judging.actions.rulings import KINDS, decided_keys


class RuleJudgeForm(forms.Form):
    """A rule and a rubric of which it decides something."""

    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(
        label=_("Rule"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        help_text=_(
            "Phrases: whether the answer begins like a refusal. "
            "Services: whether all that it names are right for the person's country."
        ),
    )
    rubric = forms.ModelChoiceField(label=_("Rubric"), queryset=Rubric.objects.none())

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        slugs = set(Rubric.objects.values_list("slug", flat=True))
        decided = {slug for slug in slugs for kind in KINDS if decided_keys(kind, slug)}
        rubric = self.fields["rubric"]
        assert isinstance(rubric, forms.ModelChoiceField)  # noqa: S101  # narrows the type
        rubric.queryset = Rubric.objects.filter(slug__in=decided)
