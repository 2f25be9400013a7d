"""Figures in tables: two decimals with a dot, a dash where there is none."""

from django import template

from agreement.estimate import Estimate

register = template.Library()


@register.filter
def figure(value: float | None) -> str:
    """.61, or a dash."""
    return "–" if value is None else f"{value:.2f}"


@register.filter
def percent(value: float | None) -> str:
    """A share as a whole percentage, or a dash."""
    return "–" if value is None else f"{100 * value:.0f} %"


@register.filter
def estimate(found: Estimate | None) -> str:
    """0.61 [0.50, 0.70], or a dash."""
    if found is None or found.value is None:
        return "–"
    if found.interval is None:
        return f"{found.value:.2f}"
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"
