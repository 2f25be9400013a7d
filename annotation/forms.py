"""The curator's forms of a study, and what raters say they can judge."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from annotation import languages
from annotation.actions.studies import MAX_CORE, MAX_K
from annotation.models import Rater, Rubric, Study
from corpus.models import Domain
from generation.models import Run


class NewStudy(forms.Form):
    """What is compared, what raters are asked, how many rate an item, and who gets which."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Raters see it at the top of every page.")
    )
    slug = forms.SlugField(
        max_length=80,
        label=_("Short name"),
        help_text=_("Stands in the address of the study, for example spring-round."),
    )
    runs = forms.ModelMultipleChoiceField(
        queryset=Run.objects.none(),
        label=_("Runs"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "1 to 6 finished runs over the same prompt set. Raters never see which is whose."
        ),
    )
    rubric = forms.ModelChoiceField(queryset=Rubric.objects.none(), label=_("Rubric"))
    asks = forms.ChoiceField(
        label=_("Raters are asked"),
        widget=forms.RadioSelect,
        required=False,
        initial="both",
        choices=[
            (
                "both",
                _("To rate each answer by the rubric, then which they would rather have read"),
            ),
            ("ratings", _("To rate each answer by the rubric")),
            ("preference", _("Only which answer they would rather the person had read")),
        ],
        help_text=_("A choice between answers needs two runs or more."),
    )
    asks_reason = forms.BooleanField(
        label=_("Ask why they prefer it, in a sentence"), required=False
    )
    k = forms.IntegerField(
        label=_("Raters for each item"),
        min_value=1,
        max_value=MAX_K,
        initial=3,
        help_text=_("Each item goes to so many people. You can change it while the study is open."),
    )
    n_shared = forms.IntegerField(
        label=_("Items that so many people rate"),
        min_value=0,
        required=False,
        help_text=_(
            "Leave it empty for all. A number: that many, taken evenly from every domain; the "
            "others are rated by one person each, which saves time."
        ),
    )
    n_core = forms.IntegerField(
        label=_("Items that everybody rates"),
        min_value=0,
        max_value=MAX_CORE,
        required=False,
        initial=0,
        help_text=_("They come early, among others, and show how all raters compare."),
    )
    repeat_percent = forms.IntegerField(
        label=_("Percent of items shown a second time"),
        min_value=0,
        max_value=50,
        required=False,
        initial=0,
        help_text=_("Raters are not told which. It shows how well they agree with themselves."),
    )
    repeat_after_days = forms.IntegerField(
        label=_("Days until then"), min_value=1, max_value=90, required=False, initial=3
    )
    routes_by_language = forms.BooleanField(
        label=_("Only raters who read its language get an item"), required=False
    )
    routes_by_country = forms.BooleanField(
        label=_("Only raters licensed in its country get an item"),
        required=False,
        help_text=_("An item without a country goes to everybody who declared one."),
    )
    routes_by_domain = forms.BooleanField(
        label=_("Only raters who know its domain get an item"),
        required=False,
        help_text=_("Raters say on their own page what they know. Who said nothing gets nothing."),
    )
    hides_names = forms.BooleanField(
        label=_("Hide the names of models and makers in answers"),
        required=False,
        help_text=_("Raters see a mark in their place."),
    )
    asks_guess = forms.BooleanField(
        label=_("Ask at the end which answer was whose"),
        required=False,
        initial=True,
        help_text=_("It shows whether the blinding held."),
    )
    guidelines = forms.CharField(
        label=_("Guidelines"),
        required=False,
        widget=forms.Textarea,
        max_length=20_000,
        help_text=_("Raters can open them beside every item."),
    )
    content_note = forms.CharField(
        label=_("Content note"),
        required=False,
        widget=forms.Textarea,
        max_length=5_000,
        help_text=_("What kind of content comes. Raters read it before their first item."),
    )
    hides_agreement = forms.BooleanField(
        label=_("Hide agreement until the study closes"),
        required=False,
        help_text=_("So that nobody steers by it."),
    )

    GROUPS = (
        (_("What is compared"), ("name", "slug", "runs", "rubric")),
        (_("What raters are asked"), ("asks", "asks_reason", "asks_guess")),
        (_("How many rate an item"), ("k", "n_shared", "n_core")),
        (_("Hidden repeats"), ("repeat_percent", "repeat_after_days")),
        (
            _("Who gets which item"),
            ("routes_by_language", "routes_by_country", "routes_by_domain"),
        ),
        (_("What is hidden"), ("hides_names", "hides_agreement")),
        (_("What raters read"), ("guidelines", "content_note")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        finished = Run.objects.filter(state="done")
        runs = finished.select_related("model", "condition", "prompt_set")
        self.fields["runs"].queryset = runs  # type: ignore[attr-defined]  # set per request
        self.fields["rubric"].queryset = Rubric.objects.all()  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[Any, list[BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def settings(self) -> dict[str, Any]:
        """What `studies.create` takes."""
        found = dict(self.cleaned_data)
        asks = found.pop("asks")
        found["asks_ratings"] = asks != "preference"
        # Unasked: a choice is asked for where there is one.
        found["asks_preference"] = {"ratings": False, "preference": True}.get(asks)
        for name in ("n_core", "repeat_percent"):
            found[name] = found[name] or 0
        found["repeat_after_days"] = found["repeat_after_days"] or 3
        return found


class EditStudy(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What may change at any time; what is compared stays as it was made."""

    class Meta:
        model = Study
        fields = (
            "name",
            "guidelines",
            "content_note",
            "hides_agreement",
            "practice_percent",
            "undo_minutes",
        )
        labels = {  # Django's own form
            "name": _("Name"),
            "guidelines": _("Guidelines"),
            "content_note": _("Content note"),
            "hides_agreement": _("Hide agreement until the study closes"),
            "practice_percent": _("Percent of the practice round that must be right"),
            "undo_minutes": _("Minutes in which a rater can take back what they sent"),
        }
        help_texts = {
            "name": _("Raters see it at the top of every page."),
            "guidelines": _("Raters can open them beside every item."),
            "content_note": _("What kind of content comes, said before it comes."),
            "hides_agreement": _("So that nobody steers by it."),
            "practice_percent": _("Leave it empty: practice opens the door to everybody."),
            "undo_minutes": _("0: never."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practice_percent"].required = False


class RatersPerItem(forms.Form):
    """How many people rate an item; `was` is what the curator saw."""

    k = forms.IntegerField(
        label=_("Raters for each item"),
        min_value=1,
        max_value=MAX_K,
        help_text=_("More adds places. Fewer deletes nothing: what was rated counts."),
    )
    was = forms.IntegerField(widget=forms.HiddenInput)


class Competence(forms.Form):
    """What a rater can judge."""

    languages = forms.CharField(
        label=_("Languages"),
        required=False,
        max_length=400,
        help_text=_("In which you can judge an answer, with commas: Danish, English."),
    )
    countries = forms.CharField(
        label=_("Countries where you are licensed to practise"),
        required=False,
        max_length=200,
        help_text=_("Their two letters, with commas: DK, DE."),
    )
    domains = forms.ModelMultipleChoiceField(
        queryset=Domain.objects.filter(is_active=True),
        label=_("Domains"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those you know from your own work."),
    )

    def clean_languages(self) -> list[str]:
        return [languages.code(name) for name in _listed(self.cleaned_data["languages"])]

    def clean_countries(self) -> list[str]:
        return _listed(self.cleaned_data["countries"])

    @staticmethod
    def said(rater: Rater) -> dict[str, Any]:
        """What the rater declared before, as the fields show it."""
        return {
            "languages": ", ".join(languages.name(code) for code in rater.languages),
            "countries": ", ".join(rater.countries),
            "domains": list(rater.domains.values_list("pk", flat=True)),
        }


def _listed(text: str) -> list[str]:
    parts = text.replace(";", ",").replace("\n", ",").split(",")
    return [part.strip() for part in parts if part.strip()]
