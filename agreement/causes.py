"""Says in words why raters disagree, and sums up all criteria in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreement.drivers import Drivers, Strictness
from agreement.sentence import Verdict, listed

MOSTLY, PARTLY = 0.5, 0.2
SKEWED = 0.8
FEW = 0.15


@dataclass(frozen=True)
class Words:
    """What low and high values of a scale mean about the rater who gives them."""

    low: str = "stricter"
    high: str = "milder"


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
        how = "mostly" if strict.share >= MOSTLY else "partly"
        return f"{how} because {_strictness(strict, words or Words())}"
    if found.odd_one is not None:
        return f"mostly because {found.odd_one} answers unlike the others"
    if found.commonest is not None and found.commonest[1] >= SKEWED:
        label, share = found.commonest
        return f"and {share:.0%} of all ratings are {label}, so few items tell raters apart"
    if 0 < found.few_items <= FEW * found.n_items:
        n = found.few_items
        items = "one item holds" if n == 1 else f"{n} of {found.n_items} items hold"
        return f"and {items} half of the disagreement"
    return ""


def overview(findings: Sequence[Finding], words: Words | None = None) -> str:
    """All criteria in one sentence: "Raters agree on whether it refused; they do not agree on
    relevance, mostly because rater 3 is stricter." """
    agreed = [one.about for one in findings if one.verdict == "agree"]
    fairly = [one.about for one in findings if one.verdict == "tentative"]
    parts = [f"agree on {listed(agreed)}"] if agreed else []
    parts += [f"agree fairly well on {listed(fairly)}"] if fairly else []
    for one in findings:
        if one.verdict in ("disagree", "unclear"):
            cause = because(one.drivers, words)
            start = "do not agree on" if one.verdict == "disagree" else "may not agree on"
            parts.append(f"{start} {one.about}" + (f", {cause}" if cause else ""))
    rest = [one.about for one in findings if one.verdict in ("too_few", "no_variation")]
    if rest:
        parts.append(f"have given too little to say anything about {listed(rest)}")
    subjects = ["Raters", *["they"] * (len(parts) - 1)]
    said = [f"{subject} {part}" for subject, part in zip(subjects, parts, strict=False)]
    return "; ".join(said) + "." * bool(said)


def _strictness(found: Strictness, words: Words) -> str:
    one = found.outlier
    if one is not None:
        gap = found.offsets[one]
        word = words.low if gap < 0 else words.high
        return f"{one} is {word} (by {abs(gap):.1f} on average)"
    low = min(found.offsets, key=lambda rater: found.offsets[rater])
    high = max(found.offsets, key=lambda rater: found.offsets[rater])
    if len(found.offsets) == 2:
        return f"{low} is {words.low} than {high} (by {abs(found.offsets[low]):.1f} on average)"
    return f"some raters are {words.low} than others, {low} most of all"
