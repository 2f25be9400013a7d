"""A release before it is made: what it would hold and change, what hinders it, and its number.

Page, REST and command show it, and the action makes exactly this.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from annotation.models import Study
from corpus.models.pairs import Split
from corpus.models.prompts import ExpectedAction
from exports import changes, findings, numbering
from exports.candidates import Candidate
from exports.changes import Changes
from exports.choice import Choice
from exports.hindrances import Hindrance
from exports.models import Release

SPLITS: dict[str, str] = dict(Split.choices)


@dataclass(frozen=True)
class Line:
    """Pairs of a domain and split, by expected action."""

    domain: str
    split: str
    counts: list[int]

    @property
    def split_name(self) -> str:
        return SPLITS.get(self.split, "–")

    @property
    def n(self) -> int:
        return sum(self.counts)


def lines(rows: Iterable[tuple[str | None, str, str, int]]) -> list[Line]:
    """Of domain, split, expected action and number of pairs; domains as they come."""
    counted: dict[str, dict[str, list[int]]] = {}
    for domain, split, expected, n in rows:
        of_split = counted.setdefault(domain or "–", {})
        counts = of_split.setdefault(split, [0] * len(ExpectedAction.values))
        counts[ExpectedAction.values.index(expected)] += n
    return [
        Line(domain, split, by_split[split])
        for domain, by_split in counted.items()
        for split in ("", *Split.values)
        if split in by_split
    ]


@dataclass(frozen=True)
class Plan:
    """`previous` is the highest release of the name, None where there is none."""

    choice: Choice
    studies: Sequence[Study]
    candidates: list[Candidate]
    hindrances: list[Hindrance]
    previous: Release | None
    changes: Changes

    @property
    def n_pairs(self) -> int:
        return len(self.candidates)

    @property
    def lines(self) -> list[Line]:
        """In the order of the release, splits as a model meets them."""
        rows = self.candidates
        return lines((each.domain_name, each.split, each.expected_action, 1) for each in rows)

    @property
    def proposed(self) -> str:
        """The version that the changes ask for."""
        last = self.previous.version if self.previous else ""
        return numbering.following(
            last, breaks=self.changes.breaks, adds=bool(self.changes.added or self.adds_studies)
        )

    @property
    def adds_studies(self) -> bool:
        known = self.previous.release_studies if self.previous else None
        before = set(known.values_list("slug", flat=True)) if known else set()
        return bool({study.slug for study in self.studies} - before)


def plan(choice: Choice, *, name: str, on: date, studies: Sequence[Study] = ()) -> Plan:
    """What a release of this choice would be on that day. About ten queries, whatever its size."""
    rows = findings.candidates(choice.versions().fresh(on))
    last = previous(name)
    held = findings.held_by(last) if last else {}
    return Plan(
        choice=choice,
        studies=studies,
        candidates=rows,
        hindrances=findings.found(choice, rows, studies, on=on),
        previous=last,
        changes=changes.between(held, {each.pair: each.held for each in rows}),
    )


def previous(name: str) -> Release | None:
    """The highest version of the name, withdrawn or not: its files are with people."""
    found = {release.version: release for release in Release.objects.filter(name=name)}
    return found.get(numbering.highest(found))


def changed_since(release: Release) -> Changes | None:
    """What a made release changed; None for the first of its name. Two queries."""
    if release.previous is None:
        return None
    return changes.between(findings.held_by(release.previous), findings.held_by(release))
