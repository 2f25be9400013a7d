"""The forms of this app's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corpus.models import PromptSet
from generation.models import Condition, Endpoint, LanguageModel


class RunForm(forms.Form):
    """What to ask of whom."""

    prompt_set = forms.ModelChoiceField(
        PromptSet.objects.all(), label=_("Prompt set"), empty_label=_("Choose a prompt set")
    )
    model = forms.ModelChoiceField(
        LanguageModel.objects.filter(endpoint__isnull=False),
        label=_("Model"),
        empty_label=_("Choose a model"),
    )
    condition = forms.ModelChoiceField(
        Condition.objects.all(), label=_("Condition"), empty_label=_("Choose a condition")
    )
    replicates = forms.IntegerField(
        label=_("Answers to each prompt"),
        help_text=_("More than one shows how much the model's answers vary; each has its seed."),
        min_value=1,
        max_value=100,
        initial=1,
    )
    plays_turns = forms.BooleanField(
        label=_("Play the person's turns one after another"),
        help_text=_(
            "The model answers each of them in its own conversation; what an assistant said in "
            "the prompt is left out. Otherwise it is asked for the one answer that comes next."
        ),
        required=False,
    )


class EndpointForm(forms.Form):
    """A place where models answer."""

    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(
        label=_("What it is"), choices=Endpoint.Kind.choices, widget=forms.RadioSelect
    )
    base_url = forms.CharField(
        label=_("Address"),
        help_text=_("Of a running server, for example http://localhost:8101/v1"),
        max_length=500,
        required=False,
    )
    api_key_variable = forms.CharField(
        label=_("Environment variable with the key"),
        help_text=_(
            "Its name, not the key: keys are never stored. It ends with _API_KEY and is set where "
            "the site and its worker run."
        ),
        max_length=80,
        required=False,
    )
    max_in_flight = forms.IntegerField(
        label=_("Requests at once"),
        help_text=_(
            "What a hosted service allows. One worker then works on each run, with no more than "
            "these under way. Empty: as many as the workers are set to."
        ),
        min_value=1,
        max_value=1024,
        required=False,
    )


class ConditionForm(forms.Form):
    """How a model is asked."""

    name = forms.CharField(label=_("Name"), max_length=80)
    system_prompt = forms.CharField(
        label=_("System prompt"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "reading"}),
    )
    temperature = forms.FloatField(
        label=_("Temperature"), min_value=0, max_value=2, initial=0.0, help_text=_("0 to 2")
    )
    top_p = forms.FloatField(label=_("Top-p"), min_value=0, max_value=1, initial=1.0)
    max_tokens = forms.IntegerField(
        label=_("Longest answer in tokens"), min_value=1, max_value=131072, initial=1024
    )
    seed = forms.IntegerField(label=_("Seed"), min_value=0, max_value=2**31 - 1, initial=0)
    thinking = forms.TypedChoiceField(
        label=_("Reasoning before the answer"),
        choices=[("", _("As the model does by itself")), ("yes", _("On")), ("no", _("Off"))],
        coerce=lambda word: {"yes": True, "no": False}.get(word),
        empty_value=None,
        required=False,
    )


class TryForm(forms.Form):
    """One question, to see that an endpoint answers."""

    model = forms.CharField(label=_("Name at the endpoint"), max_length=300)
    text = forms.CharField(
        label=_("What to ask"),
        max_length=2000,
        initial=_("Say hello in one sentence."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, served: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].initial = served[0] if served else ""
