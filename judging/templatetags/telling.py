"""What the statistics say, told in the language of whoever reads the page."""

from typing import Any

from django import template

from annotation import telling

register = template.Library()


@register.filter
def told(value: Any) -> Any:
    """A sentence in the reader's language; a text that is no such sentence stays as it is."""
    return telling.told(value)
