"""Which pairs to change at once, what to do with them, and the value where one is needed."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from corpus import bulk, places, selection
from corpus.bulk import Action, Order
from corpus.models import Category, Strategy

TICKED, ALL = "ticked", "all"


class ChoiceForm(forms.Form):
    """The rows that were ticked, or all that fit the filters; and the action."""

    action = forms.ChoiceField(choices=[(action.value, action.label) for action in Action])
    scope = forms.ChoiceField(choices=[(TICKED, ""), (ALL, "")], required=False)
    # The list's filters, as its address has them.
    fits = forms.CharField(required=False, max_length=1000)

    def __init__(self, said: QueryDict) -> None:
        super().__init__(said)
        self.ticked = list(dict.fromkeys(said.getlist("pair")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.cleaned_data.get("scope") != ALL and not self.ticked:
            raise forms.ValidationError(
                _("No pair is ticked. Tick some, or choose all that fit the filters.")
            )
        return cleaned

    @property
    def chosen_action(self) -> Action:
        return Action(self.cleaned_data["action"])

    def kept(self) -> Iterable[tuple[str, str]]:
        """What a next form sends along, name by name."""
        yield "action", self.cleaned_data["action"]
        yield "fits", self.cleaned_data["fits"]
        yield "scope", self.cleaned_data["scope"] or TICKED
        if self.cleaned_data["scope"] != ALL:
            yield from (("pair", pk) for pk in self.ticked)


class ValueForm(forms.Form):
    """What is set. Without a field where the action needs none; unbound until a value is sent."""

    def __init__(self, action: Action, said: QueryDict) -> None:
        super().__init__(said if "value" in said or action not in bulk.NEEDS_VALUE else None)
        self.action = action
        if action in bulk.NEEDS_VALUE:
            self.fields["value"] = _field(action)

    def order(self, by: User, on: date) -> Order | None:
        """What is asked, as soon as the value is known."""
        if not self.is_valid():
            return None
        value = str(self.cleaned_data.get("value", ""))
        return selection.order(self.action, by=by, on=on, value=value)


def _field(action: Action) -> forms.Field:
    match action:
        case Action.CATEGORY:
            return forms.ChoiceField(label=_("Category"), choices=_categories)
        case Action.STRATEGY:
            return forms.ChoiceField(label=_("Strategy"), choices=_strategies)
        case Action.LANGUAGE:
            return forms.ChoiceField(label=_("Language"), choices=list(places.LANGUAGES.items()))
        case Action.COUNTRY:
            return forms.ChoiceField(label=_("Country"), choices=list(places.COUNTRIES.items()))
    return forms.CharField(label=_("Name of the new set"), max_length=120)


def _strategies() -> list[tuple[str, str]]:
    return list(Strategy.objects.values_list("pk", "name"))


def _categories() -> list[tuple[str, list[tuple[str, str]]]]:
    rows = Category.objects.select_related("domain").order_by("domain__position", "domain", "name")
    return [
        (str(domain), [(f"{row.domain_id}/{row.slug}", row.name) for row in some])
        for domain, some in groupby(rows, key=lambda row: row.domain)
    ]
