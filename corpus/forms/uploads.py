"""The form of an import: a file with where it comes from."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from corpus.actions.arriving import FORMATS
from corpus.actions.orders import Origin
from corpus.actions.uploads import Asked


class UploadForm(forms.Form):
    """A file and where it comes from."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, JSON Lines, JSON or Parquet, or the zip of a data set folder; at most 200 MB."
        ),
    )
    set_name = forms.CharField(label=_("Name of the new set"), max_length=120)
    source = forms.CharField(label=_("Source"), max_length=120)
    licence = forms.CharField(label=_("Licence"), required=False, max_length=120)
    url = forms.URLField(
        label=_("Address of the source"), required=False, max_length=500, assume_scheme="https"
    )
    revision = forms.CharField(label=_("Version of the source"), required=False, max_length=120)
    format = forms.ChoiceField(label=_("Format"), required=False)

    def __init__(self, what: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.what = what
        named = [(name, each.label) for name, each in FORMATS[what].items() if not each.is_ours]
        self._field("format").choices = [("", _("Found out from the file")), *named]
        if what == "pairs":
            del self.fields["set_name"]
        else:
            self.fields["source"].required = False
            self.fields["source"].help_text = _(
                "A known benchmark brings its own; else the set's name is taken."
            )

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_IMPORT_BYTES:
            limit = settings.MAX_IMPORT_BYTES // 1_000_000
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Cut it into several."),
                params={"limit": limit},
            )
        return file

    def asked(self) -> Asked:
        """What was said of the file."""
        said = self.cleaned_data
        return Asked(
            what=self.what,
            format=said["format"],
            set_name=said.get("set_name", ""),
            origin=Origin(
                name=said["source"],
                licence=said["licence"],
                url=said["url"],
                revision=said["revision"],
            ),
        )
