"""Forms of care: what a rater wishes, how somebody is, what a curator stands for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation.models import OptOut, Rater
from corpus.models import Domain

STRAIN = [
    (1, _("not at all")),
    (2, _("a little")),
    (3, _("somewhat")),
    (4, _("quite")),
    (5, _("very much")),
]


class Wishes(forms.Form):
    """What the rater asks for. All of it in one form, so that sending it tells nothing."""

    hidden: Any = forms.ModelMultipleChoiceField(
        Domain.objects.filter(is_active=True),
        label=_("Do not give me items about"),
        help_text=_("From the next item on. No reason is asked, and nobody else can see it."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    shows_at_once = forms.BooleanField(
        label=_("Show severe items at once"),
        help_text=_("Otherwise the text of a severe item stays covered until you ask for it."),
        required=False,
    )

    @staticmethod
    def said(rater: Rater) -> dict[str, Any]:
        hidden = OptOut.objects.filter(rater=rater).values_list("domain", flat=True)
        return {"hidden": list(hidden), "shows_at_once": rater.shows_at_once}


class Strain(forms.Form):
    """One question."""

    strain = forms.TypedChoiceField(
        label=_("How much does this work strain you today?"),
        choices=STRAIN,
        coerce=int,
        widget=forms.RadioSelect,
    )


class SupportText(forms.Form):
    """What the support page says of this project's own help."""

    text = forms.CharField(
        label=_("Help in this project"),
        help_text=_("Whom raters and authors can speak to, and when. Plain text."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        required=False,
    )
