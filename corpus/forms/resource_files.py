"""A file of services, as it is chosen on the page."""

import io

from django import forms
from django.utils.translation import gettext_lazy as _

from crisis import table
from crisis.table import Details

MAX_BYTES = 5_000_000


class ResourceFileForm(forms.Form):
    """Every fault of the file is said at once; without one, `rows` is what it holds."""

    file = forms.FileField(label=_("File"), help_text=_("CSV, saved as UTF-8, at most 5 MB."))
    rows: list[Details]

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Cut it into several."))
        try:
            text = file.read().decode("utf-8-sig")
            self.rows = table.read(io.StringIO(text, newline=""))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                _("The file is not UTF-8 at byte %(byte)s. Save it as UTF-8."),
                params={"byte": error.start + 1},
            ) from error
        except table.BadTable as error:
            raise forms.ValidationError(str(error).splitlines()) from error
        return file
