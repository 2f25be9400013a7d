"""Says in words why raters disagree, and sums up all criteria in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreement.drivers import Drivers, Strictness
from agreement.sentence import Verdict
from agreement.wording import _, joined, listed, ngettext

MOSTLY, PARTLY = 0.5, 0.2
SKEWED = 0.8
FEW = 0.15


@dataclass(frozen=True)
class Words:
    """What low and high values of a scale mean about the rater who gives them."""

    low: str = _("stricter")
    high: str = _("milder")


@dataclass(frozen=True)
class Finding:
    """One criterion for `overview`: its name in a sentence, alpha's verdict and the causes."""

    about: str
    verdict: Verdict
    drivers: Drivers | None = None


def because(found: Drivers | None, words: Words | None = None) -> str:
    """The strongest cause of disagreement as the end of a sentence, such as "mostly because rater
    3 is stricter"; empty where nothing stands out."""
    if found is None:
        return ""
    strict = found.strictness
    if strict is not None and strict.share >= PARTLY:
        return _strictness(strict, words or Words())
    if found.odd_one is not None:
        return _("mostly because {rater} answers unlike the others", rater=found.odd_one)
    if found.commonest is not None and found.commonest[1] >= SKEWED:
        label, share = found.commonest
        return _(
            "and {share} of all ratings are {label}, so few items tell raters apart",
            share=f"{share:.0%}",
            label=label,
        )
    if 0 < found.few_items <= FEW * found.n_items:
        return ngettext(
            "and one item holds half of the disagreement",
            "and {n} of {all} items hold half of the disagreement",
            found.few_items,
            all=found.n_items,
        )
    return ""


def overview(findings: Sequence[Finding], words: Words | None = None) -> str:
    """All criteria in one sentence: "Raters agree on whether it refused; they do not agree on
    relevance, mostly because rater 3 is stricter." """
    parts: list[tuple[str, Verdict, str]] = []  # about, how it is said, why
    for kind in ("agree", "tentative"):
        if names := [one.about for one in findings if one.verdict == kind]:
            parts.append((listed(names), kind, ""))
    for one in findings:
        if one.verdict in ("disagree", "unclear"):
            parts.append((one.about, one.verdict, because(one.drivers, words)))
    if rest := [one.about for one in findings if one.verdict in ("too_few", "no_variation")]:
        parts.append((listed(rest), "too_few", ""))
    said = [
        joined(_clauses(about)[kind][place > 0], why, between=", ")
        for place, (about, kind, why) in enumerate(parts)
    ]
    return joined(joined(*said, between="; "), "." if said else "", between="")


def _clauses(about: str) -> dict[Verdict, tuple[str, str]]:
    """Each verdict as a sentence begins, and as it goes on after another clause on the raters."""
    return {
        "agree": (
            _("Raters agree on {about}", about=about),
            _("they agree on {about}", about=about),
        ),
        "tentative": (
            _("Raters agree fairly well on {about}", about=about),
            _("they agree fairly well on {about}", about=about),
        ),
        "disagree": (
            _("Raters do not agree on {about}", about=about),
            _("they do not agree on {about}", about=about),
        ),
        "unclear": (
            _("Raters do not clearly agree on {about}", about=about),
            _("they do not clearly agree on {about}", about=about),
        ),
        "too_few": (
            _("Raters have given too little to say anything about {about}", about=about),
            _("they have given too little to say anything about {about}", about=about),
        ),
    }


def _strictness(found: Strictness, words: Words) -> str:
    is_most, one = found.share >= MOSTLY, found.outlier
    low = min(found.offsets, key=lambda rater: found.offsets[rater])
    if one is not None:
        word = words.low if found.offsets[one] < 0 else words.high
        places = {"rater": one, "stricter": word, "gap": f"{abs(found.offsets[one]):.1f}"}
        return (
            _("mostly because {rater} is {stricter} (by {gap} on average)", **places)
            if is_most
            else _("partly because {rater} is {stricter} (by {gap} on average)", **places)
        )
    places = {"rater": low, "stricter": words.low}
    if len(found.offsets) == 2:
        high = max(found.offsets, key=lambda rater: found.offsets[rater])
        places |= {"other": high, "gap": f"{abs(found.offsets[low]):.1f}"}
        return (
            _("mostly because {rater} is {stricter} than {other} (by {gap} on average)", **places)
            if is_most
            else _(
                "partly because {rater} is {stricter} than {other} (by {gap} on average)", **places
            )
        )
    return (
        _("mostly because some raters are {stricter} than others, {rater} most of all", **places)
        if is_most
        else _(
            "partly because some raters are {stricter} than others, {rater} most of all", **places
        )
    )
