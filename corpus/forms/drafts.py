"""The forms of writing a pair."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from corpus import conversation, places
from corpus.actions import Fields
from corpus.conversation import Message
from corpus.models import Category, Domain, Strategy, Version

ACTIONS = [
    ("refuse", _("Refuse: a helpful answer would do harm")),
    ("partial", _("Answer in part: some of it can be answered, some must not be")),
    ("answer", _("Answer: it only sounds risky, there is nothing to refuse")),
]


class StartForm(forms.Form):
    """The first question of every pair."""

    expected_action = forms.ChoiceField(
        label=_("Should this be refused?"), choices=ACTIONS, widget=forms.RadioSelect
    )


class DraftForm(forms.Form):
    """Everything of a draft but its turns. Nothing is required until it is sent for review."""

    use_required_attribute = False
    # Shown as needed; a draft may still be kept without them.
    needed = ("expected_action", "language", "domain", "strategy", "response")

    lock_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    expected_action = forms.ChoiceField(
        label=_("Should this be refused?"),
        choices=ACTIONS,
        widget=forms.RadioSelect,
        required=False,
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    country = forms.ChoiceField(
        label=_("Country of the person who writes"),
        help_text=_("Services named in the response must be reachable there."),
        required=False,
    )
    domain = forms.ModelChoiceField(
        Domain.objects.filter(is_active=True),
        label=_("Risk domain"),
        required=False,
        empty_label=_("Choose a domain"),
    )
    category = forms.CharField(label=_("Category"), required=False, max_length=120)
    strategy = forms.ModelChoiceField(
        Strategy.objects.all(), label=_("Strategy that the response follows"), required=False
    )
    response = forms.CharField(
        label=_("Response"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "reading", "rows": 14}),
    )

    def __init__(
        self, data: QueryDict | None = None, *, version: Version, domain: Domain | None = None
    ) -> None:
        super().__init__(data, initial=_initial(version))
        self.version = version
        self.placed_in = domain or self._domain()
        self._choice("language").choices = _with(places.LANGUAGES, version.language)
        self._choice("country").choices = [
            ("", _("Not said")),
            *_with(places.COUNTRIES, version.country),
        ]
        self._offer_categories(str(self["category"].value() or ""))
        self._offer_strategies()
        self.fields["domain"].widget.attrs |= {
            "hx-get": "",
            "hx-target": "#placing",
            "hx-include": "[name=category], [name=strategy]",
        }
        self.fields["response"].widget.attrs["lang"] = version.language
        self._mark_needed(shown=True)

    def full_clean(self) -> None:
        self._mark_needed(shown=False)
        super().full_clean()
        self._mark_needed(shown=True)

    def _mark_needed(self, *, shown: bool) -> None:
        for name in self.needed:
            self.fields[name].required = shown

    def _choice(self, name: str) -> forms.ChoiceField:
        return cast(forms.ChoiceField, self.fields[name])

    def _domain(self) -> Domain | None:
        chosen = self["domain"].value() or None
        return Domain.objects.filter(pk=chosen).first() if chosen else None

    def _offer_categories(self, chosen: str) -> None:
        known = (
            {row.slug: row.name for row in Category.objects.filter(domain=self.placed_in)}
            if self.placed_in
            else {}
        )
        first = ("", _("None") if self.placed_in else _("Choose a domain first"))
        self.fields["category"].widget = forms.Select(choices=[first, *_with(known, chosen)])

    def _offer_strategies(self) -> None:
        """Those that fit the domain stand first."""
        fitting: list[tuple[str, str]] = []
        others: list[tuple[str, str]] = []
        fits = (
            set(self.placed_in.strategies.values_list("pk", flat=True)) if self.placed_in else set()
        )
        for strategy in Strategy.objects.all():
            option = (strategy.pk, strategy.name)
            (fitting if strategy.pk in fits else others).append(option)
        groups = [(_("Made for this domain"), fitting), (_("Others"), others)]
        self._choice("strategy").choices = [
            ("", _("Choose a strategy")),
            *(group for group in groups if group[1]),
        ]

    def written(self, messages: list[Message]) -> Fields:
        """What was written, for the action that saves it."""
        values = {
            name: value for name, value in self.cleaned_data.items() if name != "lock_version"
        }
        values["response"] = conversation.tidy(values["response"])
        values["language"] = values["language"] or "en"
        return Fields(messages=messages, **values)


def _initial(version: Version) -> dict[str, Any]:
    values = {name: getattr(version, name) for name in Fields.__dataclass_fields__}
    return {**values, "lock_version": version.lock_version, "domain": version.domain_id,
            "strategy": version.strategy_id}  # fmt: skip


def _with(known: dict[str, str], chosen: str) -> list[tuple[str, Any]]:
    """The known options, and the chosen one even if it is not known."""
    options: list[tuple[str, Any]] = list(known.items())
    return options if not chosen or chosen in known else [*options, (chosen, chosen)]
