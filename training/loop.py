"""Base, prompted and fine-tuned side by side: the page's shape, how varied answers are. Pure.

Distinct-n is the share of word n-grams that differ (Li et al. 2016, NAACL, 110-119). It falls with
the amount of text, so sides are compared on the same prompts. Its interval leaves out one answer at
a time; for such counts the jackknife's variance is, if anything, too large (Efron & Stein 1981,
Ann. Stat. 9:586-596).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from agreement import clustered, wilson
from agreement.estimate import Estimate, undefined
from agreement.wording import _
from corpus import families

BASE, PROMPTED, TUNED = "base", "prompted", "tuned"
SIDES = (BASE, PROMPTED, TUNED)
N_GRAMS = (1, 2)
MOST_ANSWERS = 2000


@dataclass(frozen=True)
class Cell:
    """One side's figure; without it, why there is none and where that can be mended."""

    estimate: Estimate | None = None
    n: int = 0
    missing: str = ""
    url: str = ""
    link: str = ""
    source: str = ""  # the page that the figure comes from


@dataclass(frozen=True)
class Line:
    """One figure on every side, in the order of `SIDES`."""

    label: str
    cells: tuple[Cell, ...]
    more_is_better: bool | None = True  # None: neither way is
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the page."""

    key: str
    title: str
    lines: tuple[Line, ...]
    hint: str = ""
    counts_documents: bool = False  # rather than answers
    warnings: tuple[str, ...] = ()
    missing: str = ""  # why there is no line at all
    url: str = ""
    link: str = ""

    @property
    def n_missing(self) -> int:
        """Figures that are not there."""
        return sum(bool(cell.missing) for line in self.lines for cell in line.cells)


@dataclass(frozen=True)
class Variety:
    """How far answers are written anew: what share repeats another, and how many words differ."""

    n: int
    repeated: Estimate
    distinct: dict[int, Estimate]


def mean(values: Sequence[float], prompts: Sequence[str]) -> Estimate:
    """A mean over answers, whose prompts are the clusters. One answer to each prompt that is 0 or 1
    is a share, with Wilson's interval."""
    if values and len(set(prompts)) == len(prompts) and set(values) <= {0.0, 1.0}:
        return wilson.proportion(round(sum(values)), len(values))
    return clustered.mean(np.array(values, dtype=np.float64), clustered.codes(prompts))


def variety(texts: Sequence[str]) -> Variety:
    """Of answers to the same prompts; those without a word count as answers all the same."""
    placed = families.grouped(texts)
    repeated = families.diversity(Counter(placed).values()).n_shared
    words = [re.findall(r"\w+", text.casefold()) for text in texts]
    return Variety(
        n=len(texts),
        repeated=wilson.proportion(repeated, len(texts)),
        distinct={n: distinct(words, n) for n in N_GRAMS},
    )


def distinct(texts: Sequence[Sequence[str]], n: int) -> Estimate:
    """Distinct-n of texts of words: different n-grams among all of them, 0 to 1."""
    grams = [list(zip(*(words[k:] for k in range(n)), strict=False)) for words in texts]
    total = sum(map(len, grams))
    if not total:
        return undefined(_("no answer is long enough"))
    owners: dict[tuple[str, ...], int] = {}  # the only text that has it, or -1
    for place, found in enumerate(grams):
        for gram in set(found):
            owners[gram] = -1 if gram in owners else place
    own = np.bincount([place for place in owners.values() if place >= 0], minlength=len(texts))
    sizes = np.array([len(found) for found in grams])
    return _jackknifed(len(owners), total, own, sizes)


def _jackknifed(
    n_different: int, total: int, own: NDArray[np.int64], sizes: NDArray[np.int64]
) -> Estimate:
    value, left = n_different / total, total - sizes
    m = len(sizes)
    if m < 2 or not left.all():
        return Estimate(value, interval_reason=clustered.ONE_CLUSTER)
    without = (n_different - own) / left
    se = float(np.sqrt((m - 1) / m * ((without - without.mean()) ** 2).sum()))
    reach = float(special.stdtrit(m - 1, 0.975)) * se
    return Estimate(value, max(0.0, value - reach), min(1.0, value + reach), se=se)
