"""Says in words what an alpha and its interval mean, for people who do not read statistics.

Thresholds after Krippendorff (2018), Content Analysis, 4th ed., section 12.3: .800 to rely on
ratings, .667 for tentative conclusions. The interval decides, not the figure alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from agreement.estimate import Estimate
from agreement.wording import _, joined, listed, ngettext

# From the best to the worst, as a headline names them.
Verdict = Literal["agree", "tentative", "unclear", "disagree", "too_few", "no_variation"]

RELIABLE = 0.8
TENTATIVE = 0.667
FEWEST_ITEMS = 10
WIDEST = 0.4


def verdict(alpha: Estimate, n_pairable_items: int) -> Verdict:
    """Where the interval of alpha lies. Fewer than ten items rated twice are always too few."""
    if alpha.value is None:
        return "too_few" if n_pairable_items < FEWEST_ITEMS else "no_variation"
    if n_pairable_items < FEWEST_ITEMS or alpha.low is None or alpha.high is None:
        return "too_few"
    if alpha.low >= RELIABLE:
        return "agree"
    if alpha.low >= TENTATIVE:
        return "tentative"
    if alpha.high < TENTATIVE:
        return "disagree"
    if alpha.high - alpha.low > WIDEST:
        return "too_few"
    return "unclear" if alpha.value >= TENTATIVE else "disagree"


def reading(alpha: Estimate, n_pairable_items: int, about: str = "this") -> str:
    """The verdict as a sentence on `about` (such as "relevance"), then the figures behind it."""
    opening = _openings(about)[verdict(alpha, n_pairable_items)]
    return joined(opening, _figures(alpha, n_pairable_items))


def headline(verdicts: Iterable[tuple[str, Verdict]]) -> str:
    """The best and the worst verdict over all criteria (name, verdict), a sentence each."""
    groups: dict[Verdict, list[str]] = {}
    for name, found in verdicts:
        groups.setdefault(found, []).append(name)
    ordered = [found for found in get_args(Verdict) if found in groups]
    first = [_openings(listed(groups[found]))[found] for found in ordered[:1]]
    last = [_endings(listed(groups[found]))[found] for found in ordered[1:][-1:]]
    return joined(*first, *last)


def interval(low: float, high: float) -> str:
    """Its name and its ends, for use within a sentence."""
    # xgettext:no-python-format
    return _("95 % interval {low} to {high}", low=f"{low:.2f}", high=f"{high:.2f}")


def _openings(about: str) -> dict[Verdict, str]:
    return {
        "agree": _("Raters agree on {about}.", about=about),
        "tentative": _(
            "Raters agree on {about} well enough for tentative conclusions.", about=about
        ),
        "unclear": _(
            "Raters may agree on {about}; more ratings are needed to be sure.", about=about
        ),
        "disagree": _("Raters do not yet agree on {about}.", about=about),
        "too_few": _(
            "There are too few ratings to say whether raters agree on {about}.", about=about
        ),
        "no_variation": _(
            "All ratings of {about} are the same, so agreement cannot be told from chance.",
            about=about,
        ),
    }


def _endings(about: str) -> dict[Verdict, str]:
    """The same after a sentence that named the raters."""
    return _openings(about) | {
        "tentative": _("They agree on {about} well enough for tentative conclusions.", about=about),
        "unclear": _("They may agree on {about}; more ratings are needed to be sure.", about=about),
        "disagree": _("They do not yet agree on {about}.", about=about),
    }


def _figures(alpha: Estimate, n_items: int) -> str:
    items = ngettext("{n} item rated at least twice", "{n} items rated at least twice", n_items)
    if alpha.value is None:
        return _("Alpha is undefined: {reason} ({items}).", reason=alpha.reason, items=items)
    size = f"{alpha.value:.2f}"
    if alpha.low is None or alpha.high is None:
        return _(
            "Alpha {alpha}, without an interval: {reason} ({items}).",
            alpha=size,
            reason=alpha.interval_reason,
            items=items,
        )
    ends = interval(alpha.low, alpha.high)
    figures = _("Alpha {alpha}, {interval} ({items}).", alpha=size, interval=ends, items=items)
    if alpha.low < 1.0:
        return figures
    return joined(figures, _("No disagreement was seen, so the interval has no width."))
