"""Says in words what an alpha and its interval mean, for people who do not read statistics.

Thresholds after Krippendorff (2018), Content Analysis, 4th ed., section 12.3: .800 to rely on
ratings, .667 for tentative conclusions. The interval decides, not the figure alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from agreement.estimate import Estimate

Verdict = Literal["agree", "tentative", "unclear", "disagree", "too_few", "no_variation"]

RELIABLE = 0.8
TENTATIVE = 0.667
FEWEST_ITEMS = 10
WIDEST = 0.4

_OPENINGS: dict[Verdict, str] = {
    "agree": "Raters agree on {}.",
    "tentative": "Raters agree on {} well enough for tentative conclusions.",
    "unclear": "Raters may agree on {}; more ratings are needed to be sure.",
    "disagree": "Raters do not yet agree on {}.",
    "too_few": "There are too few ratings to say whether raters agree on {}.",
    "no_variation": "All ratings of {} are the same, so agreement cannot be told from chance.",
}


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
    opening = _OPENINGS[verdict(alpha, n_pairable_items)].format(about)
    return f"{opening} {_figures(alpha, n_pairable_items)}"


def headline(verdicts: Iterable[tuple[str, Verdict]]) -> str:
    """The best and the worst verdict over all criteria (name, verdict), a sentence each."""
    groups: dict[Verdict, list[str]] = {}
    for name, found in verdicts:
        groups.setdefault(found, []).append(name)
    ordered = [(found, groups[found]) for found in _OPENINGS if found in groups]
    ends = ordered if len(ordered) <= 2 else [ordered[0], ordered[-1]]
    sentences = [_OPENINGS[found].format(listed(names)) for found, names in ends]
    again = [text.replace("Raters ", "They ", 1) for text in sentences[1:]]
    return " ".join(sentences[:1] + again)


def _figures(alpha: Estimate, n_items: int) -> str:
    items = f"{n_items} item{'' if n_items == 1 else 's'} rated at least twice"
    if alpha.value is None:
        return f"Alpha is undefined: {alpha.reason} ({items})."
    if alpha.low is None or alpha.high is None:
        return f"Alpha {alpha.value:.2f}, without an interval: {alpha.interval_reason} ({items})."
    interval = f"95 % interval {alpha.low:.2f} to {alpha.high:.2f}"
    width = " No disagreement was seen, so the interval has no width." * (alpha.low == 1.0)
    return f"Alpha {alpha.value:.2f}, {interval} ({items}).{width}"


def listed(names: list[str]) -> str:
    """One name, or several with an "and" before the last."""
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
