"""Who is strict, and what a condition is worth once raters and items are allowed for.

    y = condition + item + rater [+ item:condition] + error, the last four random, by REML

The item:condition part belongs in the model when several raters see the same response: without it
the standard error of a condition is too small. Items nest their conditions, so the items are
eliminated in closed form and one fit costs as much as a table of raters. Source: Bates et al.
(2015), J. Stat. Softw. 67(1) (profiled REML); Henderson (1975), Biometrics 31:423-447 (BLUPs).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy import special

from agreement import reml
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.reml import Design, Floats
from agreement.wording import _


@dataclass(frozen=True)
class Components:
    """Variances. `item_condition` is None where the model had no such part."""

    item: float
    rater: float
    item_condition: float | None
    residual: float

    def reliability(self, k: int, *, absolute: bool = True) -> Estimate:
        """Of the mean of k raters: item / (item + (rater + residual) / k), the rater's variance
        left out unless `absolute`. Complete tables give ICC(2,k) and ICC(3,k) of the same data
        (where no variance is cut at 0). Undefined when nothing varies."""
        noise = self.residual + (self.rater if absolute else 0.0)
        whole = self.item + noise / k
        if whole <= 0:
            return undefined(_("neither items nor ratings vary"))
        return Estimate(self.item / whole)


@dataclass(frozen=True)
class Severity:
    """`severity[r]`: how much lower than the average rater r scores, by best prediction, which
    draws small samples towards 0; `se` is conditional on the other estimates.

    `means` are of each condition, `effects` its difference from the reference. `deviance` is the
    REML criterion. All are undefined for one reason, or none is.
    """

    severity: dict[str, Estimate]
    means: dict[str, Estimate]
    effects: dict[str, Estimate]
    components: Components | None
    deviance: float | None
    n_values: int
    reason: str | None = None


def of_ratings(ratings: Ratings, confidence: float = 0.95) -> Severity:
    """The model without conditions: severity and variance components of a table with gaps."""
    item, rater = np.nonzero(ratings.is_given)
    names = [(ratings.items[i], ratings.raters[r]) for i, r in zip(item, rater, strict=True)]
    values = ratings.matrix[item, rater].tolist()
    if not ratings.scale.is_numeric:
        return _nothing(ratings.raters, ("all",), _("severity needs numbers, and these are labels"))
    rows = [(i, r, "all", value) for (i, r), value in zip(names, values, strict=True)]
    return fit(rows, interaction=False, confidence=confidence)


def fit(
    rows: Iterable[tuple[str, str, str, float]],
    *,
    interaction: bool = True,
    reference: str | None = None,
    confidence: float = 0.95,
) -> Severity:
    """From rows (item, rater, condition, score); any design, with gaps and repeats.

    Effects are differences from `reference` (by default the condition of the first row) with a t
    interval of items - 1 degrees of freedom; means have the smaller of items and raters, less 1.
    The item:condition part is left out by itself where there is one condition, and where there
    are hardly more ratings than responses, so that it could not be told from error. Undefined
    with fewer than two items or raters, scores that do not vary, and too few ratings.
    """
    design = Design.build(rows, interaction=interaction)
    if reason := design.why_undefined():
        return _nothing(design.raters, design.conditions, reason)
    found = reml.fit(design)
    variance = found.residual_variance
    parts = variance * found.ratios**2
    components = Components(
        float(parts[0]), float(parts[1]), float(parts[2]) if design.interaction else None, variance
    )
    severity = {
        name: _around(-float(value), float(se), None, confidence)
        for name, value, se in zip(design.raters, found.raters, found.rater_se, strict=True)
    }
    own = np.eye(len(design.conditions))
    base = reference or design.conditions[0]
    against = own - own[design.conditions.index(base)]
    free = len(design.items) - 1
    means = _contrasts(design, found, own, min(free, len(design.raters) - 1), confidence)
    effects = _contrasts(design, found, against, free, confidence)
    effects.pop(base)
    return Severity(severity, means, effects, components, found.deviance, design.n)


def _contrasts(
    design: Design, found: reml.Fit, rows: Floats, free: int, confidence: float
) -> dict[str, Estimate]:
    values = rows @ found.means
    spread = np.einsum("ij,jk,ik->i", rows, found.covariance, rows)
    return {
        name: _around(float(value), sqrt(max(float(variance), 0.0)), free, confidence)
        for name, value, variance in zip(design.conditions, values, spread, strict=True)
    }


def _around(value: float, se: float, free: int | None, confidence: float) -> Estimate:
    upper = (1 + confidence) / 2
    reach = se * float(special.ndtri(upper) if free is None else special.stdtrit(free, upper))
    return Estimate(value, value - reach, value + reach, se=se)


def _nothing(raters: tuple[str, ...], conditions: tuple[str, ...], reason: str) -> Severity:
    none = undefined(reason)
    return Severity(
        dict.fromkeys(raters, none),
        dict.fromkeys(conditions, none),
        dict.fromkeys(conditions[1:], none),
        None,
        None,
        0,
        reason,
    )
