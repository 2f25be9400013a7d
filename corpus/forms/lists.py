"""What the list of pairs shows. A form's state is the address of its page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from corpus import places
from corpus.checks import CHECKS
from corpus.forms.choices import Choice
from corpus.listing import ANY
from corpus.models import Domain, Source, Strategy
from corpus.models.pairs import Split, Status
from corpus.models.prompts import ExpectedAction

ALL = ("", _("All"))
HOW_TO_SEARCH = _('"a phrase", begin*, -not')
WRITERS = (Role.AUTHOR, Role.CURATOR)
# What most people look for; the rest is folded away until it is used.
FIRST = ("q", "domain", "status", "language", "mine")


def chosen_from(model: Any, label: Any, **options: Any) -> "forms.ModelChoiceField[Any]":
    options = {"to_field_name": "slug", "widget": Choice, **options}
    return forms.ModelChoiceField(
        model.objects.all(), label=label, required=False, empty_label=ALL[1], **options
    )


def one_of(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[ALL, *choices], widget=Choice)


class FilterForm(forms.Form):
    """Every filter, by the name that it has in the address."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=100,
        help_text=HOW_TO_SEARCH,
        widget=forms.SearchInput(attrs={"placeholder": HOW_TO_SEARCH}),
    )
    domain = chosen_from(Domain, _("Domain"))
    status = one_of(_("Status"), Status.choices)
    language = one_of(_("Language"), places.LANGUAGES.items())
    mine = forms.BooleanField(label=_("Only mine"), required=False)

    strategy = chosen_from(Strategy, _("Strategy"))
    country = one_of(_("Country"), places.COUNTRIES.items())
    expected_action = one_of(_("Expected"), ExpectedAction.choices)
    source = chosen_from(Source, _("Source"), to_field_name="name")
    split = one_of(_("Split"), Split.choices)
    check = one_of(
        _("Checks"),
        [(ANY, _("Any warning")), *((key, check.label) for key, check in CHECKS.items())],
    )
    author = chosen_from(User, _("Author"), to_field_name="pk")
    stale = forms.BooleanField(label=_("Only stale"), required=False)
    # Responses written from one template; the page on diversity leads here.
    family = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        writers = User.objects.filter(grants__role__in=WRITERS).distinct()
        author: Any = self.fields["author"]
        author.queryset = writers.order_by("name", "pk")

    @property
    def asked(self) -> dict[str, Any]:
        """What is chosen and can be read, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in FIRST]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in FIRST]

    @property
    def has_more(self) -> bool:
        """Whether one of the folded filters is in use, or could not be read."""
        return any(field.errors or field.name in self.asked for field in self.rest)

    def words_of(self, name: str) -> str:
        """A chosen filter as a person reads it."""
        value, field = self.asked[name], self.fields[name]
        if isinstance(field, forms.BooleanField):
            return str(field.label)
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            named: Any = field.choices
            value = dict(named).get(value, value)
        if name == "family":
            return str(_("One template"))
        return f"{field.label}: {value}"
