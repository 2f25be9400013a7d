"""The forms of the directory of services."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corpus import places
from corpus.models import Domain
from crisis.entries import Channel
from crisis.models import Resource, ResourceQuerySet
from crisis.table import Details, details

SHOW = [
    ("", _("All that are in use")),
    ("due", _("Due to be checked again")),
    ("unverified", _("Unverified")),
    ("verified", _("Verified")),
    ("retired", _("Retired")),
]


class ResourceFilterForm(forms.Form):
    """What the directory shows. Its state is the page's address."""

    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=[("", _("All")), *places.COUNTRIES.items()]
    )
    domain = forms.ModelChoiceField(
        Domain.objects.all(),
        label=_("Domain"),
        required=False,
        to_field_name="slug",
        empty_label=_("All"),
    )
    channel = forms.ChoiceField(
        label=_("Reached by"),
        required=False,
        choices=[("", _("All")), *((each.value, each.label) for each in Channel)],
    )
    audience = forms.CharField(label=_("Who it is for"), required=False, max_length=100)
    hours = forms.CharField(label=_("Hours"), required=False, max_length=100)
    cost = forms.CharField(label=_("Cost"), required=False, max_length=100)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOW)

    def chosen(self, on: date) -> ResourceQuerySet:
        """The rows that are asked for; what cannot be read is said beside its field."""
        self.is_valid()
        said = self.cleaned_data
        return shown(self.asked(Resource.objects.all()), said.get("show", ""), on)

    def asked(self, rows: ResourceQuerySet) -> ResourceQuerySet:
        """Whatever their state: a service for every domain is one for this one."""
        self.is_valid()
        said = self.cleaned_data
        if said.get("country"):
            rows = rows.for_country(said["country"])
        if said.get("domain"):
            rows = rows.for_domain(said["domain"].slug)
        if said.get("channel"):
            rows = rows.filter(channel=said["channel"])
        for name in ("audience", "hours", "cost"):
            if said.get(name):
                rows = rows.filter(**{f"{name}__icontains": said[name]})
        return rows


def shown(rows: ResourceQuerySet, show: str, on: date) -> ResourceQuerySet:
    """Those in this state on that day; without one, all that are in use."""
    match show:
        case "due":
            return rows.due(on)
        case "unverified":
            return rows.unverified()
        case "verified":
            return rows.verified(on)
        case "retired":
            return rows.filter(retired_on__isnull=False)
    return rows.live()


class ResourceForm(forms.Form):
    """One way to reach a service."""

    name = forms.CharField(label=_("Name"), max_length=200)
    alternate_name = forms.CharField(
        label=_("Other names"), max_length=300, required=False, help_text=_("With ; between them.")
    )
    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)
    countries = forms.CharField(
        label=_("Countries"),
        max_length=200,
        help_text=_("Two capital letters each, with ; between them: GB;IE. * is everywhere."),
    )
    languages = forms.CharField(
        label=_("Languages"), max_length=200, required=False, help_text=_("As in da;en.")
    )
    audience = forms.CharField(label=_("Who it is for"), max_length=200, required=False)
    domains = forms.CharField(
        label=_("Risk domains"),
        max_length=200,
        required=False,
        help_text=_("As in violence;weapons. Empty is any."),
    )
    channel = forms.ChoiceField(
        label=_("Reached by"), choices=[(each.value, each.label) for each in Channel]
    )
    contact = forms.CharField(
        label=_("Contact"), max_length=300, help_text=_("As a person would type it.")
    )
    keyword = forms.CharField(
        label=_("Word to send"),
        max_length=200,
        required=False,
        help_text=_("For text lines that want one. Several with ; between them."),
    )
    hours = forms.CharField(label=_("Hours"), max_length=200, required=False)
    cost = forms.CharField(label=_("Cost"), max_length=200, required=False)
    url = forms.CharField(label=_("Web site"), max_length=500, required=False)
    source_url = forms.CharField(
        label=_("Where this was read"), max_length=500, required=False, help_text="https://…"
    )

    def clean(self) -> dict[str, Any]:
        found = details({name: str(value) for name, value in self.cleaned_data.items()})
        for name, fault in found.faults():
            if name not in self.errors:
                self.add_error(name, fault[0].upper() + fault[1:])
        return self.cleaned_data

    @property
    def details(self) -> Details:
        return details(self.cleaned_data)


class VerifyForm(forms.Form):
    """What was read, and how it was checked."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    note = forms.CharField(
        label=_("How you checked it"),
        required=False,
        max_length=500,
        help_text=_("For example: called it today, a person answered."),
    )


class RetireForm(forms.Form):
    """Why a service must not be named any more."""

    reason = forms.CharField(label=_("Why it is retired"), max_length=500)
    replaced_by = forms.ModelChoiceField(
        Resource.objects.none(), label=_("Use instead"), required=False, empty_label=_("Nothing")
    )

    def __init__(self, *args: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = Resource.objects.live().exclude(pk=resource.pk).order_by("name", "id")
        field = self.fields["replaced_by"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # for the type checker
        field.queryset = live
