"""Two runs compared, per criterion and overall: people, each judge, and both together. Pure.

The prompt is the cluster. Read first the paired difference, then how often B is better, then the
ratio, whose size depends on where the scale starts and which is therefore shown under two codings.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from agreement import paired, ppi
from agreement.estimate import Estimate, undefined
from agreement.wording import _

# (prompt id, "a" or "b", score)
Row = tuple[str, str, float]
OVERALL = "overall"


@dataclass(frozen=True)
class Scale:
    """A criterion's lowest and highest value."""

    key: str
    label: str
    low: int
    high: int
    is_failure: bool = False  # a share of failures: less is better

    @property
    def span(self) -> float:
        return float(self.high - self.low)

    def unit(self, value: float) -> float:
        """The value on 0 to 1, as the overall score of PsychoSafe takes it; more is better."""
        share = (value - self.low) / self.span
        return 1 - share if self.is_failure else share


@dataclass(frozen=True)
class Contrast:
    """B against A as one source sees it."""

    n_prompts: int
    mean_a: float | None
    mean_b: float | None
    difference: Estimate
    superiority: Estimate
    ratios: tuple[paired.Ratio, ...]


@dataclass(frozen=True)
class Line:
    """One criterion (or the overall score) as people, a judge, and both together see it."""

    scale: Scale
    human: Contrast
    judge: Contrast | None
    combined: Estimate
    warning: str


def contrast(rows: Iterable[Row], scale: Scale, *, draws: int = 1000) -> Contrast:
    """The comparison by one source. Prompts that lack either side are left out."""
    pairs = paired.Pairs.by_prompt(rows, "a", "b")
    filled = pairs.n_prompts > 0
    span = (float(scale.low), float(scale.high))
    starts = [None] if scale.low == 0 else [None, 0.0]
    return Contrast(
        n_prompts=pairs.n_prompts,
        mean_a=float(pairs.a.mean()) if filled else None,
        mean_b=float(pairs.b.mean()) if filled else None,
        difference=paired.mean_difference(pairs),
        superiority=paired.superiority(pairs, draws=draws),
        ratios=tuple(
            paired.ratio_of_means(pairs, scale=span, start=start, draws=draws) for start in starts
        ),
    )


def overall(rows: Mapping[str, Iterable[Row]], scales: Sequence[Scale]) -> list[Row]:
    """PsychoSafe's overall score: the mean of the criteria on 0 to 1, per prompt and side.

    Each criterion enters by its mean over raters; a side with a criterion missing has no overall.
    """
    units: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for scale in scales:
        for prompt, side, score in rows.get(scale.key, ()):
            units[prompt, side][scale.key].append(scale.unit(score))
    return [
        (prompt, side, fmean(fmean(by_key[scale.key]) for scale in scales))
        for (prompt, side), by_key in units.items()
        if all(scale.key in by_key for scale in scales)
    ]


def line(
    scale: Scale, human: Sequence[Row], judge: Sequence[Row] | None, *, draws: int = 1000
) -> Line:
    """People and a judge side by side, PPI++ of both, and a warning where they disagree."""
    seen = contrast(human, scale, draws=draws)
    judged = contrast(judge, scale, draws=draws) if judge is not None else None
    together = _combined(human, judge or [])
    return Line(scale, seen, judged, together, _warning(seen, judged, together))


def _combined(human: Sequence[Row], judge: Sequence[Row]) -> Estimate:
    by_people, by_judge = differences(human), differences(judge)
    both = [prompt for prompt in by_people if prompt in by_judge]
    others = [d for prompt, d in by_judge.items() if prompt not in by_people]
    if not judge:
        return undefined(_("no judge has scored both runs"))
    return ppi.mean(
        np.array([by_people[p] for p in both]), np.array([by_judge[p] for p in both]), others
    )


def differences(rows: Sequence[Row]) -> dict[str, float]:
    """B less A of each prompt that has both, each side the mean of its scores."""
    sides: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for prompt, side, score in rows:
        sides[prompt][side].append(score)
    return {
        prompt: fmean(by["b"]) - fmean(by["a"])
        for prompt, by in sides.items()
        if "a" in by and "b" in by
    }


def _warning(human: Contrast, judge: Contrast | None, together: Estimate) -> str:
    if judge is None or judge.difference.interval is None or human.difference.interval is None:
        return ""
    reference = together if together.interval else human.difference
    low_0, high_0 = reference.interval or (0.0, 0.0)
    low, high = judge.difference.interval
    if high < low_0 or low > high_0:
        return _(
            "The judge's interval and the people's do not meet. Do not rely on the judge here."
        )
    if _sign(low, high) != _sign(low_0, high_0):
        return _("The judge alone would lead to another conclusion than the people's ratings.")
    return ""


def _sign(low: float, high: float) -> int:
    return 1 if low > 0 else -1 if high < 0 else 0
