"""What a flag can be about, for the rating page's dialog."""

from django import template

from annotation.models import Flag

register = template.Library()


@register.simple_tag
def flag_kinds() -> list[tuple[str, str]]:
    """Value and label of every kind."""
    return [(str(value), str(label)) for value, label in Flag.Kind.choices]
