"""The forms of releases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation.models import Study
from corpus import places
from corpus.models import Domain, Source, Strategy, Version
from corpus.models.pairs import Status
from corpus.models.prompts import ExpectedAction
from exports.choice import WRITTEN_HERE, Choice
from exports.hindrances import MAY_PASS

Options = list[tuple[str, Any]]


def _domains() -> Options:
    found = Domain.objects.filter(versions__status=Status.APPROVED).distinct()
    return list(found.values_list("slug", "name"))


def _strategies() -> Options:
    found = Strategy.objects.filter(versions__status=Status.APPROVED).distinct()
    return list(found.values_list("slug", "name"))


def _languages() -> Options:
    return _used("language", places.LANGUAGES)


def _countries() -> Options:
    return _used("country", places.COUNTRIES)


def _used(field: str, names: dict[str, str]) -> Options:
    """Of current versions, as an index has them."""
    said = Version.objects.approved().order_by(field).values_list(field, flat=True).distinct()
    return [(code, names.get(code, code)) for code in said if code]


def _sources() -> Options:
    found = Source.objects.filter(pairs__versions__status=Status.APPROVED).distinct()
    rows = list(found.values_list("pk", "name"))
    return [(WRITTEN_HERE, _("Written here")), *rows] if rows else []


def _studies() -> Options:
    closed = Study.objects.filter(state=Study.State.CLOSED).order_by("name", "slug")
    return list(closed.values_list("slug", "name"))


class Some(forms.MultipleChoiceField):
    """Some of what there is, or none, by checkboxes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: Any, choices: Any, help_text: Any = "") -> None:
        super().__init__(label=label, choices=choices, required=False, help_text=help_text)


class ChoiceForm(forms.Form):
    """What a release is made of."""

    domains = Some(_("Domains"), _domains, _("All of them, if you choose none."))
    expected_actions = Some(_("Expected action"), ExpectedAction.choices)
    strategies = Some(_("Strategies"), _strategies)
    languages = Some(_("Languages"), _languages)
    countries = Some(_("Countries"), _countries)
    sources = Some(_("Sources"), _sources)
    studies = Some(
        _("Closed studies"),
        _studies,
        _("Their ratings, preferences and verdicts go with the release, as they stand now."),
    )

    FILTERS = (*("domains", "expected_actions", "strategies", "languages", "countries", "sources"),)

    @property
    def choice(self) -> Choice:
        """Of a form that was looked at; what cannot be read counts as not chosen."""
        said = self.cleaned_data
        return Choice(**{name: tuple(said.get(name) or ()) for name in self.FILTERS})

    @property
    def more(self) -> list[forms.BoundField]:
        """The filters that are seldom needed, of which there is something to choose."""
        return [self[name] for name in self.FILTERS[1:] if self.fields[name].choices]  # type: ignore[attr-defined]  # all are `Some`

    @property
    def has_more(self) -> bool:
        return any(self[name].value() for name in self.FILTERS[1:])


class ReleaseForm(ChoiceForm):
    """A new release."""

    name = forms.CharField(label=_("Name"), max_length=80)
    version = forms.CharField(
        label=_("Version"),
        max_length=20,
        help_text=_(
            "Three numbers with dots. The first one rises when pairs go or mean something else, "
            "the second when pairs are added, the third for everything else."
        ),
    )
    description = forms.CharField(
        label=_("Description"),
        help_text=_(
            "What it is for. It stands on its page and in the README of an exported folder."
        ),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in MAY_PASS:
            self.fields[_reason(kind)] = forms.CharField(
                label=_("Make it all the same, because"),
                required=False,
                max_length=2_000,
                # Somebody may be typing here while the pairs are counted again around it.
                widget=forms.Textarea(attrs={"rows": 2, "hx-preserve": "true"}),
            )

    def reason(self, kind: str) -> forms.BoundField | None:
        """Where a reason for letting this pass is typed; None where nobody may."""
        return self[_reason(kind)] if _reason(kind) in self.fields else None

    @property
    def asked(self) -> dict[str, Any]:
        """As the action takes it."""
        said = self.cleaned_data
        return {
            **{name: said[name] for name in ("name", "version", "description", "studies")},
            "choice": self.choice,
            "overrides": {kind.value: said[_reason(kind)] for kind in MAY_PASS},
        }


def _reason(kind: str) -> str:
    return f"override_{kind}"


class WithdrawForm(forms.Form):
    """Why a release must not be used any more."""

    reason = forms.CharField(
        label=_("Why must it not be used any more?"),
        help_text=_("Everybody who opens the release reads this."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
