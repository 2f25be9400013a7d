"""Says in words what each figure of agreement means, for people who do not read statistics.

Alpha's own verdict is in `sentence.py`, and why raters disagree in `causes.py`.
"""

from __future__ import annotations

import math

from agreement.drift import Drift
from agreement.estimate import Estimate
from agreement.intra import IntraRater
from agreement.sentence import RELIABLE, interval
from agreement.wording import _, joined, ngettext

HALF = 0.5
FAR_APART = 0.15


def of_percent(exact: Estimate, within_one: Estimate) -> str:
    """How often two raters give the same value, and nearly the same."""
    if exact.value is None:
        return _("How often raters agree is not known: {reason}.", reason=exact.reason)
    same = _in_100(exact.value)
    if within_one.value is None:
        return joined(
            _("Two raters of the same item gave the same value {n} times in 100.", n=same),
            _("Chance alone explains part of that."),
        )
    return _(
        "Two raters of the same item gave the same value {n} times in 100, and values at most one "
        "step apart {near} times in 100.",
        n=same,
        near=_in_100(within_one.value),
    )


def of_ac(ac: Estimate, alpha: Estimate, commonest: tuple[str, float] | None = None) -> str:
    """Gwet's coefficient beside alpha, and why they differ where they do."""
    if ac.value is None:
        return _("Gwet's AC is undefined: {reason}.", reason=ac.reason)
    said = _("Gwet's AC is {ac}.", ac=_size(ac))
    return joined(said, _beside_alpha(ac.value, alpha.value, commonest))


def _beside_alpha(ac: float, alpha: float | None, commonest: tuple[str, float] | None) -> str:
    if alpha is None or abs(ac - alpha) < FAR_APART:
        return _("It corrects for chance in another way and tells the same story as alpha.")
    if ac > alpha and commonest and commonest[1] >= HALF:
        label, share = commonest
        return _(
            "It lies well above alpha ({alpha}) because {share} of all ratings are {label}: alpha "
            "asks whether raters tell the rare items apart, AC how often they would agree on any "
            "item.",
            alpha=f"{alpha:.2f}",
            share=f"{share:.0%}",
            label=label,
        )
    return _(
        "Alpha is {alpha}: the two correct for chance in different ways.", alpha=f"{alpha:.2f}"
    )


def of_icc(one: Estimate, mean: Estimate, n_raters: int) -> str:
    """How far one rater's number, and the mean of all, can be relied on; how many would do."""
    if one.value is None:
        return _("The reliability of the ratings is not known: {reason}.", reason=one.reason)
    if mean.value is None:
        said = _("The reliability of one rater's value is {one}.", one=_size(one))
    else:
        said = _(
            "The reliability of one rater's value is {one}; of the mean of {n} raters, {mean}.",
            one=_size(one),
            n=n_raters,
            mean=_size(mean),
        )
    return joined(said, _how_many(raters_needed(one), n_raters))


def _how_many(needed: int | None, n_raters: int) -> str:
    if needed is None:
        return _("Items differ too little for more raters to help.")
    if needed <= n_raters:
        return _("That is enough for means to be relied on.")
    return _(
        "For a mean with a reliability of {wanted} it takes {n} raters.",
        wanted=f"{RELIABLE}",
        n=needed,
    )


def raters_needed(one: Estimate, wanted: float = RELIABLE) -> int | None:
    """How many raters' mean reaches the reliability `wanted` (Spearman-Brown); None where one
    rater's reliability is unknown or not above zero."""
    if one.value is None or one.value <= 0:
        return None
    if one.value >= 1:
        return 1
    return max(1, math.ceil(wanted * (1 - one.value) / (one.value * (1 - wanted)) - 1e-9))


def of_kappa(kappa: Estimate, first: str, second: str) -> str:
    """Two named raters, or a judge and a rater."""
    names = {"first": first, "second": second}
    if kappa.value is None:
        return _(
            "Kappa of {first} and {second} is undefined: {reason}.", reason=kappa.reason, **names
        )
    return _(
        "{first} and {second} agree beyond chance with a kappa of {kappa}.",
        kappa=_size(kappa),
        **names,
    )


def of_difference(found: Estimate, first: str, second: str, unit: str = _("points")) -> str:
    """`found` is second minus first."""
    if found.value is None:
        return _(
            "{first} and {second} cannot be compared: {reason}.",
            first=first,
            second=second,
            reason=found.reason,
        )
    higher, lower = (second, first) if found.value >= 0 else (first, second)
    size = f"{abs(found.value):.2f}"
    places = {"higher": higher, "lower": lower, "size": size, "unit": unit}
    if found.interval is None:
        return _(
            "The mean of {higher} is {size} {unit} above that of {lower}, without an interval: "
            "{reason}.",
            reason=found.interval_reason,
            **places,
        )
    low, high = found.interval
    if low <= 0 <= high:
        return _(
            # xgettext:no-python-format
            "The mean of {higher} is {size} {unit} above that of {lower}, but the 95 % interval "
            "({low} to {high}) includes no difference.",
            low=f"{low:.2f}",
            high=f"{high:.2f}",
            **places,
        )
    nearest, farthest = sorted((abs(low), abs(high)))
    return _(
        "The mean of {higher} is {size} {unit} above that of {lower} ({interval}).",
        interval=interval(nearest, farthest),
        **places,
    )


def of_drift(found: Drift, about: str) -> str:
    """Whether agreement on `about` changed from the first block of time to the last."""
    change = found.change
    if change.value is None:
        return _(
            "Whether agreement on {about} changed is not known: {reason}.",
            about=about,
            reason=change.reason,
        )
    first, last = found.blocks[0], found.blocks[-1]
    span = {"about": about, "first": _block(first.name), "last": _block(last.name)}
    if change.interval is None or _holds_zero(change):
        return _("Agreement on {about} has not clearly changed from {first} to {last}.", **span)
    span |= {"before": f"{first.found.known:.2f}", "after": f"{last.found.known:.2f}"}
    if change.value > 0:
        return _(
            "Agreement on {about} has risen from {first} to {last} (alpha {before}, then {after}).",
            **span,
        )
    return _(
        "Agreement on {about} has fallen from {first} to {last} (alpha {before}, then {after}).",
        **span,
    )


def _block(name: str) -> str:
    """A block that has a number alone is called one."""
    return _("block {n}", n=name) if name.isdigit() else name


def of_intra(found: IntraRater) -> str:
    """How far a rater repeats their own ratings."""
    if found.percent.value is None:
        return _("{rater} has rated no item twice.", rater=found.rater)
    return ngettext(
        "Shown {n} item again, {rater} gave {same} of them the same value.",
        "Shown {n} items again, {rater} gave {same} of them the same value.",
        found.n_items,
        rater=found.rater,
        same=round(found.percent.value * found.n_items),
    )


def _holds_zero(found: Estimate) -> bool:
    return found.interval is not None and found.interval[0] <= 0 <= found.interval[1]


def _in_100(share: float) -> int:
    return round(100 * share)


def _size(found: Estimate) -> str:
    """The value, and its interval if it has one."""
    value = f"{found.known:.2f}"
    if found.interval is None:
        return value
    return joined(value, joined("(", interval(*found.interval), ")", between=""))
