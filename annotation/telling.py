"""What the statistics say, in the language of whoever reads it now."""

from typing import Any

from django.utils.translation import gettext, ngettext

from agreement import wording


def told(value: Any) -> Any:
    """`value` with every `Said` in it, or what was kept of one, in the active language."""
    return wording.told(value, gettext, ngettext)
