"""Text of a person or a model, with a visible mark where a passage is hidden from raters."""

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext

from annotation.blinding import MARK

register = template.Library()


@register.filter
def passages(text: str) -> str:
    """Paragraphs as `linebreaks` makes them; everything is escaped, and the mark is an element."""
    if MARK not in text:
        return linebreaks_filter(text)
    mark = format_html(
        '<mark class="hidden-name" lang="{}">{}</mark>', get_language() or "en", gettext(MARK)
    )
    return linebreaks_filter(format_html_join(mark, "{}", ((part,) for part in text.split(MARK))))
