"""Several judges heard as one: what a panel says of an answer on a criterion. Pure.

A panel's value is the mean over its members of each member's own mean, so that a judge asked five
times weighs as much as one asked once. Names have no mean: there the panel says what more members
say than say anything else. A member without a value is left out, which is told beside the value.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True)
class Heard:
    """What the members say together. `value` is None if none has one, or names tie."""

    value: float | None
    n_scored: int  # members with a value
    n_members: int
    spread: float | None  # highest minus lowest member; None where fewer than two have a value

    @property
    def is_whole(self) -> bool:
        """Whether every member has a value."""
        return self.n_scored == self.n_members


@dataclass(frozen=True)
class Summary:
    """A panel over many answers."""

    mean: float | None
    spread: float | None  # the mean of the answers' spreads
    n_answers: int  # with a value
    n_partial: int  # of these, answers on which a member had none
    n_without: int  # answers without a value


def hear(values: Mapping[str, float], members: Sequence[str], *, has_mean: bool = True) -> Heard:
    """The members' values on one answer, by member; whoever is no member is not heard."""
    said = [values[member] for member in members if member in values]
    value = (_mean(said) if has_mean else _most_said(said)) if said else None
    spread = max(said) - min(said) if len(said) > 1 and has_mean else None
    return Heard(value, len(said), len(members), spread)


def summary(heard: Iterable[Heard]) -> Summary:
    """Over answers, each counting once."""
    rows = list(heard)
    scored = [row for row in rows if row.value is not None]
    values = [row.value for row in scored if row.value is not None]
    spreads = [row.spread for row in scored if row.spread is not None]
    return Summary(
        mean=_mean(values),
        spread=_mean(spreads),
        n_answers=len(scored),
        n_partial=sum(not row.is_whole for row in scored),
        n_without=len(rows) - len(scored),
    )


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


def _most_said(values: Sequence[float]) -> float | None:
    """The name given most often; None where two are."""
    (value, n), *others = Counter(values).most_common(2)
    return None if others and others[0][1] == n else value
