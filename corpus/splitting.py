"""Training, validation and test: stratified by domain, fixed by digest, families kept whole. Pure.

A response that is nearly one of the training split would flatter whoever is measured on it, so a
family of near copies goes to one split as a whole. What decides is the family's digest, not a
random draw: the same corpus is split alike on every machine, and in whatever order it is given.
A corpus that grew is split anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gate.text import digest

TRAIN, VALIDATION, TEST = "train", "validation", "test"
SHARES: Mapping[str, float] = {TRAIN: 0.8, VALIDATION: 0.1, TEST: 0.1}


@dataclass(frozen=True)
class Row:
    """What decides where a pair goes. Pairs of one family, or with one prompt, stay together."""

    id: str
    domain: str
    family: str
    prompt: str = ""  # the conversation's digest: the same words never stand on both sides


def assign(rows: Iterable[Row], shares: Mapping[str, float] = SHARES) -> dict[str, str]:
    """The split of each row.

    Within a domain, groups are taken by their digest, and each goes where most rows are wanting:
    a split misses its share by less than the size of one group. A group that holds several domains
    is placed with the domain of most of its rows.
    """
    groups = _groups(list(rows))
    by_domain: defaultdict[str, list[list[Row]]] = defaultdict(list)
    for group in groups:
        by_domain[_main_domain(group)].append(group)
    split: dict[str, str] = {}
    for domain in sorted(by_domain):
        split |= _assign(by_domain[domain], shares)
    return split


def _assign(groups: list[list[Row]], shares: Mapping[str, float]) -> dict[str, str]:
    total = sum(map(len, groups))
    filled: Counter[str] = Counter()
    split: dict[str, str] = {}
    for group in sorted(groups, key=_key):
        chosen = max(shares, key=lambda name: total * shares[name] - filled[name])
        filled[chosen] += len(group)
        split |= {row.id: chosen for row in group}
    return split


def _key(group: list[Row]) -> str:
    """By content alone: ids differ from one installation to the next."""
    return digest(sorted({row.family for row in group}), sorted({row.prompt for row in group}))


def _main_domain(group: list[Row]) -> str:
    counted = Counter(row.domain for row in group)
    return min(counted, key=lambda domain: (-counted[domain], domain))


def _groups(rows: list[Row]) -> list[list[Row]]:
    """Rows that are tied by a family or by a prompt, over any number of steps."""
    root = {row.id: row.id for row in rows}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    first: dict[tuple[str, str], str] = {}
    for row in rows:
        for tie in (("family", row.family), ("prompt", row.prompt)):
            if tie[1]:
                root[find(row.id)] = find(first.setdefault(tie, row.id))
    tied: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        tied[find(row.id)].append(row)
    return list(tied.values())
