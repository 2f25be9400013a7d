"""Figures about people are shown for five of them or more, or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean

LEAST = 5


@dataclass(frozen=True)
class Figure:
    """A number over a group; None: too few people to say it."""

    label: str
    value: float | None

    @property
    def is_shown(self) -> bool:
        return self.value is not None


def share(label: str, *, people: Iterable[str], some: int, of: int) -> Figure:
    """`some` of `of`, as a share, where the rows are of five different people or more."""
    return Figure(label, some / of if of and is_group(people) else None)


def average(label: str, rows: Iterable[tuple[str, float]]) -> Figure:
    """The mean over people of each one's own mean, so that nobody counts more than another."""
    by_person: dict[str, list[float]] = {}
    for person, value in rows:
        by_person.setdefault(person, []).append(value)
    return Figure(label, mean(map(mean, by_person.values())) if is_group(by_person) else None)


def is_group(people: Iterable[str]) -> bool:
    return len(set(people)) >= LEAST
