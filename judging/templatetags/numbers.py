"""Figures in tables: two decimals with a dot, a dash where there is none."""

from django import template
from django.utils.translation import gettext_lazy

from agreement.estimate import Estimate

register = template.Library()
# As the tables head them; programs read the keys.
STATISTICS = {
    "percent_agreement": gettext_lazy("Exact"),
    "alpha": gettext_lazy("Alpha"),
    "alpha_ci": gettext_lazy("Interval of alpha"),
    "ac": "AC",
    "kappa": "Kappa",
    "icc2_1": "ICC(2,1)",
    "icc2_k": "ICC(2,k)",
}


@register.filter
def statistic(key: str) -> str:
    """What a statistic is called on pages."""
    return str(STATISTICS[key])


@register.filter
def figure(value: float | None) -> str:
    """.61, or a dash."""
    return "–" if value is None else _two(value)


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
        return _two(found.value)
    low, high = found.interval
    return f"{_two(found.value)} [{_two(low)}, {_two(high)}]"


def _two(value: float) -> str:
    """Two decimals; what rounds to nothing carries no sign."""
    return f"{value if abs(value) >= 0.005 else 0.0:.2f}"
