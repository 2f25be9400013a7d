"""Says in words what each figure of agreement means, for people who do not read statistics.

Alpha's own verdict is in `sentence.py`, and why raters disagree in `causes.py`.
"""

from __future__ import annotations

import math

from agreement.drift import Drift
from agreement.estimate import Estimate
from agreement.intra import IntraRater
from agreement.sentence import RELIABLE

HALF = 0.5
FAR_APART = 0.15


def of_percent(exact: Estimate, within_one: Estimate) -> str:
    """How often two raters give the same value, and nearly the same."""
    if exact.value is None:
        return f"How often raters agree is not known: {exact.reason}."
    said = f"Two raters of the same item gave the same value {_in_100(exact.value)} times in 100"
    if within_one.value is None:
        return f"{said}. Chance alone explains part of that."
    near = _in_100(within_one.value)
    return f"{said}, and values at most one step apart {near} times in 100."


def of_ac(ac: Estimate, alpha: Estimate, commonest: tuple[str, float] | None = None) -> str:
    """Gwet's coefficient beside alpha, and why they differ where they do."""
    if ac.value is None:
        return f"Gwet's AC is undefined: {ac.reason}."
    said = f"Gwet's AC is {ac.value:.2f}{_interval(ac)}."
    if alpha.value is None or abs(ac.value - alpha.value) < FAR_APART:
        return f"{said} It corrects for chance in another way and tells the same story as alpha."
    if ac.value > alpha.value and commonest and commonest[1] >= HALF:
        label, share = commonest
        return (
            f"{said} It lies well above alpha ({alpha.value:.2f}) because {share:.0%} of all "
            f"ratings are {label}: alpha asks whether raters tell the rare items apart, AC how "
            "often they would agree on any item."
        )
    return f"{said} Alpha is {alpha.value:.2f}: the two correct for chance in different ways."


def of_icc(one: Estimate, mean: Estimate, n_raters: int) -> str:
    """How far one rater's number, and the mean of all, can be relied on; how many would do."""
    if one.value is None:
        return f"The reliability of the ratings is not known: {one.reason}."
    said = f"The reliability of one rater's value is {one.value:.2f}{_interval(one)}"
    if mean.value is not None:
        said += f"; of the mean of {n_raters} raters, {mean.value:.2f}{_interval(mean)}"
    needed = raters_needed(one)
    if needed is None:
        return f"{said}. Items differ too little for more raters to help."
    if needed <= n_raters:
        return f"{said}. That is enough for means to be relied on."
    return f"{said}. For a mean with a reliability of {RELIABLE} it takes {needed} raters."


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
    if kappa.value is None:
        return f"Kappa of {first} and {second} is undefined: {kappa.reason}."
    size = f"{kappa.value:.2f}{_interval(kappa)}"
    return f"{first} and {second} agree beyond chance with a kappa of {size}."


def of_difference(found: Estimate, first: str, second: str, unit: str = "points") -> str:
    """`found` is second minus first."""
    if found.value is None:
        return f"{first} and {second} cannot be compared: {found.reason}."
    higher, lower = (second, first) if found.value >= 0 else (first, second)
    size = f"The mean of {higher} is {abs(found.value):.2f} {unit} above that of {lower}"
    if found.interval is None:
        return f"{size}, without an interval: {found.interval_reason}."
    low, high = found.interval
    span = sorted((abs(low), abs(high)))
    if low <= 0 <= high:
        return f"{size}, but the 95 % interval ({low:.2f} to {high:.2f}) includes no difference."
    return f"{size} (95 % interval {span[0]:.2f} to {span[1]:.2f})."


def of_drift(found: Drift, about: str) -> str:
    """Whether agreement on `about` changed from the first block of time to the last."""
    if found.change.value is None:
        return f"Whether agreement on {about} changed is not known: {found.change.reason}."
    first, last = found.blocks[0], found.blocks[-1]
    span = f"from {_block(first.name)} to {_block(last.name)}"
    if found.change.interval is None or _holds_zero(found.change):
        return f"Agreement on {about} has not clearly changed {span}."
    way = "risen" if found.change.value > 0 else "fallen"
    figures = f"alpha {first.found.known:.2f}, then {last.found.known:.2f}"
    return f"Agreement on {about} has {way} {span} ({figures})."


def _block(name: str) -> str:
    """A block that has a number alone is called one."""
    return f"block {name}" if name.isdigit() else name


def of_intra(found: IntraRater) -> str:
    """How far a rater repeats their own ratings."""
    if found.percent.value is None:
        return f"{found.rater} has rated no item twice."
    same = round(found.percent.value * found.n_items)
    return f"Shown {found.n_items} items again, {found.rater} gave {same} of them the same value."


def _holds_zero(found: Estimate) -> bool:
    return found.interval is not None and found.interval[0] <= 0 <= found.interval[1]


def _in_100(share: float) -> int:
    return round(100 * share)


def _interval(found: Estimate) -> str:
    if found.interval is None:
        return ""
    return f" (95 % interval {found.interval[0]:.2f} to {found.interval[1]:.2f})"
